#include "optim/schedule.h"

#include <math.h>

/* Half a cosine wave, from one rate to another. */
static double wave(double from, double to, double at, double length)
{
  const double pi = 3.14159265358979323846;
  return to + (from - to) * (1 + cos(pi * at / length)) / 2;
}

/* torch.optim.lr_scheduler.OneCycleLR, anneal_strategy='cos', two phases. */
static double one_cycle(const dla_schedule *s, double lr, double step, double steps)
{
  double first = lr / s->div_factor, last = first / s->final_div_factor;
  double top = s->pct_start * steps - 1, end = steps - 1;
  if (step >= end) return last;
  if (step <= top) return top > 0 ? wave(first, lr, step, top) : lr;
  return wave(lr, last, step - top, end - top);
}

static double triangle(const dla_schedule *s, double lr, double step, double steps)
{
  double done = step + 1, top = s->pct_start * steps;
  if (done >= steps) return s->eta_min;
  if (done <= top) return lr * done / top;
  return s->eta_min + (lr - s->eta_min) * (steps - done) / (steps - top);
}

double dla_schedule_lr(const dla_schedule *schedule, double lr, int64_t epoch,
                       int64_t step_in_epoch, int64_t steps_per_epoch)
{
  const double each = (double)steps_per_epoch, t_max = schedule->t_max;
  double within = (double)step_in_epoch / each;
  double at = (double)epoch + (schedule->interval == DLA_INTERVAL_STEP ? within : 0);
  double step = (double)epoch * each + (double)step_in_epoch, rate = lr;
  switch (schedule->name) {
  case DLA_SCHEDULE_COSINE:
    rate = wave(lr, schedule->eta_min, at, t_max);
    break;
  case DLA_SCHEDULE_STEP:
    rate = lr * pow(schedule->gamma, floor(at / schedule->step_size));
    break;
  case DLA_SCHEDULE_CONSTANT:
  case DLA_SCHEDULE_PLATEAU:
    break;
  case DLA_SCHEDULE_EXPONENTIAL:
    rate = lr * pow(schedule->gamma, at);
    break;
  case DLA_SCHEDULE_POLYNOMIAL:
    rate = at < t_max ? lr * pow(1 - at / t_max, schedule->power) : 0;
    break;
  case DLA_SCHEDULE_ONE_CYCLE:
    rate = one_cycle(schedule, lr, step, t_max * each);
    break;
  case DLA_SCHEDULE_TRIANGLE:
    rate = triangle(schedule, lr, step, t_max * each);
    break;
  }
  double warmup = schedule->warmup_epochs * each, done = step + 1;
  return warmup > done ? rate * done / warmup : rate;
}
