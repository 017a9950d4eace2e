/* Adam (Kingma and Ba, 2015) and AdamW (Loshchilov and Hutter, 2019), as
 * https://pytorch.org/docs/stable/generated/torch.optim.Adam.html and AdamW.html have them, without
 * amsgrad. They differ in the weight decay: Adam adds it to the gradient, AdamW takes it from the
 * parameter. */
#ifndef DLA_OPTIM_ADAM_H
#define DLA_OPTIM_ADAM_H

#include <math.h>

#include "optim/rules.h"

DLA_DECLARE_KERNELS(adam);
DLA_DECLARE_KERNELS(adamw);

/* The places of their numbers, and of their state. */
enum { ADAM_LR, ADAM_BETA1, ADAM_BETA2, ADAM_EPS, ADAM_WEIGHT_DECAY };
enum { ADAM_EXP_AVG, ADAM_EXP_AVG_SQ };

/* What a step needs, computed once: the averages begin at zero, and are corrected for that. */
typedef struct adam_step {
  double size;           /* lr / (1 - beta1^step) */
  double scale;          /* 1 / sqrt(1 - beta2^step), of the root of the squares' average */
  double decay_gradient; /* times the parameter, added to its gradient */
  double keep;           /* of the parameter */
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
