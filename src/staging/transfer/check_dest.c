#include "staging/transfer/check_dest.h"

#include <stdio.h>

#include "staging/storage/open.h"
#include "staging/storage/storage.h"

enum { RETRIES = 2 }; /* no retry mends the faults that this looks for */

static dla_status put_test(dla_storage *to, dla_error *err)
{
  FILE *file = tmpfile();
  if (!file) return dla_fail_errno(err, "a temporary file", "make");
  dla_status status = DLA_OK;
  if (fputs("dla-train tries whether it may write here.\n", file) < 0 || fflush(file))
    status = dla_fail_errno(err, "a temporary file", "write");
  if (!status) status = to->op->put(to, DLA_WRITE_TEST, fileno(file), DLA_WRITE_TEST, NULL, err);
  fclose(file);
  return status;
}

static dla_status try_dest(const char *dest, const dla_stage_settings *settings,
                           const dla_stage_observer *observer, dla_error *err)
{
  dla_stage_settings few = *settings; /* shares the caller's secrets */
  dla_location location = {0};
  dla_storage *to = NULL;
  dla_meter *meter = NULL;
  if (few.retries > RETRIES) few.retries = RETRIES;
  dla_status status = dla_meter_new(observer, &meter, err);
  if (!status) status = dla_location_parse(dest, &location, err);
  if (!status) status = dla_storage_open(&location, DLA_DEST, &few, meter, &to, err);
  if (!status) status = put_test(to, err);
  dla_error ignored = {0};
  if (!status) (void)to->op->remove(to, DLA_WRITE_TEST, &ignored); /* some keys may not delete */
  dla_storage_free(to);
  dla_location_free(&location);
  dla_meter_free(meter);
  return status;
}

dla_status dla_stage_check_dest(const char *dest, const dla_stage_settings *settings,
                                const dla_stage_observer *observer, bool optional,
                                dla_error *warning, dla_error *err)
{
  dla_error why = {0};
  const dla_status status = try_dest(dest, settings, observer, &why);
  const bool harmless = status == DLA_E_IO || (optional && status != DLA_E_INTERRUPTED);
  *warning = (dla_error){0};
  if (!status) return DLA_OK;
  *(harmless ? warning : err) = why;
  return harmless ? DLA_OK : status;
}
