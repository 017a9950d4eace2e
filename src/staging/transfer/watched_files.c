#include "staging/transfer/watched_files.h"

#include <stdlib.h>
#include <string.h>

#include "base/array.h"
#include "base/clock.h"
#include "base/path.h"

dla_stamp dla_stamp_of(const struct stat *info)
{
  return (dla_stamp){.size = info->st_size,
                     .seconds = info->st_mtim.tv_sec,
                     .nanoseconds = info->st_mtim.tv_nsec,
                     .inode = info->st_ino};
}

bool dla_stamp_same(const dla_stamp *a, const dla_stamp *b)
{
  return a->size == b->size && a->seconds == b->seconds && a->nanoseconds == b->nanoseconds &&
         a->inode == b->inode;
}

/* The place of the key, or the place to insert it at. */
static size_t place_of(const dla_watched_files *files, const char *key)
{
  return dla_array_place(files->item, files->count, sizeof *files->item, key);
}

static bool is_log(const dla_watched_files *files, const char *key)
{
  const char *slash = strrchr(key, '/'), *name = slash ? slash + 1 : key;
  return files->logs && dla_is_one_of(name, files->logs);
}

/* The file with that key; adds it if it is new. NULL: out of memory. */
static dla_watched *find_or_add(dla_watched_files *files, const char *key)
{
  size_t at = place_of(files, key);
  if (at < files->count && strcmp(files->item[at].key, key) == 0) return &files->item[at];
  char *copy =
      DLA_ARRAY_RESERVE(files->item, files->capacity, files->count, 1) ? strdup(key) : NULL;
  if (!copy) {
    files->failed = true;
    return NULL;
  }
  memmove(files->item + at + 1, files->item + at, (files->count - at) * sizeof *files->item);
  files->count++;
  files->item[at] =
      (dla_watched){.key = copy, .log = is_log(files, key), .since = dla_clock(), .changed = true};
  return &files->item[at];
}

void dla_watched_note(dla_watched_files *files, dla_tree_change change, const char *key)
{
  if (change == DLA_TREE_LOST) { /* forgets what is known of all files */
    for (size_t i = 0; i < files->count; i++)
      files->item[i].open = files->item[i].closed = false;
    return;
  }
  dla_watched *file = find_or_add(files, key);
  if (!file) return;
  file->open = change == DLA_TREE_WRITTEN;
  file->closed = change == DLA_TREE_CLOSED;
  file->changed = true;
  file->since = dla_clock();
}

static void see(dla_watched_files *files, dla_watched *file, const struct stat *info)
{
  dla_stamp stamp = dla_stamp_of(info);
  file->present = true;
  if (!file->scan) {
    file->scan = files->scans;
    files->fresh = true;
  }
  if (dla_stamp_same(&stamp, &file->seen)) return;
  file->seen = stamp;
  file->since = dla_clock();
  file->changed = true;
}

static void drop_missing(dla_watched_files *files)
{
  size_t kept = 0;
  for (size_t i = 0; i < files->count; i++)
    if (files->item[i].present)
      files->item[kept++] = files->item[i];
    else
      free(files->item[i].key);
  files->count = kept;
}

dla_status dla_watched_scan(dla_watched_files *files, const char *folder, dla_storage *storage,
                            const dla_filters *filters, dla_error *err)
{
  dla_objects found = {0};
  files->scans++;
  files->fresh = false;
  dla_status status = storage->op->list(storage, &found, err);
  dla_objects_filter(&found, filters->item, filters->count);
  for (size_t i = 0; i < files->count && !status; i++)
    files->item[i].present = false;
  for (size_t i = 0; i < found.count && !status; i++) {
    struct stat info;
    char *path = dla_join_path(folder, found.item[i].key);
    if (!path) status = dla_fail_memory(err, "a file name");
    if (path && stat(path, &info) == 0) {
      dla_watched *file = find_or_add(files, found.item[i].key);
      if (file) see(files, file, &info);
    }
    free(path);
  }
  dla_objects_free(&found);
  if (status) return status;
  drop_missing(files);
  if (files->failed) return dla_fail_memory(err, "a list of files");
  return DLA_OK;
}

bool dla_watched_settled(const dla_watched *file, double now, double quiet, bool quiet_counts)
{
  if (file->closed) return true;
  return (quiet_counts || !file->open) && now - file->since >= quiet;
}

bool dla_watched_seen_twice(const dla_watched_files *files, const dla_watched *file)
{
  return file->scan && file->scan < files->scans;
}

void dla_watched_look_at_logs(dla_watched_files *files, const char *folder)
{
  for (size_t i = 0; i < files->count; i++) {
    dla_watched *file = &files->item[i];
    struct stat info;
    char *path = file->log && file->present ? dla_join_path(folder, file->key) : NULL;
    if (path && stat(path, &info) == 0) see(files, file, &info);
    free(path);
  }
}

void dla_watched_free(dla_watched_files *files)
{
  for (size_t i = 0; i < files->count; i++)
    free(files->item[i].key);
  free(files->item);
  *files = (dla_watched_files){0};
}
