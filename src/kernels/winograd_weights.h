#ifndef DLA_KERNELS_WINOGRAD_WEIGHTS_H
#define DLA_KERNELS_WINOGRAD_WEIGHTS_H

#include "kernels/winograd_problem.h"

/* Floats of scratchpad for backward_weights. */
int64_t winograd_gradient_size(const problem *p);

#endif
