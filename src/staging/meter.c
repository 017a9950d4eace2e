#include "staging/meter.h"

#include <pthread.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/clock.h"
#include "base/one_line.h"

static const double period = 0.1; /* seconds between reports */

struct dla_meter {
  pthread_mutex_t lock;
  dla_stage_observer observer;
  char name[256];
  int64_t bytes;
  uint64_t total;
  double started, reported;
};

dla_status dla_meter_new(const dla_stage_observer *observer, dla_meter **out, dla_error *err)
{
  dla_meter *meter = calloc(1, sizeof *meter);
  if (!meter) return dla_fail_memory(err, "the progress");
  if (pthread_mutex_init(&meter->lock, NULL)) {
    free(meter);
    return dla_fail_memory(err, "the progress");
  }
  if (observer) meter->observer = *observer;
  *out = meter;
  return DLA_OK;
}

void dla_meter_free(dla_meter *meter)
{
  if (!meter) return;
  pthread_mutex_destroy(&meter->lock);
  free(meter);
}

void dla_meter_start(dla_meter *meter, const char *name, uint64_t total)
{
  pthread_mutex_lock(&meter->lock);
  snprintf(meter->name, sizeof meter->name, "%s", name);
  dla_one_line(meter->name);
  meter->bytes = 0;
  meter->total = total;
  meter->started = meter->reported = dla_clock();
  pthread_mutex_unlock(&meter->lock);
}

void dla_meter_total(dla_meter *meter, uint64_t total)
{
  pthread_mutex_lock(&meter->lock);
  meter->total = total;
  pthread_mutex_unlock(&meter->lock);
}

/* The caller holds the lock. */
static void report(dla_meter *meter, double now)
{
  double seconds = now - meter->started;
  dla_stage_progress p = {
      .name = meter->name,
      .bytes = meter->bytes > 0 ? (uint64_t)meter->bytes : 0,
      .total = meter->total,
      .seconds_left = -1,
  };
  p.rate = seconds > 0 ? (double)p.bytes / seconds : 0;
  if (p.rate > 0 && p.total >= p.bytes) p.seconds_left = (double)(p.total - p.bytes) / p.rate;
  meter->reported = now;
  meter->observer.progress(meter->observer.context, &p);
}

void dla_meter_add(dla_meter *meter, int64_t bytes)
{
  pthread_mutex_lock(&meter->lock);
  meter->bytes += bytes;
  double now = dla_clock();
  if (meter->observer.progress && now - meter->reported >= period) report(meter, now);
  pthread_mutex_unlock(&meter->lock);
}

void dla_meter_event(dla_meter *meter, dla_stage_kind kind, const char *name, uint64_t bytes,
                     const char *format, ...)
{
  char detail[512];
  va_list args;
  va_start(args, format);
  vsnprintf(detail, sizeof detail, format, args);
  va_end(args);
  dla_stage_event event = {.kind = kind, .name = name, .bytes = bytes, .detail = detail};
  pthread_mutex_lock(&meter->lock);
  if (meter->observer.event) meter->observer.event(meter->observer.context, &event);
  pthread_mutex_unlock(&meter->lock);
}

bool dla_meter_stopped(dla_meter *meter)
{
  pthread_mutex_lock(&meter->lock);
  bool stopped = meter->observer.stop && meter->observer.stop(meter->observer.context);
  pthread_mutex_unlock(&meter->lock);
  return stopped;
}

const char *dla_stage_kind_name(dla_stage_kind kind)
{
  static const char *const names[] = {
      [DLA_STAGE_GET] = "get",     [DLA_STAGE_PUT] = "put",       [DLA_STAGE_DELETE] = "delete",
      [DLA_STAGE_SAME] = "same",   [DLA_STAGE_CACHED] = "cached", [DLA_STAGE_UNPACK] = "unpack",
      [DLA_STAGE_RETRY] = "retry", [DLA_STAGE_ANSWER] = "answer", [DLA_STAGE_NOTE] = "note",
  };
  return names[kind];
}
