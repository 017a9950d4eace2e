#include <config.h>

#include "optim/lion.h"

static void reference(const dla_update_span *span, const dla_update_numbers *numbers)
{
  const double *value = numbers->value;
  float *parameters = span->parameters, *mean = span->state[LION_EXP_AVG];
  for (size_t k = 0; k < span->count; k++) {
    double g = span->gradients[k];
    double direction = value[LION_BETA1] * mean[k] + (1 - value[LION_BETA1]) * g;
    double sign = direction > 0 ? 1 : direction < 0 ? -1 : direction;
    parameters[k] = (float)((1 - value[LION_LR] * value[LION_WEIGHT_DECAY]) * parameters[k] -
                            value[LION_LR] * sign);
    mean[k] = (float)(value[LION_BETA2] * mean[k] + (1 - value[LION_BETA2]) * g);
  }
}

const dla_optimizer dla_optimizer_lion = {
    .name = "lion",
    .number = {[LION_LR] = {"lr", 1e-4, false},
               [LION_BETA1] = {"beta1", 0.9, false},
               [LION_BETA2] = {"beta2", 0.99, false},
               [LION_WEIGHT_DECAY] = {"weight_decay", 0, false}},
    .state = {[LION_EXP_AVG] = {"exp_avg", "exp_avg"}},
    .torch_group = {{"lr", DLA_TORCH_NUMBER},
                    {"betas", DLA_TORCH_BETAS},
                    {"weight_decay", DLA_TORCH_NUMBER}},
    .reference = reference,
    .kernel = DLA_KERNELS(lion),
};
