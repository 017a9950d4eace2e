/* The result of an evaluation: counts, summed over batches and ranks, and the metrics computed
 * from them. It does not know the network (evaluate.h does). */
#ifndef DLA_EVALUATION_H
#define DLA_EVALUATION_H

#include "dla/dist.h"
#include "dla/status.h"

/* Calibration divides the range of confidence into equal bins, as Guo et al. 2017 (arXiv
 * 1706.04599). DLA_TOP_K: the k of top-k. */
enum { DLA_CALIBRATION_BINS = 15, DLA_TOP_K = 5 };

/* Predictions of similar confidence (the largest probability): in bin m it is above m / 15, up to
 * (m + 1) / 15. */
typedef struct dla_calibration_bin {
  int64_t count, correct;
  double confidence; /* their sum */
} dla_calibration_bin;

typedef struct dla_evaluation {
  int64_t count, correct, top5; /* top5: the label is among the five largest logits */
  double loss;                  /* mean over all samples; before dla_evaluation_finish(), their
                                 * sum */
  int64_t classes;
  int64_t *confusion; /* [label][prediction]; owned */
  dla_calibration_bin bin[DLA_CALIBRATION_BINS];
} dla_evaluation;

/* Scores of one class, or their mean over the classes: each 0 to 1, or NAN if undefined (0 / 0). */
typedef struct dla_class_scores {
  double precision, recall, f1;
  int64_t support; /* samples of the class */
} dla_class_scores;

dla_status dla_evaluation_create(int64_t classes, dla_evaluation *evaluation, dla_error *err);
void dla_evaluation_free(dla_evaluation *evaluation);

/* Adds a batch. logits: [count][classes]; the first of equal ones counts as the largest. loss:
 * the batch's mean. */
void dla_evaluation_add(dla_evaluation *evaluation, const float *logits, const int32_t *labels,
                        size_t count, double loss);
/* Ends the counting: sums the counts of all ranks (collective; NULL: one rank), and makes the
 * loss a mean. */
void dla_evaluation_finish(dla_evaluation *evaluation, dla_dist *dist);

/* The probability of a class by softmax(logits). largest: the class of the largest logit. */
double dla_probability(const float *logits, int64_t classes, int64_t largest, int64_t class);

/* 0 to 1. */
double dla_evaluation_accuracy(const dla_evaluation *evaluation);
/* NAN if there are at most five classes. */
double dla_evaluation_top5(const dla_evaluation *evaluation);
/* Expected calibration error: the mean over all samples of |accuracy - confidence| of their bin. */
double dla_evaluation_ece(const dla_evaluation *evaluation);

dla_class_scores dla_evaluation_class(const dla_evaluation *evaluation, int64_t label);
/* The mean over the classes that occur as a label or as a prediction. An undefined score counts
 * as 0, as in scikit-learn's 'macro'. support: all samples. */
dla_class_scores dla_evaluation_macro(const dla_evaluation *evaluation);

#endif
