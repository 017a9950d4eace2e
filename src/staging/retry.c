#include "staging/retry.h"

#include <math.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
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

/* A random number, uniform in 0..1; 0.5 if the kernel gives none. */
static double uniform(void)
{
  uint32_t bits = UINT32_MAX / 2;
  if (getrandom(&bits, sizeof bits, GRND_NONBLOCK) != sizeof bits) return 0.5;
  return bits / (double)UINT32_MAX;
}

/* Waits in slices, so that it notices a stop. Returns false then. */
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

static void note_cause(dla_retry *retry, const char *reason)
{
  snprintf(retry->cause, sizeof retry->cause, "%s", reason);
}

bool dla_retry_again(dla_retry *retry, double wait, const char *reason)
{
  const dla_stage_settings *s = retry->settings;
  retry->stopped = dla_meter_stopped(retry->meter);
  if (retry->stopped) note_cause(retry, reason);
  if (retry->failures >= s->retries || retry->stopped) return false;
  double longest = fmin(s->retry_cap, s->retry_base * exp2(retry->failures));
  double seconds = wait >= 0 ? wait : longest * uniform();
  if (dla_clock() + seconds >= retry->deadline) return false;
  note_cause(retry, reason);
  retry->failures++;
  dla_meter_event(retry->meter, DLA_STAGE_RETRY, retry->name, 0, "%s; try %d of %d in %.1f s",
                  reason, retry->failures + 1, s->retries + 1, seconds);
  retry->stopped = !wait_for(retry, seconds);
  return !retry->stopped;
}

dla_status dla_retry_end(const dla_retry *retry, dla_status status, dla_error *err)
{
  dla_error last = err ? *err : (dla_error){0};
  const char *before = retry->cause[0] ? DLA_RETRY_BEFORE : "";
  if (retry->stopped || status == DLA_E_INTERRUPTED)
    return dla_fail(err, DLA_E_INTERRUPTED, retry->name, NULL, "was stopped%s%s", before,
                    retry->cause);
  if (!status || !retry->cause[0] || dla_clock() < retry->deadline) return status;
  if (strncmp(last.what, retry->cause, sizeof retry->cause - 1) == 0) return status;
  return dla_fail(err, status, last.where, last.hint, "%.280s%s%s", last.what, before,
                  retry->cause);
}
