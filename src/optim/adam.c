#include <config.h>
#include <string.h>

#include "optim/adam.h"

static void update(const dla_update_span *span, const dla_update_numbers *numbers, bool decoupled)
{
  const double *value = numbers->value;
  const adam_step step = adam_step_of(numbers, decoupled);
  float *parameters = span->parameters, *mean = span->state[ADAM_EXP_AVG],
        *square = span->state[ADAM_EXP_AVG_SQ];
  for (size_t k = 0; k < span->count; k++) {
    double g = span->gradients[k] + step.decay_gradient * parameters[k];
    double m = value[ADAM_BETA1] * mean[k] + (1 - value[ADAM_BETA1]) * g;
    double v = value[ADAM_BETA2] * square[k] + (1 - value[ADAM_BETA2]) * g * g;
    mean[k] = (float)m;
    square[k] = (float)v;
    parameters[k] = (float)(step.keep * parameters[k] -
                            step.size * m / (sqrt(v) * step.scale + value[ADAM_EPS]));
  }
}

static void adam_reference(const dla_update_span *span, const dla_update_numbers *numbers)
{
  update(span, numbers, false);
}

static void adamw_reference(const dla_update_span *span, const dla_update_numbers *numbers)
{
  update(span, numbers, true);
}

/* The options of PyTorch 1.13; later versions add their own defaults. */
#define ADAM_GROUP                                                                                 \
  {                                                                                                \
    {"lr", DLA_TORCH_NUMBER}, {"betas", DLA_TORCH_BETAS}, {"eps", DLA_TORCH_NUMBER},               \
        {"weight_decay", DLA_TORCH_NUMBER}, {"amsgrad", DLA_TORCH_FALSE},                          \
        {"maximize", DLA_TORCH_FALSE}, {"foreach", DLA_TORCH_NONE},                                \
        {"capturable", DLA_TORCH_FALSE}, {"differentiable", DLA_TORCH_FALSE},                      \
        {"fused", DLA_TORCH_NONE},                                                                 \
  }
#define ADAM_STATE                                                                                 \
  {                                                                                                \
    [ADAM_EXP_AVG] = {"exp_avg", "exp_avg"}, [ADAM_EXP_AVG_SQ] = { "exp_avg_sq", "exp_avg_sq" }    \
  }
#define ADAM_NUMBERS(decay)                                                                        \
  {                                                                                                \
    [ADAM_LR] = {"lr", 1e-3, false}, [ADAM_BETA1] = {"beta1", 0.9, false},                         \
    [ADAM_BETA2] = {"beta2", 0.999, false}, [ADAM_EPS] = {"eps", 1e-8, false},                     \
    [ADAM_WEIGHT_DECAY] = {                                                                        \
      "weight_decay",                                                                              \
      decay,                                                                                       \
      false                                                                                        \
    }                                                                                              \
  }

static int device_numbers(const dla_update_numbers *numbers, bool decoupled, double *taken)
{
  const double *value = numbers->value;
  const adam_step step = adam_step_of(numbers, decoupled);
  const double all[] = {step.size,
                        step.scale,
                        step.decay_gradient,
                        step.keep,
                        value[ADAM_EPS],
                        value[ADAM_BETA1],
                        value[ADAM_BETA2],
                        1 - value[ADAM_BETA1],
                        1 - value[ADAM_BETA2]};
  memcpy(taken, all, sizeof all);
  return (int)(sizeof all / sizeof *all);
}

static int adam_device_numbers(const dla_update_numbers *numbers, double *taken)
{
  return device_numbers(numbers, false, taken);
}

static int adamw_device_numbers(const dla_update_numbers *numbers, double *taken)
{
  return device_numbers(numbers, true, taken);
}

const dla_optimizer dla_optimizer_adam = {
    .name = "adam",
    .number = ADAM_NUMBERS(0),
    .state = ADAM_STATE,
    .torch_group = ADAM_GROUP,
    .torch_step = true,
    .reference = adam_reference,
    .kernel = DLA_KERNELS(adam),
    .device_kernel = "adam",
    .device_numbers = adam_device_numbers,
};

const dla_optimizer dla_optimizer_adamw = {
    .name = "adamw",
    .number = ADAM_NUMBERS(0.01),
    .state = ADAM_STATE,
    .torch_group = ADAM_GROUP,
    .torch_step = true,
    .reference = adamw_reference,
    .kernel = DLA_KERNELS(adamw),
    .device_kernel = "adam",
    .device_numbers = adamw_device_numbers,
};
