/* https://pytorch.org/docs/stable/generated/torch.optim.SGD.html with dampening 0. A momentum
 * buffer that starts at zero equals PyTorch's, which starts as the first gradient. */
#ifndef DLA_OPTIM_SGD_H
#define DLA_OPTIM_SGD_H

#include "optim/rules.h"

DLA_DECLARE_KERNELS(sgd);

/* Indices of its numbers, and of its state. */
enum { SGD_LR, SGD_MOMENTUM, SGD_WEIGHT_DECAY, SGD_NESTEROV };
enum { SGD_MOMENTUM_BUFFER };

#endif
