#include "data/sources/archive.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <archive_entry.h>

#include "base/array.h"
#include "base/path.h"
#include "base/try.h"
#include "data/sources/archive_input.h"
#include "data/sources/member_name.h"

/* PASSES_MAX: a longer chain of links counts as a cycle. */
enum { PASSES_MAX = 8, PARTS_MAX = 64, ENTRIES_MAX = 10000 };

typedef struct pass {
  dla_archive_input *in;
  const char *path;
  dla_archive_choose *choose;
  dla_archive_files *files;
  size_t held; /* bytes of members in memory */
  bool first;  /* later passes read only the targets of links */
  dla_error *err;
} pass;

/* The folder of `base`, joined with path, without ".", ".." and empty parts. NULL: out of memory,
 * or it leads out of the archive. base may be NULL: path is relative to the top. */
static char *clean_path(const char *base, const char *path)
{
  const size_t folder = base && *path != '/' ? (size_t)(dla_path_name(base) - base) : 0;
  char *text = malloc(folder + strlen(path) + 1), *rest = NULL, *end = text;
  char *start[PARTS_MAX]; /* of the parts that are kept */
  int count = 0;
  if (!text) return NULL;
  if (folder) memcpy(text, base, folder);
  memcpy(text + folder, path, strlen(path) + 1);
  /* Parts only move towards the start, so this works in place. */
  for (char *part = strtok_r(text, "/", &rest); part; part = strtok_r(NULL, "/", &rest)) {
    const size_t length = strlen(part);
    if (strcmp(part, ".") == 0) continue;
    const bool up = strcmp(part, "..") == 0;
    if (up ? count == 0 : count == PARTS_MAX) {
      free(text);
      return NULL;
    }
    if (up) {
      end = start[--count];
      continue;
    }
    start[count++] = end;
    if (end > text) *end++ = '/';
    memmove(end, part, length);
    end += length;
  }
  *end = '\0';
  return text;
}

static dla_archive_entry *find(const dla_archive_files *files, const char *path)
{
  for (size_t i = 0; i < files->count; i++)
    if (strcmp(files->items[i].path, path) == 0) return &files->items[i];
  return NULL;
}

static void clear(pass *p, dla_archive_entry *e)
{
  p->held -= e->blob.size;
  dla_blob_free(&e->blob);
  free(e->target);
  e->target = NULL;
}

/* Appends an empty entry with that path; takes ownership of the path. */
static dla_status make_entry(pass *p, char *path, dla_archive_entry **entry)
{
  dla_archive_files *f = p->files;
  *entry = find(f, path);
  if (*entry) {
    free(path);
    clear(p, *entry);
    return DLA_OK;
  }
  if (f->count == ENTRIES_MAX) {
    free(path);
    return dla_fail(p->err, DLA_E_INPUT, p->path, "give an archive of one data set",
                    "more than %d of its files are called like a data set's", ENTRIES_MAX);
  }
  if (!DLA_ARRAY_RESERVE(f->items, f->capacity, f->count, 1)) {
    free(path);
    return dla_fail_memory(p->err, p->path);
  }
  *entry = &f->items[f->count++];
  **entry = (dla_archive_entry){.path = path};
  return DLA_OK;
}

static dla_status read_content(pass *p, struct archive_entry *entry, dla_blob *blob)
{
  const char *name = blob->name + strlen(p->path) + 2;
  int64_t size = archive_entry_size(entry);
  if (size < 0 || (uint64_t)size > DLA_BLOB_MAX - p->held)
    return dla_fail(p->err, DLA_E_INPUT, p->path, "use the original archive",
                    "%s is said to have %lld bytes", name, (long long)size);
  blob->bytes = malloc((size_t)size + 1);
  if (!blob->bytes) return dla_fail_memory(p->err, name);
  la_ssize_t got = archive_read_data(dla_archive_reader(p->in), blob->bytes, (size_t)size);
  if (got < 0) return dla_archive_failure(p->in, name, p->err);
  blob->size = (size_t)got;
  p->held += blob->size;
  if (blob->size == (size_t)size) return DLA_OK;
  return dla_blob_fail(blob, blob->size, p->err, "the file is cut short: it needs %lld bytes",
                       (long long)size);
}

static dla_status fill(pass *p, struct archive_entry *entry, dla_archive_entry *e)
{
  const char *hard = archive_entry_hardlink(entry);
  const char *link =
      archive_entry_filetype(entry) == AE_IFLNK ? archive_entry_symlink(entry) : NULL;
  size_t length = strlen(p->path) + strlen(e->path) + 3;
  e->blob.name = malloc(length);
  if (!e->blob.name) return dla_fail_memory(p->err, p->path);
  snprintf(e->blob.name, length, "%s: %s", p->path, e->path);
  if (!hard && !link) return read_content(p, entry, &e->blob);
  e->target = hard ? clean_path(NULL, hard) : clean_path(e->path, link);
  e->blob.leads_to = strdup(hard ? hard : link);
  return e->blob.leads_to ? DLA_OK : dla_fail_memory(p->err, p->path);
}

static dla_status read_entry(pass *p, struct archive_entry *entry)
{
  const char *name = archive_entry_pathname(entry);
  if (!name) name = archive_entry_pathname_utf8(entry);
  mode_t type = archive_entry_filetype(entry);
  if (!name || (type != AE_IFREG && type != AE_IFLNK && !archive_entry_hardlink(entry)))
    return DLA_OK;
  char *path = clean_path(NULL, name);
  if (!path) return DLA_OK;
  const char *last = dla_path_name(path);
  dla_archive_entry *e = p->first ? NULL : find(p->files, path);
  if (!p->files->inner && dla_is_archive_name(last)) p->files->inner = strdup(path);
  bool wanted = p->first ? p->choose(last) : e && e->is_target;
  if (!wanted) {
    free(path);
    return DLA_OK;
  }
  TRY(make_entry(p, path, &e));
  return fill(p, entry, e);
}

static dla_status read_entries(pass *p)
{
  struct archive *a = dla_archive_reader(p->in);
  struct archive_entry *entry;
  int code;
  while ((code = archive_read_next_header(a, &entry)) == ARCHIVE_OK || code == ARCHIVE_WARN)
    TRY(read_entry(p, entry));
  if (code != ARCHIVE_EOF) return dla_archive_failure(p->in, "the next file", p->err);
  return dla_archive_drain(p->in, p->err);
}

static dla_status run_pass(pass *p)
{
  TRY(dla_archive_open(p->path, &p->in, p->err));
  dla_status status = read_entries(p);
  dla_archive_close(p->in);
  p->first = false;
  return status;
}

/* Notes missing targets of links: entries whose blob has no name. */
static dla_status note_targets(pass *p, bool *any)
{
  *any = false;
  for (size_t i = 0; i < p->files->count; i++) {
    const char *target = p->files->items[i].target;
    if (!target || find(p->files, target)) continue;
    dla_archive_entry *e = NULL;
    char *path = strdup(target);
    if (!path) return dla_fail_memory(p->err, p->path);
    TRY(make_entry(p, path, &e));
    e->is_target = true;
    *any = true;
  }
  return DLA_OK;
}

/* Gives a link a copy of its target. A broken link keeps leads_to. */
static dla_status resolve(pass *p, dla_archive_entry *e)
{
  const dla_archive_entry *at = e;
  for (int hops = 0; at && at->target && hops < PASSES_MAX; hops++)
    at = find(p->files, at->target);
  if (!at || at->target || !at->blob.bytes) return DLA_OK;
  if (at->blob.size > DLA_BLOB_MAX - p->held)
    return dla_fail(p->err, DLA_E_INPUT, p->path, "use the original archive",
                    "its links repeat too much");
  e->blob.bytes = malloc(at->blob.size + 1);
  if (!e->blob.bytes) return dla_fail_memory(p->err, p->path);
  memcpy(e->blob.bytes, at->blob.bytes, at->blob.size);
  e->blob.size = at->blob.size;
  p->held += e->blob.size;
  free(e->blob.leads_to);
  e->blob.leads_to = NULL;
  return DLA_OK;
}

dla_status dla_archive_read(const char *path, dla_archive_choose *choose, dla_archive_files *files,
                            dla_error *err)
{
  pass p = {.path = path, .choose = choose, .files = files, .first = true, .err = err};
  bool more = true;
  for (int passes = 0; more && passes < PASSES_MAX; passes++) {
    TRY(run_pass(&p));
    TRY(note_targets(&p, &more));
  }
  for (size_t i = 0; i < files->count; i++)
    if (files->items[i].target) TRY(resolve(&p, &files->items[i]));
  return DLA_OK;
}

void dla_archive_files_free(dla_archive_files *files)
{
  for (size_t i = 0; i < files->count; i++) {
    free(files->items[i].path);
    free(files->items[i].target);
    dla_blob_free(&files->items[i].blob);
  }
  free(files->items);
  free(files->inner);
  *files = (dla_archive_files){0};
}
