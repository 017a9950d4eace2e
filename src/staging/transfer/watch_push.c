#include "config.h" /* memfd_create */

#include "staging/transfer/watch_push.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "base/path.h"
#include "staging/digest.h"
#include "staging/transfer/sync.h"

/* Files up to this size are copied in memory first. Reading takes a moment, sending takes seconds;
 * so a file that changes every few seconds (a log) is caught unchanged. */
enum { SNAPSHOT_MAX = 4 << 20, CHUNK = 1 << 16 };

static dla_status fail_changed(const char *key, dla_error *err)
{
  return dla_fail(err, DLA_E_IO, key, "it is pushed again when it is complete",
                  "the file was changed while it was read");
}

static bool copy_bytes(int from, int to)
{
  char chunk[CHUNK];
  ssize_t got;
  while ((got = read(from, chunk, sizeof chunk)) > 0 || (got < 0 && errno == EINTR))
    if (got > 0 && write(to, chunk, (size_t)got) != got) return false;
  return got == 0;
}

/* A descriptor of a copy in memory, or -1: then the file itself has to do. A log always needs one,
 * because it grows while it is sent. */
static int snapshot(int from, const dla_watched *file)
{
  if (file->seen.size > SNAPSHOT_MAX && !file->log) return -1;
  int to = memfd_create("dla-train", MFD_CLOEXEC);
  if (to >= 0 && copy_bytes(from, to)) return to;
  if (to >= 0) close(to);
  return -1;
}

/* Whether the open file is unchanged, whatever its name stands for by now. */
static bool unchanged(int file, const dla_stamp *before)
{
  struct stat info;
  if (fstat(file, &info)) return false;
  dla_stamp now = dla_stamp_of(&info);
  return dla_stamp_same(&now, before);
}

/* Whether the target has these bytes already. */
static dla_status is_held(dla_watch_target *target, const dla_watched *file, int source,
                          const char *sha256, bool *held, dla_error *err)
{
  *held = file->sha256[0] && strcmp(file->sha256, sha256) == 0;
  const dla_object *object = dla_objects_find(&target->remote, file->key);
  if (*held || file->sha256[0] || !object) return DLA_OK;
  return dla_sync_same(source, target->dest, object, held, err);
}

/* Marks what the target held at the start under the key as no longer valid. */
static void forget_remote(dla_watch_target *target, const char *key)
{
  for (size_t i = 0; i < target->remote.count; i++)
    if (strcmp(target->remote.item[i].key, key) == 0) target->remote.item[i].size = UINT64_MAX;
}

/* Hashes and sends through one descriptor, because the name may go to another file meanwhile. */
static dla_status push_from(dla_watch_target *target, dla_watched *file, int source,
                            uint64_t *bytes, dla_error *err)
{
  dla_digest digest;
  struct stat info;
  bool held = false;
  if (fstat(source, &info)) return dla_fail_errno(err, file->key, "look at");
  uint64_t size = (uint64_t)info.st_size;
  dla_status status = dla_digest_range(source, file->key, 0, size, DLA_DIGEST_SHA256, &digest, err);
  if (!status) status = is_held(target, file, source, digest.sha256, &held, err);
  if (!status && !held) {
    forget_remote(target, file->key);
    file->sha256[0] = '\0'; /* until we know what the target holds */
    status = target->dest->op->put(target->dest, file->key, source, file->key, digest.sha256, err);
  }
  if (status) return status;
  *bytes = held ? 0 : size;
  memcpy(file->sha256, digest.sha256, sizeof file->sha256);
  dla_meter_event(target->meter, held ? DLA_STAGE_SAME : DLA_STAGE_PUT, file->key, size, "%s", "");
  return DLA_OK;
}

dla_status dla_watch_open(const dla_watch_target *target, const dla_watched *file, int *from,
                          dla_error *err)
{
  struct stat info;
  *from = -1;
  char *path = dla_join_path(target->folder, file->key);
  if (!path) return dla_fail_memory(err, "a file name");
  int opened = open(path, O_RDONLY | O_CLOEXEC);
  const bool failed = opened < 0 && errno != ENOENT;
  dla_status status = failed ? dla_fail_errno(err, file->key, "open") : DLA_OK;
  free(path);
  if (opened >= 0 && (fstat(opened, &info) || (uint64_t)info.st_ino != file->seen.inode))
    close(opened);
  else
    *from = opened;
  return status;
}

/* Whatever a log holds now is to be pushed, and counts as seen. */
static void see_log(int from, dla_watched *file)
{
  struct stat info;
  if (fstat(from, &info) == 0) file->seen = dla_stamp_of(&info);
}

dla_status dla_watch_push(dla_watch_target *target, dla_watched *file, int from, uint64_t *bytes,
                          dla_error *err)
{
  *bytes = 0;
  if (file->log) see_log(from, file);
  int copy = snapshot(from, file);
  dla_status status = DLA_OK;
  const bool whole = (copy >= 0 && file->log) || unchanged(from, &file->seen);
  if (!whole) status = fail_changed(file->key, err);
  if (!status) status = push_from(target, file, copy >= 0 ? copy : from, bytes, err);
  if (!status && copy < 0 && !unchanged(from, &file->seen)) status = fail_changed(file->key, err);
  if (copy >= 0) close(copy);
  return status;
}
