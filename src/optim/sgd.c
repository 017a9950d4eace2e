#include <config.h>

#include "optim/rules.h"
#include "optim/sgd.h"

static void reference(const dla_update_span *span, const dla_update_numbers *numbers)
{
  const double *value = numbers->value;
  float *parameters = span->parameters, *momentum = span->state[SGD_MOMENTUM_BUFFER];
  for (size_t k = 0; k < span->count; k++) {
    double gradient = span->gradients[k] + value[SGD_WEIGHT_DECAY] * parameters[k];
    double velocity = value[SGD_MOMENTUM] * momentum[k] + gradient;
    double step = value[SGD_NESTEROV] != 0 ? gradient + value[SGD_MOMENTUM] * velocity : velocity;
    momentum[k] = (float)velocity;
    parameters[k] = (float)(parameters[k] - value[SGD_LR] * step);
  }
}

static dla_status check(const dla_update_numbers *numbers, const char *where, dla_error *err)
{
  if (numbers->value[SGD_NESTEROV] == 0 || numbers->value[SGD_MOMENTUM] > 0) return DLA_OK;
  return dla_fail(err, DLA_E_INPUT, where, "set optimizer.momentum, or nesterov to false",
                  "optimizer.nesterov: needs a momentum above 0");
}

const dla_optimizer dla_optimizer_sgd = {
    .name = "sgd",
    .number = {[SGD_LR] = {"lr", 0.1, false},
               [SGD_MOMENTUM] = {"momentum", 0.9, false},
               [SGD_WEIGHT_DECAY] = {"weight_decay", 5e-4, false},
               [SGD_NESTEROV] = {"nesterov", 0, true}},
    .state = {[SGD_MOMENTUM_BUFFER] = {"momentum", "momentum_buffer"}},
    /* The options of PyTorch 1.13; later versions add their own defaults. */
    .torch_group = {{"lr", DLA_TORCH_NUMBER},
                    {"momentum", DLA_TORCH_NUMBER},
                    {"weight_decay", DLA_TORCH_NUMBER},
                    {"dampening", DLA_TORCH_ZERO},
                    {"nesterov", DLA_TORCH_NUMBER},
                    {"maximize", DLA_TORCH_FALSE},
                    {"foreach", DLA_TORCH_NONE},
                    {"differentiable", DLA_TORCH_FALSE}},
    .reference = reference,
    .kernel = DLA_KERNELS(sgd),
    .check = check,
};
