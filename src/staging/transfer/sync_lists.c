#include "staging/transfer/sync_lists.h"

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/path.h"
#include "staging/transfer/sweep.h"

/* Reports objects that cannot be files, and drops them from the list. */
static size_t drop_no_paths(const dla_sync *sync, dla_objects *objects)
{
  size_t kept = 0, before = objects->count;
  for (size_t i = 0; i < before; i++) {
    dla_object object = objects->item[i];
    if (dla_key_is_path(object.key)) {
      objects->item[kept++] = object;
      continue;
    }
    dla_meter_event(sync->meter, DLA_STAGE_NOTE, object.key, object.size,
                    "skipped: this key cannot be the name of a file");
    free(object.key);
  }
  objects->count = kept;
  return before - kept;
}

static dla_status check_parents(const dla_objects *objects, const char *key, char *parent,
                                dla_error *err)
{
  for (char *slash = strchr(parent, '/'); slash; slash = strchr(slash + 1, '/')) {
    *slash = '\0';
    if (dla_objects_find(objects, parent))
      return dla_fail(err, DLA_E_INPUT, key, "leave one of them out by --exclude, or rename it",
                      "the object %s is there, too: a file cannot be a folder", parent);
    *slash = '/';
  }
  return DLA_OK;
}

/* Refuses "a" beside "a/b": a file cannot be a folder. */
static dla_status check_nesting(const dla_objects *objects, dla_error *err)
{
  dla_status status = DLA_OK;
  for (size_t i = 0; i < objects->count && !status; i++) {
    const char *key = objects->item[i].key;
    if (!strchr(key, '/')) continue;
    char *parent = strdup(key);
    status = parent ? check_parents(objects, key, parent, err) : dla_fail_memory(err, "a key");
    free(parent);
  }
  return status;
}

/* Checks which of the keys can be files, before anything is moved. */
static dla_status check_keys(const dla_sync *sync, dla_objects *objects, size_t *skipped,
                             dla_error *err)
{
  for (size_t i = 0; sync->strict && i < objects->count; i++)
    if (!dla_key_is_path(objects->item[i].key))
      return dla_fail(err, DLA_E_INPUT, objects->item[i].key, "rename the object",
                      "this key cannot be the name of a file");
  *skipped = drop_no_paths(sync, objects);
  return check_nesting(objects, err);
}

/* Some keys may write but not list. */
static dla_status list_dest(const dla_sync *sync, dla_objects *dest, dla_error *err)
{
  dla_error why = {0};
  dla_status status = sync->dest->op->list(sync->dest, dest, &why);
  if (status == DLA_E_INPUT && sync->blind) {
    dla_objects_free(dest);
    dla_meter_event(sync->meter, DLA_STAGE_NOTE, why.where, 0,
                    "cannot be listed, so that everything is sent: %s", why.what);
    return DLA_OK;
  }
  if (status && err) *err = why;
  return status;
}

dla_status dla_sync_lists(const dla_sync *sync, dla_objects *source, dla_objects *dest,
                          size_t *skipped, dla_error *err)
{
  struct stat info;
  *skipped = 0;
  dla_status status = sync->source->op->list(sync->source, source, err);
  /* A mistyped name looks like a source in which everything is gone. */
  if (!status && sync->delete_gone && source->count == 0)
    status = dla_fail(err, DLA_E_INPUT, "--delete",
                      sync->source_folder ? "check the folder" : "check the bucket and the prefix",
                      "the source holds nothing, so that everything would be deleted");
  if (status) return status;
  dla_objects_filter(source, sync->filters, sync->filter_count);
  if (sync->dest_folder) status = check_keys(sync, source, skipped, err);
  /* A folder that does not exist yet holds nothing. */
  bool there = !sync->dest_folder || stat(sync->dest_folder, &info) == 0;
  if (!status && there && sync->dest_folder && !sync->dry_run) dla_sweep(sync->dest_folder, source);
  if (!status && there) status = list_dest(sync, dest, err);
  dla_objects_filter(dest, sync->filters, sync->filter_count);
  return status;
}
