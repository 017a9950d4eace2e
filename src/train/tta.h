/* Test-time augmentation: the logits of an image are the weighted mean over views of it. */
#ifndef DLA_TTA_H
#define DLA_TTA_H

#include "config/config.h"
#include "dla/loader.h"
#include "dla/network.h"

/* Evaluates a batch. logits: [count][classes]. loss: the mean cross entropy of these logits.
 *
 *   none        the image: the logits and the loss are dla_network_evaluate()'s
 *   mirror      the image and its mirror image, 1/2 each
 *   multi_crop  these, 1/4 each, and 1/8 each two crops of the image with a border of one reflected
 *               pixel, its upper left and its lower right one, and their mirror images:
 * airbench94's (Jordan 2024, arXiv 2404.00498, and infer_mirror_translate() of its program) */
dla_status dla_tta_evaluate(dla_network *network, dla_tta tta, const dla_batch *batch,
                            float *logits, double *loss, dla_error *err);

#endif
