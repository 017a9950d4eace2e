/* Evaluation of a network on a whole split. */
#ifndef DLA_EVALUATE_H
#define DLA_EVALUATE_H

#include "dla/dist.h"
#include "dla/loader.h"
#include "dla/network.h"
#include "train/evaluation.h"
#include "train/mistakes.h"
#include "train/tta.h"

/* Asked after every batch whether to stop. requested may be NULL: never. */
typedef struct dla_stop {
  bool (*requested)(void *context);
  void *context;
} dla_stop;

bool dla_stop_requested(const dla_stop *stop);

/* Runs the loader's epoch 0 through the network, each rank its share. The result covers all
 * ranks, with rank 0's running statistics. Free it with dla_evaluation_free(). DLA_E_INTERRUPTED:
 * it was stopped, and there is no result. stop may be NULL. mistakes, if not NULL, receives those
 * of this rank's share. */
dla_status dla_evaluate(dla_network *network, dla_loader *loader, dla_tta tta, dla_dist *dist,
                        const dla_stop *stop, dla_evaluation *evaluation, dla_mistakes *mistakes,
                        dla_error *err);

#endif
