#include "optim/schedule.h"

#include <math.h>

double dla_schedule_lr(const dla_schedule *schedule, double lr, int64_t epoch,
                       int64_t step_in_epoch, int64_t steps_per_epoch)
{
  const double pi = 3.14159265358979323846;
  double within = (double)step_in_epoch / (double)steps_per_epoch;
  double at = (double)epoch + (schedule->interval == DLA_INTERVAL_STEP ? within : 0);
  double rate = lr;
  if (schedule->name == DLA_SCHEDULE_COSINE)
    rate = schedule->eta_min + (lr - schedule->eta_min) * (1 + cos(pi * at / schedule->t_max)) / 2;
  if (schedule->name == DLA_SCHEDULE_STEP)
    rate = lr * pow(schedule->gamma, floor(at / schedule->step_size));
  double warmup = schedule->warmup_epochs * (double)steps_per_epoch;
  double done = (double)epoch * (double)steps_per_epoch + (double)step_in_epoch + 1;
  return warmup > done ? rate * done / warmup : rate;
}
