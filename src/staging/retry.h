/* Retries with exponential backoff and full jitter (M. Brooker, "Exponential backoff and jitter",
 * AWS Architecture Blog, 2015): many jobs that failed together do not come back together. */
#ifndef DLA_STAGING_RETRY_H
#define DLA_STAGING_RETRY_H

#include "dla/status.h"
#include "staging/meter.h"
#include "staging/settings.h"

typedef struct dla_retry {
  const dla_stage_settings *settings;
  dla_meter *meter;
  const char *name; /* of what is tried */
  int failures;     /* in a row */
  double deadline;  /* on dla_clock() */
  bool stopped;     /* while it waited */
  char cause[200];  /* of the last failure */
} dla_retry;

dla_retry dla_retry_begin(const dla_stage_settings *settings, dla_meter *meter, const char *name);

/* After a failure: tells the observer why, and waits. False: it failed too often. `wait` is the
 * time that the server asked for, or negative. */
bool dla_retry_again(dla_retry *retry, double wait, const char *reason);

/* What stands between the two in an error. */
#define DLA_RETRY_BEFORE "; before that: "

/* After the last attempt: a stop between two of them is a stop, and says what was wrong before it,
 * as an end by the deadline does. */
dla_status dla_retry_end(const dla_retry *retry, dla_status status, dla_error *err);

#endif
