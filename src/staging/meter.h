/* Counts the bytes that any number of threads move. A few times a second it tells the observer,
 * with the rate and the time left. */
#ifndef DLA_STAGING_METER_H
#define DLA_STAGING_METER_H

#include "dla/status.h"
#include "staging/observer.h"

typedef struct dla_meter dla_meter;

/* The observer may be NULL, and so may each of its functions. */
dla_status dla_meter_new(const dla_stage_observer *observer, dla_meter **meter, dla_error *err);
void dla_meter_free(dla_meter *meter);

/* Begins a new task; total is 0 while unknown. */
void dla_meter_start(dla_meter *meter, const char *name, uint64_t total);
void dla_meter_total(dla_meter *meter, uint64_t total);
/* bytes is negative where bytes have to be moved again. */
void dla_meter_add(dla_meter *meter, int64_t bytes);

void dla_meter_event(dla_meter *meter, dla_stage_kind kind, const char *name, uint64_t bytes,
                     const char *format, ...) __attribute__((format(printf, 5, 6)));
bool dla_meter_stopped(dla_meter *meter);

#endif
