/* What could not be moved while the others were. */
#ifndef DLA_STAGING_TRANSFER_FAILURES_H
#define DLA_STAGING_TRANSFER_FAILURES_H

#include <pthread.h>
#include <stddef.h>

#include "staging/meter.h"

typedef struct dla_failures {
  pthread_mutex_t lock;
  dla_meter *meter;
  size_t succeeded, failed, in_a_row;
  bool all_input; /* each is the fault of the request */
  dla_error first;
  char names[256]; /* of the first ones */
} dla_failures;

dla_status dla_failures_init(dla_failures *failures, dla_meter *meter, dla_error *err);
void dla_failures_free(dla_failures *failures);

/* How one of them ended; from any thread. A failure is told to the meter. Returns what ends all of
 * them at once: a stop, no memory, or too many failures in a row. */
dla_status dla_failures_take(dla_failures *failures, const char *name, dla_status status,
                             const dla_error *why);
/* What it comes to, in the end. The fault of the request where nothing else was the matter. */
dla_status dla_failures_end(const dla_failures *failures, dla_error *err);

#endif
