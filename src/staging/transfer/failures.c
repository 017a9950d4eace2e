#include "staging/transfer/failures.h"

#include <stdio.h>
#include <string.h>

/* After so many failures in a row, and not one success, the server or the disk is gone. */
enum { HOPELESS = 64 };

dla_status dla_failures_init(dla_failures *f, dla_meter *meter, dla_error *err)
{
  *f = (dla_failures){.meter = meter, .all_input = true};
  return pthread_mutex_init(&f->lock, NULL) ? dla_fail_memory(err, "a transfer") : DLA_OK;
}

void dla_failures_free(dla_failures *f)
{
  pthread_mutex_destroy(&f->lock);
}

static void add_name(dla_failures *f, const char *name)
{
  size_t length = strlen(f->names), room = sizeof f->names - length;
  const char *comma = length ? ", " : "";
  if (strlen(comma) + strlen(name) + sizeof ", ..." <= room)
    snprintf(f->names + length, room, "%s%s", comma, name);
  else if (length < sizeof f->names - sizeof ", ..." && !strstr(f->names, ", ..."))
    snprintf(f->names + length, room, "%s", length ? ", ..." : "...");
}

/* The caller holds the lock. */
static dla_status note(dla_failures *f, const char *name, dla_status status, const dla_error *why)
{
  if (!f->failed) f->first = *why;
  f->failed++;
  f->in_a_row++;
  f->all_input &= status == DLA_E_INPUT || status == DLA_E_UNSUPPORTED;
  add_name(f, name);
  return f->in_a_row >= HOPELESS && !f->succeeded ? status : DLA_OK;
}

dla_status dla_failures_take(dla_failures *f, const char *name, dla_status status,
                             const dla_error *why)
{
  bool ends = status == DLA_E_INTERRUPTED || status == DLA_E_MEMORY || status == DLA_E_INTERNAL;
  if (ends) return status;
  pthread_mutex_lock(&f->lock);
  dla_status result = DLA_OK;
  if (status)
    result = note(f, name, status, why);
  else
    f->in_a_row = 0;
  f->succeeded += !status;
  pthread_mutex_unlock(&f->lock);
  if (status) dla_meter_event(f->meter, DLA_STAGE_NOTE, name, 0, "failed: %s", why->what);
  return result;
}

dla_status dla_failures_end(const dla_failures *f, dla_error *err)
{
  size_t all = f->failed + f->succeeded;
  if (!f->failed) return DLA_OK;
  if (all == 1 || (f->all_input && !f->succeeded)) {
    if (err) *err = f->first;
    return f->first.status;
  }
  return dla_fail(err, DLA_E_IO, f->first.where, f->first.hint, "%zu of %zu failed: %s: %.240s",
                  f->failed, all, f->names, f->first.what);
}
