#include "staging/transfer/sync.h"

#include <fcntl.h>
#include <stdlib.h>
#include <strings.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/path.h"
#include "base/try.h"
#include "staging/digest.h"
#include "staging/parallel.h"
#include "staging/transfer/failures.h"
#include "staging/transfer/sweep.h"

/* The state of a source object. */
typedef enum state { TO_MOVE, SAME, FAILED } state;

/* A running sync. */
typedef struct run {
  const dla_sync *sync;
  const dla_objects *source, *dest;
  state *state;       /* of each source object */
  const size_t *pick; /* the objects that a phase moves */
  dla_failures failures;
} run;

dla_status dla_sync_same(int file, dla_storage *remote, const dla_object *object, bool *same,
                         dla_error *err)
{
  dla_digest digest;
  struct stat info;
  *same = false;
  if (fstat(file, &info) || (uint64_t)info.st_size != object->size) return DLA_OK;
  dla_digest_kinds kinds = object->etag[0] ? DLA_DIGEST_BOTH : DLA_DIGEST_SHA256;
  TRY(dla_digest_range(file, object->key, 0, (uint64_t)info.st_size, kinds, &digest, err));
  *same = digest.md5[0] && strcasecmp(digest.md5, object->etag) == 0;
  if (*same) return DLA_OK;
  dla_object known = {0};
  bool found;
  dla_status status = remote->op->head(remote, object->key, &known, &found, err);
  *same = !status && found && strcasecmp(digest.sha256, known.sha256) == 0;
  return status;
}

/* dest is the destination's object with that name, or NULL. */
static dla_status compare(const dla_sync *sync, const dla_object *source, const dla_object *dest,
                          bool *same, dla_error *err)
{
  *same = false;
  if (!dest || dest->size != source->size) return DLA_OK;
  bool from_folder = sync->source_folder != NULL;
  const dla_object *local = from_folder ? source : dest, *remote = from_folder ? dest : source;
  char *path = dla_join_path(from_folder ? sync->source_folder : sync->dest_folder, local->key);
  if (!path) return dla_fail_memory(err, "a file name");
  int file = open(path, O_RDONLY | O_CLOEXEC);
  free(path);
  if (file < 0) return DLA_OK; /* moving it will report why */
  dla_status status =
      dla_sync_same(file, from_folder ? sync->dest : sync->source, remote, same, err);
  close(file);
  return status;
}

static dla_status put(const dla_sync *sync, const char *key, const char *path, dla_error *err)
{
  int file = open(path, O_RDONLY | O_CLOEXEC);
  if (file < 0) return dla_fail_errno(err, path, "open");
  dla_status status = sync->dest->op->put(sync->dest, key, file, path, NULL, err);
  close(file);
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
    status =
        get ? sync->source->op->get(sync->source, source, path, err) : put(sync, key, path, err);
    free(path);
  }
  if (!status)
    dla_meter_event(sync->meter, get ? DLA_STAGE_GET : DLA_STAGE_PUT, key, source->size, "%s", "");
  return status;
}

/* A key may be allowed to write an object but not to look at it. */
static dla_status compare_job(void *context, size_t index, dla_error *err)
{
  run *r = context;
  const dla_object *object = &r->source->item[index];
  bool same = false;
  dla_error why = {0};
  if (dla_meter_stopped(r->sync->meter))
    return dla_fail(err, DLA_E_INTERRUPTED, object->key, NULL, "was stopped");
  dla_status status = compare(r->sync, object, dla_objects_find(r->dest, object->key), &same, &why);
  if (same) r->state[index] = SAME;
  if (!status || status == DLA_E_INPUT) return DLA_OK;
  r->state[index] = FAILED;
  *err = why;
  return dla_failures_take(&r->failures, object->key, status, &why);
}

static dla_status move_job(void *context, size_t index, dla_error *err)
{
  run *r = context;
  const dla_object *object = &r->source->item[r->pick[index]];
  dla_status status = move(r->sync, object, object->key, err);
  if (status) r->state[r->pick[index]] = FAILED;
  return dla_failures_take(&r->failures, object->key, status, err);
}

/* Moves many small files at once, and large ones one after another, because each of those goes in
 * parts. */
static dla_status move_all(run *r, dla_stage_outcome *outcome, dla_error *err)
{
  const dla_stage_settings *s = r->sync->settings;
  const uint64_t in_parts = r->sync->dest_folder ? s->get_in_parts : s->put_in_parts;
  size_t small = 0, large = r->source->count;
  uint64_t bytes = 0;
  size_t *pick = calloc(r->source->count + 1, sizeof *pick);
  if (!pick) return dla_fail_memory(err, "a list of files");
  for (size_t i = 0; i < r->source->count; i++) {
    const dla_object *object = &r->source->item[i];
    if (r->state[i] == SAME) {
      outcome->same++;
      dla_meter_event(r->sync->meter, DLA_STAGE_SAME, object->key, object->size, "%s", "");
    }
    if (r->state[i] != TO_MOVE) continue;
    bytes += object->size;
    pick[object->size < in_parts ? small++ : --large] = i;
  }
  dla_meter_start(r->sync->meter, r->sync->dest_folder ? r->sync->dest_folder : "upload", bytes);
  r->pick = pick;
  /* A dry run reports in order. */
  int threads = r->sync->dry_run ? 1 : s->parallel_files;
  dla_status status = dla_parallel(small, threads, move_job, r, err);
  r->pick = pick + large;
  if (!status) status = dla_parallel(r->source->count - large, 1, move_job, r, err);
  for (size_t i = 0; i < r->source->count && !status; i++)
    if (r->state[i] == TO_MOVE) {
      outcome->moved++;
      outcome->bytes += r->source->item[i].size;
    }
  free(pick);
  return status;
}

static dla_status delete_gone(run *r, dla_stage_outcome *outcome, dla_error *err)
{
  dla_storage *dest = r->sync->dest;
  for (size_t i = 0; i < r->dest->count; i++) {
    const dla_object *object = &r->dest->item[i];
    dla_error why = {0};
    if (dla_objects_find(r->source, object->key)) continue;
    if (dla_meter_stopped(r->sync->meter))
      return dla_fail(err, DLA_E_INTERRUPTED, object->key, NULL, "was stopped");
    dla_status status = r->sync->dry_run ? DLA_OK : dest->op->remove(dest, object->key, &why);
    if (!status)
      dla_meter_event(r->sync->meter, DLA_STAGE_DELETE, object->key, object->size, "%s", "");
    outcome->deleted += !status;
    status = dla_failures_take(&r->failures, object->key, status, &why);
    if (status && err) *err = why;
    if (status) return status;
  }
  return DLA_OK;
}

static dla_status run_sync(run *r, dla_stage_outcome *outcome, dla_error *err)
{
  const dla_sync *sync = r->sync;
  TRY(dla_parallel(r->source->count, sync->settings->parallel_files, compare_job, r, err));
  TRY(move_all(r, outcome, err));
  if (sync->delete_gone && !r->failures.failed) TRY(delete_gone(r, outcome, err));
  return dla_failures_end(&r->failures, err);
}

dla_status dla_sync_all(const dla_sync *sync, dla_stage_outcome *outcome, dla_error *err)
{
  dla_objects source = {0}, dest = {0};
  run r = {.sync = sync, .source = &source, .dest = &dest};
  size_t skipped = 0;
  TRY(dla_failures_init(&r.failures, sync->meter, err));
  dla_status status = dla_sync_lists(sync, &source, &dest, &skipped, err);
  if (!status && !(r.state = calloc(source.count + 1, sizeof *r.state)))
    status = dla_fail_memory(err, "a list of files");
  if (!status) status = run_sync(&r, outcome, err);
  outcome->skipped = skipped;
  free(r.state);
  dla_failures_free(&r.failures);
  dla_objects_free(&source);
  dla_objects_free(&dest);
  return status;
}

dla_status dla_sync_one(const dla_sync *sync, const dla_object *object, const char *dest_key,
                        dla_stage_outcome *outcome, dla_error *err)
{
  if (sync->dest_folder && !dla_key_is_path(dest_key))
    return dla_fail(err, DLA_E_INPUT, dest_key, NULL, "this key cannot be the name of a file");
  dla_meter_start(sync->meter, dest_key, object->size);
  if (sync->dest_folder && !sync->dry_run) dla_sweep_one(sync->dest_folder, dest_key);
  dla_status status = move(sync, object, dest_key, err);
  outcome->moved = !status;
  outcome->bytes = status ? 0 : object->size;
  return status;
}
