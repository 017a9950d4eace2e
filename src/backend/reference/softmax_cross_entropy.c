/* softmax_cross_entropy: the mean over the batch of log(sum exp(logits)) - sum target logits, and
 * the number of samples whose label has the largest logit. The gradient is (softmax(logits) -
 * target) / N. The target t is onehot(label), or lambda onehot(label) + (1 - lambda)
 * onehot(partner). With label smoothing s it is (1 - s) t + s / classes. */
#include <math.h>

#include "backend/reference/reference.h"

/* log(sum exp(logits)), shifted by the largest so that nothing overflows. */
static double log_sum_exp(const float *logits, int64_t classes)
{
  double largest = logits[0], sum = 0;
  for (int64_t k = 1; k < classes; k++)
    if (logits[k] > largest) largest = logits[k];
  for (int64_t k = 0; k < classes; k++)
    sum += exp(logits[k] - largest);
  return largest + log(sum);
}

/* The first of the largest, as in torch.max. */
static int64_t prediction(const float *logits, int64_t classes)
{
  int64_t best = 0;
  for (int64_t k = 1; k < classes; k++)
    if (logits[k] > logits[best]) best = k;
  return best;
}

typedef struct loss {
  const int32_t *labels, *partners; /* partners NULL: none */
  int64_t batch, classes;
  double smoothing, lambda;
} loss;

static double target(const loss *l, int64_t sample, int64_t class)
{
  double label = class == l->labels[sample] ? l->lambda : 0;
  if (l->partners && class == l->partners[sample]) label += 1 - l->lambda;
  return (1 - l->smoothing) * label + l->smoothing / (double)l->classes;
}

/* The logit of a class with target zero may be infinite; 0 * infinity would be NaN. */
static double score(const loss *l, int64_t sample, const float *logits)
{
  double sum = 0;
  for (int64_t k = 0; k < l->classes; k++)
    if (target(l, sample, k) > 0) sum += target(l, sample, k) * logits[k];
  return sum;
}

static void forward(const loss *l, const float *logits, float *result)
{
  double sum = 0;
  int64_t right = 0;
  for (int64_t n = 0; n < l->batch; n++, logits += l->classes) {
    sum += log_sum_exp(logits, l->classes) - score(l, n, logits);
    right += prediction(logits, l->classes) == l->labels[n];
  }
  result[0] = (float)(sum / (double)l->batch);
  result[1] = (float)right;
}

static void backward(const loss *l, const float *logits, double divisor, float *diff_logits)
{
  for (int64_t n = 0; n < l->batch; n++, logits += l->classes, diff_logits += l->classes) {
    double scale = log_sum_exp(logits, l->classes);
    for (int64_t k = 0; k < l->classes; k++)
      diff_logits[k] = (float)((exp(logits[k] - scale) - target(l, n, k)) / divisor);
  }
}

void reference_softmax_cross_entropy(const dla_program *program, const dla_instruction *i)
{
  const dla_value *logits = dla_program_arg(program, i, DLA_ARG_SRC);
  const dla_value *partners = dla_program_arg(program, i, DLA_ARG_PARTNERS);
  const loss l = {.labels = dla_program_arg(program, i, DLA_ARG_LABELS)->data,
                  .partners = partners ? partners->data : NULL,
                  .lambda = program->lambda,
                  .batch = logits->shape.dim[0],
                  .classes = logits->shape.dim[1],
                  .smoothing = i->attr[DLA_ATTR_LABEL_SMOOTHING]};
  if (i->pass == DLA_PASS_FORWARD)
    forward(&l, logits->data, backend_data(program, i, DLA_ARG_DST));
  else
    backward(&l, logits->data, dla_program_loss_divisor(program),
             backend_data(program, i, DLA_ARG_DIFF_SRC));
}
