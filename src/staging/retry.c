#include "staging/retry.h"

#include <math.h>
#include <stdint.h>
#include <sys/random.h>
#include <time.h>

#include "base/clock.h"

dla_retry dla_retry_begin(const dla_stage_settings *settings, dla_meter *meter, const char *name)
{
  return (dla_retry){.settings = settings,
                     .meter = meter,
                     .name = name,
                     .deadline = dla_clock() + settings->total_timeout};
}

/* Uniform in 0..1. Without the kernel's random numbers, half. */
static double uniform(void)
{
  uint32_t bits = UINT32_MAX / 2;
  if (getrandom(&bits, sizeof bits, GRND_NONBLOCK) != sizeof bits) return 0.5;
  return bits / (double)UINT32_MAX;
}

/* In slices, so that a stop is heard. */
static bool wait_for(const dla_retry *retry, double seconds)
{
  double until = dla_clock() + seconds;
  for (double left = seconds; left > 0; left = until - dla_clock()) {
    if (dla_meter_stopped(retry->meter)) return false;
    double slice = left < 0.1 ? left : 0.1;
    nanosleep(&(struct timespec){.tv_nsec = (long)(slice * 1e9)}, NULL);
  }
  return true;
}

bool dla_retry_again(dla_retry *retry, double wait, const char *reason)
{
  const dla_stage_settings *s = retry->settings;
  if (retry->failures >= s->retries || dla_meter_stopped(retry->meter)) return false;
  double longest = fmin(s->retry_cap, s->retry_base * exp2(retry->failures));
  double seconds = wait >= 0 ? wait : longest * uniform();
  if (dla_clock() + seconds >= retry->deadline) return false;
  retry->failures++;
  dla_meter_event(retry->meter, DLA_STAGE_RETRY, retry->name, 0, "%s; try %d of %d in %.1f s",
                  reason, retry->failures + 1, s->retries + 1, seconds);
  return wait_for(retry, seconds);
}
