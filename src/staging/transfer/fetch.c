#include "staging/transfer/fetch.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "base/cache_folder.h"
#include "base/make_folder.h"
#include "base/path.h"
#include "base/sha256.h"
#include "base/swept_folder.h"
#include "base/try.h"
#include "staging/storage/http_storage.h"
#include "staging/transfer/sweep.h"
#include "staging/unpack/unpack.h"

/* The grid's folder that jobs share, else the user's; empty if there is none. Returns whether it is
 * in a place that other users may write to. */
static bool cache_folder(dla_strbuf *path)
{
  const char *shared = getenv("DEEPSQUARE_SHARED_TMP");
  if (shared && *shared)
    dla_strbuf_printf(path, "%s/dla-train", shared);
  else
    dla_cache_folder(path);
  return shared && *shared;
}

/* A name for the URL that does not reveal it: its query may be a secret. */
static dla_status cache_stem(const char *url, dla_strbuf *stem, dla_error *err)
{
  char name[DLA_SHA256_TEXT];
  const bool shared = cache_folder(stem);
  if (stem->failed) return dla_fail_memory(err, "a file name");
  if (!stem->length) return dla_fail(err, DLA_E_IO, "HOME", NULL, "is no folder that exists");
  TRY(dla_make_private_folder(stem->text, shared, err));
  TRY(dla_sha256(url, strlen(url), name, err));
  dla_strbuf_printf(stem, "/%.32s", name);
  return stem->failed ? dla_fail_memory(err, "a file name") : DLA_OK;
}

/* Locks, so that one of two jobs on a machine downloads, and the other one finds the file in the
 * cache. */
static dla_status lock_stem(const char *stem, dla_meter *meter, int *lock, dla_error *err)
{
  dla_strbuf path = {0};
  dla_strbuf_printf(&path, "%s.lock", stem);
  if (path.failed) return dla_fail_memory(err, "a file name");
  dla_status status = DLA_OK;
  *lock = open(path.text, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
  if (*lock < 0) status = dla_fail_errno(err, path.text, "open");
  while (!status && flock(*lock, LOCK_EX | LOCK_NB)) {
    if (errno == ENOLCK || errno == EOPNOTSUPP) break; /* some network file systems have no locks */
    if (errno != EWOULDBLOCK && errno != EINTR) status = dla_fail_errno(err, path.text, "lock");
    if (dla_meter_stopped(meter))
      status = dla_fail(err, DLA_E_INTERRUPTED, stem, NULL, "was stopped");
    nanosleep(&(struct timespec){.tv_nsec = 100000000}, NULL);
  }
  dla_strbuf_free(&path);
  return status;
}

/* Errors name the URL, not the file in the cache. *no_good: the fetched file itself is at fault. */
static dla_status unpack(const dla_fetch *f, const char *stem, bool *no_good, dla_error *err)
{
  const dla_http_storage *storage = (const dla_http_storage *)f->storage;
  dla_error why = {0};
  dla_sweep_one(f->folder, f->name);
  dla_status status = dla_unpack(stem, f->name, f->folder, f->settings, f->meter, &why);
  bool ours = strcmp(why.where, f->name) == 0 || strncmp(why.where, stem, strlen(stem)) == 0;
  *no_good = ours && status == DLA_E_INPUT;
  if (status && ours) return dla_fail(err, status, storage->shown, why.hint, "%s", why.what);
  if (status && err) *err = why;
  return status;
}

/* What a fetch brought, or found in the cache. */
typedef struct fetched {
  bool unchanged, no_good;
  uint64_t bytes;
} fetched;

static dla_status fetch_once(const dla_fetch *f, const char *stem, fetched *done, dla_error *err)
{
  const dla_http_storage *storage = (const dla_http_storage *)f->storage;
  struct stat info;
  *done = (fetched){0};
  dla_meter_start(f->meter, storage->shown, 0);
  TRY(dla_http_download(storage, stem, f->settings->sha256, &done->unchanged, err));
  if (stat(stem, &info)) return dla_fail_errno(err, stem, "look at");
  done->bytes = (uint64_t)info.st_size;
  dla_meter_event(f->meter, done->unchanged ? DLA_STAGE_CACHED : DLA_STAGE_GET, storage->shown,
                  done->bytes, "%s", "");
  dla_status status = unpack(f, stem, &done->no_good, err);
  if (done->no_good) dla_http_forget(stem);
  return status;
}

/* A file that cannot be unpacked does not stay in the cache: it may be damaged, and its validators
 * would keep it there. If it came from the cache, it is fetched once more. */
static dla_status fetch_to(const dla_fetch *f, const char *stem, uint64_t *bytes, dla_error *err)
{
  const dla_http_storage *storage = (const dla_http_storage *)f->storage;
  fetched done;
  dla_error why = {0};
  dla_status status = fetch_once(f, stem, &done, &why);
  if (done.no_good && done.unchanged) {
    dla_meter_event(f->meter, DLA_STAGE_NOTE, storage->shown, 0,
                    "the cache's copy is no good, and is fetched again: %s", why.what);
    status = fetch_once(f, stem, &done, &why);
  }
  *bytes = done.bytes;
  if (status && err) *err = why;
  return status;
}

static dla_status fetch_through_cache(const dla_fetch *f, const char *stem, uint64_t *bytes,
                                      dla_error *err)
{
  int lock = -1;
  dla_status status = lock_stem(stem, f->meter, &lock, err);
  if (!status) status = fetch_to(f, stem, bytes, err);
  if (lock >= 0) close(lock);
  return status;
}

static dla_status fetch_beside(const dla_fetch *f, uint64_t *bytes, dla_error *err)
{
  dla_swept_folder *temporary = NULL;
  TRY(dla_make_folder(f->folder, err));
  TRY(dla_swept_folder_make(f->folder, &temporary, err));
  char *stem = dla_join_path(dla_swept_folder_path(temporary), "data");
  dla_status status = stem ? fetch_to(f, stem, bytes, err) : dla_fail_memory(err, "a file name");
  dla_swept_folder_remove(temporary);
  free(stem);
  return status;
}

dla_status dla_fetch_file(const dla_fetch *f, uint64_t *bytes, dla_error *err)
{
  const dla_http_storage *http = (const dla_http_storage *)f->storage;
  dla_strbuf stem = {0};
  dla_error reason = {0};
  bool cache = f->settings->use_cache;
  if (cache && cache_stem(http->url, &stem, &reason)) {
    dla_meter_event(f->meter, DLA_STAGE_NOTE, reason.where, 0, "no cache: %s", reason.what);
    cache = false;
  }
  dla_status status =
      cache ? fetch_through_cache(f, stem.text, bytes, err) : fetch_beside(f, bytes, err);
  dla_strbuf_free(&stem);
  return status;
}
