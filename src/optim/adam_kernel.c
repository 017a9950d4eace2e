#include "optim/adam.h"

static void update(const dla_update_span *span, const dla_update_numbers *numbers, bool decoupled)
{
  float *restrict parameters = span->parameters;
  float *restrict mean = span->state[ADAM_EXP_AVG];
  float *restrict square = span->state[ADAM_EXP_AVG_SQ];
  const float *restrict gradients = span->gradients;
  const adam_step step = adam_step_of(numbers, decoupled);
  const float size = (float)step.size, scale = (float)step.scale, keep = (float)step.keep,
              decay = (float)step.decay_gradient, eps = (float)numbers->value[ADAM_EPS],
              beta1 = (float)numbers->value[ADAM_BETA1], beta2 = (float)numbers->value[ADAM_BETA2],
              rest1 = (float)(1 - numbers->value[ADAM_BETA1]),
              rest2 = (float)(1 - numbers->value[ADAM_BETA2]);
  const size_t count = span->count;
  for (size_t i = 0; i < count; i++) {
    float g = gradients[i] + decay * parameters[i];
    mean[i] = beta1 * mean[i] + rest1 * g;
    square[i] = beta2 * square[i] + rest2 * g * g;
    parameters[i] = keep * parameters[i] - size * mean[i] / (sqrtf(square[i]) * scale + eps);
  }
}

void DLA_KERNEL(adam)(const dla_update_span *span, const dla_update_numbers *numbers)
{
  update(span, numbers, false);
}

void DLA_KERNEL(adamw)(const dla_update_span *span, const dla_update_numbers *numbers)
{
  update(span, numbers, true);
}
