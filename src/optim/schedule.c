#include "optim/schedule.h"

#include <math.h>

double dla_schedule_lr(const dla_config *config, int64_t epoch, int64_t step_in_epoch,
                       int64_t steps_per_epoch)
{
  const double pi = 3.14159265358979323846;
  double lr = config->optimizer.lr, within = (double)step_in_epoch / (double)steps_per_epoch;
  double at = (double)epoch + (config->schedule.interval == DLA_INTERVAL_STEP ? within : 0);
  double rate = lr;
  if (config->schedule.name == DLA_SCHEDULE_COSINE)
    rate = config->schedule.eta_min +
           (lr - config->schedule.eta_min) * (1 + cos(pi * at / config->schedule.t_max)) / 2;
  if (config->schedule.name == DLA_SCHEDULE_STEP)
    rate = lr * pow(config->schedule.gamma, floor(at / config->schedule.step_size));
  double warmup = config->schedule.warmup_epochs * (double)steps_per_epoch;
  double done = (double)epoch * (double)steps_per_epoch + (double)step_in_epoch + 1;
  return warmup > done ? rate * done / warmup : rate;
}
