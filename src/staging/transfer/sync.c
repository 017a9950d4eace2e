#include "staging/transfer/sync.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/stat.h>

#include "base/path.h"
#include "staging/digest.h"
#include "staging/parallel.h"

/* A sync under way. */
typedef struct run {
  const dla_sync *sync;
  const dla_objects *source, *dest;
  bool *same;         /* of each source object: the destination holds it */
  const size_t *pick; /* which objects a phase moves */
} run;

dla_status dla_sync_same(const char *path, dla_storage *remote, const dla_object *object,
                         bool *same, dla_error *err)
{
  dla_digest digest;
  struct stat info;
  *same = false;
  if (stat(path, &info) || (uint64_t)info.st_size != object->size) return DLA_OK;
  dla_digest_kinds kinds = object->etag[0] ? DLA_DIGEST_BOTH : DLA_DIGEST_SHA256;
  dla_status status = dla_digest_file(path, kinds, &digest, NULL, err);
  if (status) return status;
  *same = digest.md5[0] && strcasecmp(digest.md5, object->etag) == 0;
  if (*same) return DLA_OK;
  dla_object known = {0};
  bool found;
  status = remote->op->head(remote, object->key, &known, &found, err);
  *same = !status && found && strcasecmp(digest.sha256, known.sha256) == 0;
  return status;
}

/* dest is what the destination has under that name, or NULL. */
static dla_status compare(const dla_sync *sync, const dla_object *source, const dla_object *dest,
                          bool *same, dla_error *err)
{
  *same = false;
  if (!dest || dest->size != source->size) return DLA_OK;
  bool from_folder = sync->source_folder != NULL;
  const dla_object *local = from_folder ? source : dest, *remote = from_folder ? dest : source;
  char *path = dla_join_path(from_folder ? sync->source_folder : sync->dest_folder, local->key);
  if (!path) return dla_fail_memory(err, "a file name");
  dla_status status =
      dla_sync_same(path, from_folder ? sync->dest : sync->source, remote, same, err);
  free(path);
  return status;
}

static dla_status move(const dla_sync *sync, const dla_object *source, const char *key,
                       dla_error *err)
{
  if (dla_meter_stopped(sync->meter))
    return dla_fail(err, DLA_E_INTERRUPTED, key, NULL, "was stopped");
  bool get = sync->dest_folder != NULL;
  dla_status status = DLA_OK;
  if (!sync->dry_run) {
    char *path = get ? dla_join_path(sync->dest_folder, key)
                     : dla_join_path(sync->source_folder, source->key);
    if (!path) return dla_fail_memory(err, "a file name");
    status = get ? sync->source->op->get(sync->source, source, path, err)
                 : sync->dest->op->put(sync->dest, key, path, NULL, err);
    free(path);
  }
  if (!status)
    dla_meter_event(sync->meter, get ? DLA_STAGE_GET : DLA_STAGE_PUT, key, source->size, "%s", "");
  return status;
}

static dla_status compare_job(void *context, size_t index, dla_error *err)
{
  run *r = context;
  const dla_object *object = &r->source->item[index];
  return compare(r->sync, object, dla_objects_find(r->dest, object->key), &r->same[index], err);
}

static dla_status move_job(void *context, size_t index, dla_error *err)
{
  const run *r = context;
  const dla_object *object = &r->source->item[r->pick[index]];
  return move(r->sync, object, object->key, err);
}

/* Small files many at once; large ones one after another, because each goes in parts. */
static dla_status move_all(run *r, dla_stage_outcome *outcome, dla_error *err)
{
  const dla_stage_settings *s = r->sync->settings;
  const uint64_t in_parts = r->sync->dest_folder ? s->get_in_parts : s->put_in_parts;
  size_t small = 0, large = r->source->count;
  size_t *pick = calloc(r->source->count + 1, sizeof *pick);
  if (!pick) return dla_fail_memory(err, "a list of files");
  for (size_t i = 0; i < r->source->count; i++) {
    const dla_object *object = &r->source->item[i];
    if (r->same[i]) {
      outcome->same++;
      dla_meter_event(r->sync->meter, DLA_STAGE_SAME, object->key, object->size, "%s", "");
      continue;
    }
    outcome->moved++;
    outcome->bytes += object->size;
    pick[object->size < in_parts ? small++ : --large] = i;
  }
  dla_meter_start(r->sync->meter, r->sync->dest_folder ? r->sync->dest_folder : "upload",
                  outcome->bytes);
  r->pick = pick;
  /* What would be moved is said in order. */
  int threads = r->sync->dry_run ? 1 : s->parallel_files;
  dla_status status = dla_parallel(small, threads, move_job, r, err);
  r->pick = pick + large;
  if (!status) status = dla_parallel(r->source->count - large, 1, move_job, r, err);
  free(pick);
  return status;
}

static dla_status delete_gone(const run *r, dla_stage_outcome *outcome, dla_error *err)
{
  dla_storage *dest = r->sync->dest;
  for (size_t i = 0; i < r->dest->count; i++) {
    const dla_object *object = &r->dest->item[i];
    if (dla_objects_find(r->source, object->key)) continue;
    dla_status status = r->sync->dry_run ? DLA_OK : dest->op->remove(dest, object->key, err);
    if (status) return status;
    dla_meter_event(r->sync->meter, DLA_STAGE_DELETE, object->key, object->size, "%s", "");
    outcome->deleted++;
  }
  return DLA_OK;
}

/* Before anything is moved: names that would leave the folder. */
static dla_status check_keys(const dla_objects *objects, dla_error *err)
{
  for (size_t i = 0; i < objects->count; i++)
    if (!dla_key_is_path(objects->item[i].key))
      return dla_fail(err, DLA_E_INPUT, objects->item[i].key, "rename the object",
                      "this key cannot be the name of a file");
  return DLA_OK;
}

static dla_status list_both(const dla_sync *sync, dla_objects *source, dla_objects *dest,
                            dla_error *err)
{
  struct stat info;
  dla_status status = sync->source->op->list(sync->source, source, err);
  if (!status && sync->dest_folder) status = check_keys(source, err);
  /* A folder that is yet to be made holds nothing. */
  /* A prefix that was mistyped looks like one under which everything is gone. */
  if (!status && sync->delete_gone && !sync->source_folder && source->count == 0)
    status = dla_fail(err, DLA_E_INPUT, "--delete", "check the bucket and the prefix",
                      "the source holds nothing, so that everything would be deleted");
  bool there = !sync->dest_folder || stat(sync->dest_folder, &info) == 0;
  if (!status && there) status = sync->dest->op->list(sync->dest, dest, err);
  return status;
}

dla_status dla_sync_all(const dla_sync *sync, dla_stage_outcome *outcome, dla_error *err)
{
  dla_objects source = {0}, dest = {0};
  run r = {.sync = sync, .source = &source, .dest = &dest};
  dla_status status = list_both(sync, &source, &dest, err);
  if (!status && !(r.same = calloc(source.count + 1, sizeof *r.same)))
    status = dla_fail_memory(err, "a list of files");
  if (!status)
    status = dla_parallel(source.count, sync->settings->parallel_files, compare_job, &r, err);
  if (!status) status = move_all(&r, outcome, err);
  if (!status && sync->delete_gone) status = delete_gone(&r, outcome, err);
  free(r.same);
  dla_objects_free(&source);
  dla_objects_free(&dest);
  return status;
}

dla_status dla_sync_one(const dla_sync *sync, const dla_object *object, const char *dest_key,
                        dla_stage_outcome *outcome, dla_error *err)
{
  if (sync->dest_folder && !dla_key_is_path(dest_key))
    return dla_fail(err, DLA_E_INPUT, dest_key, NULL, "this key cannot be the name of a file");
  outcome->moved = 1;
  outcome->bytes = object->size;
  dla_meter_start(sync->meter, dest_key, object->size);
  return move(sync, object, dest_key, err);
}
