/* Learning-rate schedules: pure functions of where the run is. */
#ifndef DLA_SCHEDULE_H
#define DLA_SCHEDULE_H

#include <stdint.h>

typedef enum dla_schedule_name {
  DLA_SCHEDULE_COSINE,
  DLA_SCHEDULE_STEP,
  DLA_SCHEDULE_CONSTANT
} dla_schedule_name;

typedef enum dla_interval { DLA_INTERVAL_EPOCH, DLA_INTERVAL_STEP } dla_interval;

typedef struct dla_schedule {
  dla_schedule_name name;
  dla_interval interval; /* the rate changes at every epoch or at every step */
  double t_max;          /* cosine: epochs from lr to eta_min */
  double eta_min;        /* cosine: the lowest rate */
  double step_size;      /* step: epochs between two falls */
  double gamma;          /* step: the factor at each fall */
  double warmup_epochs;  /* the rate rises linearly, step by step, over so many epochs */
} dla_schedule;

/* The rate of step `step_in_epoch` of epoch `epoch` (both from 0), of steps_per_epoch.
 *
 *   cosine    eta_min + (lr - eta_min) (1 + cos(pi e / t_max)) / 2: the closed form of torch's
 *             CosineAnnealingLR; e counts whole epochs, or with interval: step, fractions of them
 *   step      lr gamma^floor(e / step_size): torch's StepLR
 *   constant  lr
 *
 * During the first warmup_epochs it is that times a factor which rises linearly, step by step, to
 * 1. */
double dla_schedule_lr(const dla_schedule *schedule, double lr, int64_t epoch,
                       int64_t step_in_epoch, int64_t steps_per_epoch);

#endif
