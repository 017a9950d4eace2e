#include "optim/lion.h"

void DLA_KERNEL(lion)(const dla_update_span *span, const dla_update_numbers *numbers)
{
  float *restrict parameters = span->parameters;
  float *restrict mean = span->state[LION_EXP_AVG];
  const float *restrict gradients = span->gradients;
  const double *value = numbers->value;
  const float lr = (float)value[LION_LR], beta1 = (float)value[LION_BETA1],
              beta2 = (float)value[LION_BETA2], rest1 = (float)(1 - value[LION_BETA1]),
              rest2 = (float)(1 - value[LION_BETA2]),
              keep = (float)(1 - value[LION_LR] * value[LION_WEIGHT_DECAY]);
  const size_t count = span->count;
  for (size_t i = 0; i < count; i++) {
    float direction = beta1 * mean[i] + rest1 * gradients[i];
    /* A NaN has no sign and stays a NaN. */
    float sign = direction > 0 ? 1.0f : direction < 0 ? -1.0f : direction;
    parameters[i] = keep * parameters[i] - lr * sign;
    mean[i] = beta2 * mean[i] + rest2 * gradients[i];
  }
}
