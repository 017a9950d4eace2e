/* Successive halving (Jamieson and Talwalkar, AISTATS 2016), with the factor eta of Hyperband (Li
 * et al., JMLR 18, 2018): all trials train a few epochs, the best 1/eta of them train eta times
 * as many, and so on. */
#ifndef DLA_SWEEP_HALVING_H
#define DLA_SWEEP_HALVING_H

#include "sweep/sweep.h"

/* The number of rungs; 1 for other methods, which train all trials to the end. */
int dla_sweep_rungs(const dla_sweep *sweep);

/* Epochs at the end of a rung (from 0); those of the last rung are max_epochs. */
int64_t dla_sweep_rung_epochs(const dla_sweep *sweep, int rung);

/* The number of trials in a rung, if `count` trials were started. */
size_t dla_sweep_rung_trials(const dla_sweep *sweep, int rung, size_t count);

#endif
