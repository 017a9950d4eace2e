/* Prints an evaluation for people. */
#ifndef DLA_CLI_SHOW_EVALUATION_H
#define DLA_CLI_SHOW_EVALUATION_H

#include "base/strbuf.h"
#include "dla/dataset.h"
#include "train/evaluate.h"

/* The class's name, or its number if the data set has no names. */
void dla_show_class_name(const dla_dataset *dataset, int64_t index, char name[32]);
/* Accuracy and loss; the accuracy of each class; the pairs of classes that are confused most. */
void dla_show_evaluation(dla_strbuf *out, const dla_evaluation *evaluation,
                         const dla_dataset *dataset);
/* Top-5 accuracy, calibration, and precision, recall and F1 of each class ("-": there is nothing to
 * divide by). */
void dla_show_scores(dla_strbuf *out, const dla_evaluation *evaluation, const dla_dataset *dataset);
/* The whole confusion matrix; a row for each label. */
void dla_show_confusion(dla_strbuf *out, const dla_evaluation *evaluation,
                        const dla_dataset *dataset);

#endif
