/* Learning-rate schedules: pure functions of where the run is. */
#ifndef DLA_SCHEDULE_H
#define DLA_SCHEDULE_H

#include <stdint.h>

#include "config/config.h"

/* The rate of step `step_in_epoch` of epoch `epoch` (both from 0), of steps_per_epoch.
 *   cosine:   eta_min + (lr - eta_min) (1 + cos(pi e / t_max)) / 2   [torch CosineAnnealingLR,
 * whose recurrence has this closed form]; e counts whole epochs, or with interval: step, fractions
 * of them step:     lr gamma^floor(e / step_size)                          [torch StepLR] constant:
 * lr During the first warmup_epochs the rate is that times a factor which rises linearly, step by
 * step, to 1. */
double dla_schedule_lr(const dla_config *config, int64_t epoch, int64_t step_in_epoch,
                       int64_t steps_per_epoch);

#endif
