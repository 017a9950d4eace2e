#include "train/evaluation.h"

#include <math.h>
#include <stdlib.h>

#include "kernels/kernels.h"

dla_status dla_evaluation_create(int64_t classes, dla_evaluation *evaluation, dla_error *err)
{
  *evaluation = (dla_evaluation){.classes = classes};
  evaluation->confusion = calloc((size_t)(classes * classes), sizeof *evaluation->confusion);
  return evaluation->confusion ? DLA_OK : dla_fail_memory(err, "the confusion matrix");
}

void dla_evaluation_free(dla_evaluation *evaluation)
{
  free(evaluation->confusion);
  evaluation->confusion = NULL;
}

/* ---- Counting ---- */

/* The number of classes that rank above the label. NaN ranks above everything, so that a NaN
 * never counts as right. */
static int64_t rank_of(const float *logits, int64_t classes, int64_t label)
{
  int64_t before = 0;
  for (int64_t c = 0; c < classes; c++)
    before += !(logits[label] > logits[c] || (logits[label] == logits[c] && label <= c));
  return before;
}

double dla_probability(const float *logits, int64_t classes, int64_t largest, int64_t class)
{
  double sum = 0;
  for (int64_t c = 0; c < classes; c++)
    sum += exp((double)logits[c] - (double)logits[largest]);
  return exp((double)logits[class] - (double)logits[largest]) / sum;
}

/* NaN goes to the first bin and makes its sum NaN. */
static void add_to_bin(dla_evaluation *e, double confidence, bool correct)
{
  int m = confidence > 0 ? (int)ceil(confidence * DLA_CALIBRATION_BINS) - 1 : 0;
  dla_calibration_bin *bin = &e->bin[m];
  bin->count++;
  bin->correct += correct;
  bin->confidence += confidence;
}

void dla_evaluation_add(dla_evaluation *e, const float *logits, const int32_t *labels, size_t count,
                        double loss)
{
  for (size_t n = 0; n < count; n++, logits += e->classes) {
    const int64_t label = labels[n], best = dla_largest(logits, e->classes);
    e->confusion[label * e->classes + best]++;
    e->correct += best == label;
    e->top5 += rank_of(logits, e->classes, label) < DLA_TOP_K;
    add_to_bin(e, dla_probability(logits, e->classes, best, best), best == label);
  }
  e->count += (int64_t)count;
  e->loss += loss * (double)count;
}

static void sum_bins(dla_evaluation *e, dla_dist *dist)
{
  int64_t counts[2 * DLA_CALIBRATION_BINS];
  double confidence[DLA_CALIBRATION_BINS];
  for (int m = 0; m < DLA_CALIBRATION_BINS; m++) {
    counts[2 * m] = e->bin[m].count;
    counts[2 * m + 1] = e->bin[m].correct;
    confidence[m] = e->bin[m].confidence;
  }
  dla_dist_sum_integers(dist, counts, 2 * DLA_CALIBRATION_BINS);
  dla_dist_sum(dist, confidence, DLA_CALIBRATION_BINS);
  for (int m = 0; m < DLA_CALIBRATION_BINS; m++)
    e->bin[m] = (dla_calibration_bin){counts[2 * m], counts[2 * m + 1], confidence[m]};
}

void dla_evaluation_finish(dla_evaluation *e, dla_dist *dist)
{
  int64_t counts[] = {e->count, e->correct, e->top5};
  dla_dist_sum_integers(dist, counts, sizeof counts / sizeof *counts);
  e->count = counts[0];
  e->correct = counts[1];
  e->top5 = counts[2];
  dla_dist_sum(dist, &e->loss, 1);
  dla_dist_sum_integers(dist, e->confusion, (size_t)(e->classes * e->classes));
  sum_bins(e, dist);
  if (e->count) e->loss /= (double)e->count;
}

/* ---- Results ---- */

double dla_evaluation_accuracy(const dla_evaluation *e)
{
  return e->count ? (double)e->correct / (double)e->count : 0;
}

double dla_evaluation_top5(const dla_evaluation *e)
{
  return e->count && e->classes > DLA_TOP_K ? (double)e->top5 / (double)e->count : NAN;
}

double dla_evaluation_ece(const dla_evaluation *e)
{
  double sum = 0;
  for (int m = 0; m < DLA_CALIBRATION_BINS; m++)
    sum += fabs((double)e->bin[m].correct - e->bin[m].confidence);
  return e->count ? sum / (double)e->count : NAN;
}

static double share(int64_t part, int64_t whole)
{
  return whole ? (double)part / (double)whole : NAN;
}

static int64_t predicted(const dla_evaluation *e, int64_t class)
{
  int64_t count = 0;
  for (int64_t label = 0; label < e->classes; label++)
    count += e->confusion[label * e->classes + class];
  return count;
}

dla_class_scores dla_evaluation_class(const dla_evaluation *e, int64_t label)
{
  const int64_t right = e->confusion[label * e->classes + label], taken = predicted(e, label);
  int64_t support = 0;
  for (int64_t c = 0; c < e->classes; c++)
    support += e->confusion[label * e->classes + c];
  return (dla_class_scores){share(right, taken), share(right, support),
                            share(2 * right, taken + support), support};
}

dla_class_scores dla_evaluation_macro(const dla_evaluation *e)
{
  dla_class_scores mean = {.support = e->count};
  int64_t occur = 0;
  for (int64_t c = 0; c < e->classes; c++) {
    const dla_class_scores s = dla_evaluation_class(e, c);
    if (isnan(s.f1)) continue; /* occurs neither as a label nor as a prediction */
    occur++;
    mean.precision += isnan(s.precision) ? 0 : s.precision;
    mean.recall += isnan(s.recall) ? 0 : s.recall;
    mean.f1 += s.f1;
  }
  mean.precision /= (double)occur; /* no samples: 0 / 0 is NAN */
  mean.recall /= (double)occur;
  mean.f1 /= (double)occur;
  return mean;
}
