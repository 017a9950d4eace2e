/* softmax_cross_entropy: the mean over the batch of log(sum exp(logits)) - logits[label], and how
 * often the label's logit is the largest. Its gradient is (softmax(logits) - onehot(label)) / N. */
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

/* The first of the largest, as torch.max. */
static int64_t prediction(const float *logits, int64_t classes)
{
  int64_t best = 0;
  for (int64_t k = 1; k < classes; k++)
    if (logits[k] > logits[best]) best = k;
  return best;
}

static void forward(const float *logits, const int32_t *labels, int64_t batch, int64_t classes,
                    float *loss)
{
  double sum = 0;
  int64_t right = 0;
  for (int64_t n = 0; n < batch; n++, logits += classes) {
    sum += log_sum_exp(logits, classes) - logits[labels[n]];
    right += prediction(logits, classes) == labels[n];
  }
  loss[0] = (float)(sum / (double)batch);
  loss[1] = (float)right;
}

static void backward(const float *logits, const int32_t *labels, int64_t batch, int64_t classes,
                     double divisor, float *diff_logits)
{
  for (int64_t n = 0; n < batch; n++, logits += classes, diff_logits += classes) {
    double scale = log_sum_exp(logits, classes);
    for (int64_t k = 0; k < classes; k++)
      diff_logits[k] = (float)((exp(logits[k] - scale) - (k == labels[n])) / divisor);
  }
}

void reference_softmax_cross_entropy(const dla_program *program, const dla_instruction *i)
{
  const dla_value *logits = dla_program_arg(program, i, DLA_ARG_SRC);
  const int32_t *labels = dla_program_arg(program, i, DLA_ARG_LABELS)->data;
  int64_t batch = logits->shape.dim[0], classes = logits->shape.dim[1];
  if (i->pass == DLA_PASS_FORWARD)
    forward(logits->data, labels, batch, classes, backend_data(program, i, DLA_ARG_DST));
  else
    backward(logits->data, labels, batch, classes, dla_program_loss_divisor(program),
             backend_data(program, i, DLA_ARG_DIFF_SRC));
}
