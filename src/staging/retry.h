/* Retries with exponential backoff and full jitter (M. Brooker, "Exponential backoff and jitter",
 * AWS Architecture Blog, 2015): jobs that failed together do not all come back together. */
#ifndef DLA_STAGING_RETRY_H
#define DLA_STAGING_RETRY_H

#include "dla/status.h"
#include "staging/meter.h"
#include "staging/settings.h"

typedef struct dla_retry {
  const dla_stage_settings *settings;
  dla_meter *meter;
  const char *name; /* of the request, for messages */
  int failures;     /* in a row */
  double deadline;  /* on dla_clock() */
  bool stopped;     /* a stop came while it waited */
  char cause[200];  /* of the last failure */
} dla_retry;

dla_retry dla_retry_begin(const dla_stage_settings *settings, dla_meter *meter, const char *name);

/* Called after a failure: tells the observer why, and waits. Returns false if there were too many
 * failures. `wait` is the time in seconds that the server asked for, or negative. */
bool dla_retry_again(dla_retry *retry, double wait, const char *reason);

/* Stands between an error and the one before it in a message. */
#define DLA_RETRY_BEFORE "; before that: "

/* Called after the last attempt. A stop between two attempts gives DLA_E_INTERRUPTED. The error
 * then also says what had failed before, and so does the one for a missed deadline. */
dla_status dla_retry_end(const dla_retry *retry, dla_status status, dla_error *err);

#endif
