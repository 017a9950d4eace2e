/* Collects failures of single files while the others are moved. */
#ifndef DLA_STAGING_TRANSFER_FAILURES_H
#define DLA_STAGING_TRANSFER_FAILURES_H

#include <pthread.h>
#include <stddef.h>

#include "staging/meter.h"

typedef struct dla_failures {
  pthread_mutex_t lock;
  dla_meter *meter;
  size_t succeeded, failed, in_a_row;
  bool all_input; /* all are faults of the request */
  dla_error first;
  char names[256]; /* of the first failures */
} dla_failures;

dla_status dla_failures_init(dla_failures *failures, dla_meter *meter, dla_error *err);
void dla_failures_free(dla_failures *failures);

/* Takes the result of one file, from any thread, and reports a failure to the meter. Returns the
 * failure if it ends the whole transfer: a stop, no memory, or too many failures in a row. */
dla_status dla_failures_take(dla_failures *failures, const char *name, dla_status status,
                             const dla_error *why);
/* The result of the whole, called in the end. It is a fault of the request only if every failure is
 * one and no file succeeded. */
dla_status dla_failures_end(const dla_failures *failures, dla_error *err);

#endif
