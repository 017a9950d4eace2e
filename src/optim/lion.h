/* Lion (Chen et al., "Symbolic Discovery of Optimization Algorithms", 2023, algorithm 2). PyTorch
 * has no Lion; the names are those of the authors' implementation for it. */
#ifndef DLA_OPTIM_LION_H
#define DLA_OPTIM_LION_H

#include "optim/rules.h"

DLA_DECLARE_KERNELS(lion);

/* Indices of its numbers, and of its state. */
enum { LION_LR, LION_BETA1, LION_BETA2, LION_WEIGHT_DECAY };
enum { LION_EXP_AVG };

#endif
