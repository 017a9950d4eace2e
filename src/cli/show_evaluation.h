/* An evaluation for people. */
#ifndef DLA_CLI_SHOW_EVALUATION_H
#define DLA_CLI_SHOW_EVALUATION_H

#include "base/strbuf.h"
#include "dla/dataset.h"
#include "train/evaluate.h"

/* The class's name, or its number where the data set names none. */
void dla_show_class_name(const dla_dataset *dataset, int64_t index, char name[32]);
/* Accuracy and loss; of each class its accuracy; the pairs of classes that are taken for one
 * another most often. */
void dla_show_evaluation(dla_strbuf *out, const dla_evaluation *evaluation,
                         const dla_dataset *dataset);
/* What there is to say of it: top-5 accuracy, calibration, and of each class precision, recall and
 * F1 ("-": a share of none), instead of its accuracy alone. */
void dla_show_scores(dla_strbuf *out, const dla_evaluation *evaluation, const dla_dataset *dataset);
/* The whole confusion matrix, a row a label. */
void dla_show_confusion(dla_strbuf *out, const dla_evaluation *evaluation,
                        const dla_dataset *dataset);

#endif
