/* Adam (Kingma and Ba, 2015) and AdamW (Loshchilov and Hutter, 2019), as in
 * https://pytorch.org/docs/stable/generated/torch.optim.Adam.html and AdamW.html, without amsgrad.
 * They differ in the weight decay: Adam adds it to the gradient, AdamW subtracts it from the
 * parameter. */
#ifndef DLA_OPTIM_ADAM_H
#define DLA_OPTIM_ADAM_H

#include <math.h>

#include "optim/rules.h"

DLA_DECLARE_KERNELS(adam);
DLA_DECLARE_KERNELS(adamw);

/* Indices of their numbers, and of their state. */
enum { ADAM_LR, ADAM_BETA1, ADAM_BETA2, ADAM_EPS, ADAM_WEIGHT_DECAY };
enum { ADAM_EXP_AVG, ADAM_EXP_AVG_SQ };

/* The numbers of a step, computed once. They also correct for averages that begin at zero. */
typedef struct adam_step {
  double size;           /* lr / (1 - beta1^step) */
  double scale;          /* 1 / sqrt(1 - beta2^step), for the root of the squares' average */
  double decay_gradient; /* this times the parameter is added to its gradient */
  double keep;           /* this part of the parameter stays */
} adam_step;

static inline adam_step adam_step_of(const dla_update_numbers *numbers, bool decoupled)
{
  const double *value = numbers->value, step = numbers->step < 1 ? 1 : (double)numbers->step;
  return (adam_step){.size = value[ADAM_LR] / (1 - pow(value[ADAM_BETA1], step)),
                     .scale = 1 / sqrt(1 - pow(value[ADAM_BETA2], step)),
                     .decay_gradient = decoupled ? 0 : value[ADAM_WEIGHT_DECAY],
                     .keep = decoupled ? 1 - value[ADAM_LR] * value[ADAM_WEIGHT_DECAY] : 1};
}

#endif
