#include "optim/sgd.h"

void DLA_KERNEL(sgd)(const dla_update_span *span, const dla_update_numbers *numbers)
{
  float *restrict parameters = span->parameters;
  float *restrict momentum = span->state[SGD_MOMENTUM_BUFFER];
  const float *restrict gradients = span->gradients;
  const float lr = (float)numbers->value[SGD_LR], keep = (float)numbers->value[SGD_MOMENTUM],
              decay = (float)numbers->value[SGD_WEIGHT_DECAY];
  const size_t count = span->count;
  if (numbers->value[SGD_NESTEROV] != 0)
    for (size_t i = 0; i < count; i++) {
      float g = gradients[i] + decay * parameters[i];
      momentum[i] = keep * momentum[i] + g;
      parameters[i] -= lr * (g + keep * momentum[i]);
    }
  else
    for (size_t i = 0; i < count; i++) {
      float g = gradients[i] + decay * parameters[i];
      momentum[i] = keep * momentum[i] + g;
      parameters[i] -= lr * momentum[i];
    }
}
