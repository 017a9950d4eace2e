#include <math.h>

#include "kernels/kernels.h"

/* The largest logit's place; the first of equals, as torch.argmax on the CPU. */
static int64_t largest(const float *logits, int64_t classes)
{
  int64_t best = 0;
  for (int64_t c = 1; c < classes; c++)
    if (logits[c] > logits[best]) best = c;
  return best;
}

/* log of the sum of exp(logits - top), in double: the loss is exact enough to compare runs by. */
static double log_sum(const float *logits, int64_t classes, float top)
{
  double sum = 0;
  for (int64_t c = 0; c < classes; c++)
    sum += exp((double)logits[c] - top);
  return log(sum);
}

void dla_softmax_cross_entropy(const float *logits, const int32_t *labels, int64_t batch,
                               int64_t classes, float loss[2])
{
  double sum = 0;
  int64_t correct = 0;
  for (int64_t n = 0; n < batch; n++) {
    const float *row = logits + n * classes;
    int64_t best = largest(row, classes);
    sum += log_sum(row, classes, row[best]) - ((double)row[labels[n]] - row[best]);
    correct += best == labels[n];
  }
  loss[0] = (float)(sum / (double)batch);
  loss[1] = (float)correct;
}

void dla_softmax_cross_entropy_backward(const float *logits, const int32_t *labels, int64_t batch,
                                        int64_t classes, double divisor, float *diff_logits)
{
  for (int64_t n = 0; n < batch; n++) {
    const float *row = logits + n * classes;
    float top = row[largest(row, classes)];
    double log_of_sum = log_sum(row, classes, top);
    for (int64_t c = 0; c < classes; c++) {
      double softmax = exp((double)row[c] - top - log_of_sum);
      diff_logits[n * classes + c] = (float)((softmax - (c == labels[n])) / divisor);
    }
  }
}
