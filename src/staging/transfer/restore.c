#include "staging/transfer/restore.h"

#include <stdlib.h>
#include <unistd.h>

#include "base/path.h"
#include "staging/storage/open.h"
#include "staging/storage/storage.h"

static dla_status get_missing(dla_storage *from, const dla_object *object, const char *folder,
                              dla_meter *meter, dla_stage_outcome *outcome, dla_error *err)
{
  if (!dla_key_is_path(object->key)) return DLA_OK; /* not a file of ours */
  char *path = dla_join_path(folder, object->key);
  if (!path) return dla_fail_memory(err, "a file name");
  dla_status status = DLA_OK;
  if (access(path, F_OK) != 0) {
    dla_meter_start(meter, object->key, object->size);
    dla_error why = {0};
    status = from->op->get(from, object, path, &why);
    outcome->moved += !status;
    outcome->bytes += status ? 0 : object->size;
    if (status == DLA_E_DAMAGED) {
      dla_meter_event(meter, DLA_STAGE_NOTE, object->key, 0, "skipped: %s", why.what);
      status = DLA_OK;
    }
    if (status && err) *err = why;
  }
  free(path);
  return status;
}

static dla_status get_wanted(dla_storage *from, const char *folder, dla_stage_wanted *wanted,
                             void *context, dla_meter *meter, dla_stage_outcome *outcome,
                             dla_error *err)
{
  dla_objects objects = {0};
  dla_status status = from->op->list(from, &objects, err);
  for (size_t i = 0; i < objects.count && !status; i++)
    if (wanted(context, objects.item[i].key))
      status = get_missing(from, &objects.item[i], folder, meter, outcome, err);
  dla_objects_free(&objects);
  return status;
}

dla_status dla_stage_restore(const char *source, const char *folder, dla_stage_wanted *wanted,
                             void *context, const dla_stage_settings *settings,
                             const dla_stage_observer *observer, dla_stage_outcome *outcome,
                             dla_error *err)
{
  dla_location location = {0};
  dla_storage *from = NULL;
  dla_meter *meter = NULL;
  *outcome = (dla_stage_outcome){0};
  dla_status status = dla_meter_new(observer, &meter, err);
  if (!status) status = dla_location_parse(source, &location, err);
  if (!status) status = dla_storage_open(&location, DLA_SOURCE, settings, meter, &from, err);
  if (!status) status = get_wanted(from, folder, wanted, context, meter, outcome, err);
  dla_storage_free(from);
  dla_location_free(&location);
  dla_meter_free(meter);
  return status;
}
