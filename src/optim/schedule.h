/* Learning-rate schedules: pure functions of the progress of the run. */
#ifndef DLA_SCHEDULE_H
#define DLA_SCHEDULE_H

#include <stdint.h>

typedef enum dla_schedule_name {
  DLA_SCHEDULE_COSINE,
  DLA_SCHEDULE_STEP,
  DLA_SCHEDULE_CONSTANT,
  DLA_SCHEDULE_EXPONENTIAL,
  DLA_SCHEDULE_POLYNOMIAL,
  DLA_SCHEDULE_ONE_CYCLE,
  DLA_SCHEDULE_TRIANGLE,
  DLA_SCHEDULE_PLATEAU
} dla_schedule_name;

typedef enum dla_interval { DLA_INTERVAL_EPOCH, DLA_INTERVAL_STEP } dla_interval;

typedef struct dla_schedule {
  dla_schedule_name name;
  dla_interval interval;   /* the rate changes at every epoch or at every step */
  double t_max;            /* epochs until the rate is down; cosine, polynomial, one_cycle,
                            * triangle */
  double eta_min;          /* the lowest rate; cosine, triangle, plateau */
  double step_size;        /* step: epochs between two falls */
  double gamma;            /* factor; step, plateau: at each fall; exponential: for each epoch */
  int64_t patience;        /* plateau: epochs without a lower test loss before the rate falls */
  double power;            /* polynomial */
  double pct_start;        /* part of t_max until the highest rate; one_cycle, triangle */
  double div_factor;       /* one_cycle: lr over the first rate */
  double final_div_factor; /* one_cycle: the first rate over the last */
  double warmup_epochs;    /* the rate rises linearly, step by step, over so many epochs */
} dla_schedule;

/* The rate of step `step_in_epoch` of epoch `epoch` (both from 0), of steps_per_epoch.
 *
 *   cosine    eta_min + (lr - eta_min) (1 + cos(pi e / t_max)) / 2: the closed form of torch's
 *             CosineAnnealingLR; e counts whole epochs, or with interval: step, fractions of them
 *   step      lr gamma^floor(e / step_size): torch's StepLR
 *   constant  lr
 *   exponential  lr gamma^e: torch's ExponentialLR
 *   polynomial   lr (1 - e / t_max)^power, then 0: torch's PolynomialLR
 *   one_cycle    torch's OneCycleLR, whose max_lr is lr: up from lr / div_factor by a cosine over
 *                pct_start of all steps, then down to the first rate / final_div_factor
 *   triangle     up from 0 to lr and down to eta_min, both linearly
 *   plateau   lr, which is to be dla_plateau_lr()'s
 *
 * e is at least 0 and, where something ends at t_max, goes no further. one_cycle and triangle
 * change at every step, whatever the interval is.
 *
 * During the first warmup_epochs it is that times a factor which rises linearly, step by step, to
 * 1. */
double dla_schedule_lr(const dla_schedule *schedule, double lr, int64_t epoch,
                       int64_t step_in_epoch, int64_t steps_per_epoch);

#endif
