#include <math.h>

#include "kernels/kernels.h"

int64_t dla_largest(const float *logits, int64_t classes)
{
  int64_t best = 0;
  for (int64_t c = 1; c < classes; c++)
    if (logits[c] > logits[best]) best = c;
  return best;
}

/* log of the sum of exp(logits - top). In double, so that the loss is exact enough to compare
 * runs. */
static double log_sum(const float *logits, int64_t classes, float top)
{
  double sum = 0;
  for (int64_t c = 0; c < classes; c++)
    sum += exp((double)logits[c] - top);
  return log(sum);
}

static double mean_below(const float *logits, int64_t classes, float top)
{
  double sum = 0;
  for (int64_t c = 0; c < classes; c++)
    sum += (double)logits[c] - top;
  return sum / (double)classes;
}

/* The share of the sample's own label in the target. */
static double own_part(const dla_targets *t)
{
  return t->partners ? t->lambda : 1;
}

void dla_softmax_cross_entropy(const float *logits, const dla_targets *t, float loss[2])
{
  const double own = own_part(t);
  double sum = 0;
  int64_t correct = 0;
  for (int64_t n = 0; n < t->batch; n++) {
    const float *row = logits + n * t->classes;
    int64_t best = dla_largest(row, t->classes);
    double target = own * ((double)row[t->labels[n]] - row[best]);
    if (t->partners) target += (1 - own) * ((double)row[t->partners[n]] - row[best]);
    if (t->smoothing > 0)
      target += t->smoothing * (mean_below(row, t->classes, row[best]) - target);
    sum += log_sum(row, t->classes, row[best]) - target;
    correct += best == t->labels[n];
  }
  loss[0] = (float)(sum / (double)t->batch);
  loss[1] = (float)correct;
}

void dla_softmax_cross_entropy_backward(const float *logits, const dla_targets *t, double divisor,
                                        float *diff_logits)
{
  const double all = t->smoothing / (double)t->classes;
  const double own = own_part(t) * (1 - t->smoothing), rest = 1 - t->smoothing - own;
  for (int64_t n = 0; n < t->batch; n++) {
    const float *row = logits + n * t->classes;
    float top = row[dla_largest(row, t->classes)];
    double log_of_sum = log_sum(row, t->classes, top);
    for (int64_t c = 0; c < t->classes; c++) {
      double softmax = exp((double)row[c] - top - log_of_sum);
      double target = (c == t->labels[n] ? own : 0) + all;
      if (t->partners && c == t->partners[n]) target += rest;
      diff_logits[n * t->classes + c] = (float)((softmax - target) / divisor);
    }
  }
}
