#include "checkpoint/retention.h"

#include <dirent.h>
#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/atomic_file.h"
#include "base/read_file.h"

/* Where the ending of a path begins: ".pth"; its end where it has none. */
static size_t stem_length(const char *path)
{
  const char *slash = strrchr(path, '/'), *base = slash ? slash + 1 : path;
  const char *dot = strrchr(base, '.');
  return dot && dot != base ? (size_t)(dot - path) : strlen(path);
}

void dla_checkpoint_marked(const char *out, const char *mark, dla_strbuf *path)
{
  size_t stem = stem_length(out);
  dla_strbuf_append(path, out, stem);
  dla_strbuf_printf(path, ".%s%s", mark, out + stem);
}

bool dla_checkpoint_belongs(const char *out, const char *path)
{
  size_t stem = stem_length(out), length = strlen(path), ending = strlen(out + stem);
  const char *mark = path + stem;
  if (strcmp(path, out) == 0) return true;
  return length > stem + ending && strncmp(path, out, stem) == 0 &&
         (strncmp(mark, ".step-", 6) == 0 || strncmp(mark, ".best", 5) == 0) &&
         !strchr(mark, '/') && strcmp(path + length - ending, out + stem) == 0;
}

/* A second name for a file; a copy where the file system has no hard links. */
static dla_status link_or_copy(const char *from, const char *to, dla_error *err)
{
  char *bytes = NULL;
  size_t length = 0;
  if (unlink(to) && errno != ENOENT) return dla_fail_errno(err, to, "replace");
  if (link(from, to) == 0) return DLA_OK;
  dla_status status = dla_read_file(from, SIZE_MAX / 2, &bytes, &length, err);
  if (!status) status = dla_atomic_replace(to, bytes, length, err);
  free(bytes);
  return status;
}

/* ---- The files beside out
 * ------------------------------------------------------------------------ */

typedef struct listing {
  char **name; /* paths; sorted, so that steps, which are padded with zeros, rise */
  size_t count, capacity;
} listing;

static void free_listing(listing *l)
{
  for (size_t i = 0; i < l->count; i++)
    free(l->name[i]);
  free(l->name);
}

static bool add(listing *l, const char *path)
{
  if (l->count == l->capacity) {
    size_t capacity = l->capacity ? 2 * l->capacity : 16;
    char **more = realloc(l->name, capacity * sizeof *more);
    if (!more) return false;
    l->name = more;
    l->capacity = capacity;
  }
  l->name[l->count] = strdup(path);
  return l->name[l->count++] != NULL;
}

static int by_name(const void *a, const void *b)
{
  return strcmp(*(char *const *)a, *(char *const *)b);
}

/* Lists the files of out's folder whose names begin with its stem and `begin`, and end in `end`. */
static dla_status list(const char *out, const char *begin, const char *end, listing *l,
                       dla_error *err)
{
  const char *slash = strrchr(out, '/');
  size_t folder = slash ? (size_t)(slash - out) + 1 : 0, stem = stem_length(out);
  dla_strbuf path = {0}, prefix = {0};
  dla_strbuf_printf(&prefix, "%.*s%s", (int)(stem - folder), out + folder, begin);
  dla_strbuf_printf(&path, "%.*s.", (int)folder, out);
  DIR *stream = path.failed || prefix.failed ? NULL : opendir(path.text);
  bool enough = !path.failed && !prefix.failed;
  for (struct dirent *entry; stream && enough && (entry = readdir(stream));) {
    size_t length = strlen(entry->d_name);
    if (strncmp(entry->d_name, prefix.text, prefix.length) != 0 ||
        length < prefix.length + strlen(end) ||
        strcmp(entry->d_name + length - strlen(end), end) != 0)
      continue;
    dla_strbuf found = {0};
    dla_strbuf_printf(&found, "%.*s%s", (int)folder, out, entry->d_name);
    enough = !found.failed && add(l, found.text);
    dla_strbuf_free(&found);
  }
  if (stream) closedir(stream);
  dla_strbuf_free(&path);
  dla_strbuf_free(&prefix);
  if (!enough) return dla_fail_memory(err, "the checkpoints");
  if (l->count) qsort(l->name, l->count, sizeof *l->name, by_name);
  return DLA_OK;
}

/* ---- Keeping
 * ----------------------------------------------------------------------------------------- */

dla_status dla_checkpoint_keep_earlier(const char *out, int64_t step, int64_t count, dla_error *err)
{
  if (count <= 0 || access(out, F_OK) != 0) return DLA_OK;
  char mark[48];
  dla_strbuf path = {0};
  listing earlier = {0};
  snprintf(mark, sizeof mark, "step-%08" PRId64, step);
  dla_checkpoint_marked(out, mark, &path);
  dla_status status =
      path.failed ? dla_fail_memory(err, "a file name") : link_or_copy(out, path.text, err);
  if (!status) status = list(out, ".step-", out + stem_length(out), &earlier, err);
  for (size_t i = 0; !status && i + (size_t)count < earlier.count; i++)
    if (unlink(earlier.name[i]) && errno != ENOENT)
      status = dla_fail_errno(err, earlier.name[i], "remove");
  free_listing(&earlier);
  dla_strbuf_free(&path);
  return status;
}

static void best_name(const char *out, int64_t rank, dla_strbuf *path)
{
  char mark[48];
  if (rank == 1)
    snprintf(mark, sizeof mark, "best");
  else
    snprintf(mark, sizeof mark, "best-%" PRId64, rank);
  dla_checkpoint_marked(out, mark, path);
}

dla_status dla_checkpoint_keep_best(const char *out, int64_t count, dla_error *err)
{
  dla_status status = DLA_OK;
  dla_strbuf best = {0};
  for (int64_t rank = count - 1; rank > 0 && !status; rank--) {
    dla_strbuf from = {0}, to = {0};
    best_name(out, rank, &from);
    best_name(out, rank + 1, &to);
    if (from.failed || to.failed)
      status = dla_fail_memory(err, "a file name");
    else if (rename(from.text, to.text) && errno != ENOENT)
      status = dla_fail_errno(err, from.text, "rename");
    dla_strbuf_free(&from);
    dla_strbuf_free(&to);
  }
  best_name(out, 1, &best);
  if (!status && count > 0)
    status = best.failed ? dla_fail_memory(err, "a file name") : link_or_copy(out, best.text, err);
  dla_strbuf_free(&best);
  return status;
}

/* ---- Finding
 * ----------------------------------------------------------------------------------------- */

typedef struct search {
  dla_checkpoint_skipped *skipped;
  void *context;
  dla_strbuf *path;
  dla_checkpoint *newest; /* so far */
  int damaged;
} search;

/* Reads one file, which becomes the newest if it is whole and has more steps. */
static dla_status consider(search *s, const char *path, dla_error *err)
{
  dla_checkpoint *found = NULL;
  dla_error why = {0};
  dla_status status = dla_checkpoint_read(path, &found, &why);
  if (status == DLA_E_MEMORY) *err = why;
  if (status == DLA_E_MEMORY) return status;
  if (status) {
    s->skipped(s->context, path, &why);
    s->damaged++;
    return DLA_OK;
  }
  if (s->newest && dla_checkpoint_state(found)->step <= dla_checkpoint_state(s->newest)->step) {
    dla_checkpoint_free(found);
    return DLA_OK;
  }
  dla_checkpoint_free(s->newest);
  s->newest = found;
  dla_strbuf_free(s->path);
  dla_strbuf_printf(s->path, "%s", path);
  return s->path->failed ? dla_fail_memory(err, "a file name") : DLA_OK;
}

/* None of the others is newer than out: they are read only where out is missing or damaged. */
dla_status dla_checkpoint_newest(const char *out, dla_checkpoint_skipped *skipped, void *context,
                                 dla_strbuf *path, dla_checkpoint **checkpoint, dla_error *err)
{
  search s = {.skipped = skipped, .context = context, .path = path};
  listing l = {0};
  const char *end = out + stem_length(out);
  dla_status status = access(out, F_OK) == 0 ? consider(&s, out, err) : DLA_OK;
  if (!status && !s.newest) status = list(out, ".step-", end, &l, err);
  if (!status && !s.newest) status = list(out, ".best", end, &l, err);
  for (size_t i = 0; i < l.count && !status; i++)
    status = consider(&s, l.name[i], err);
  free_listing(&l);
  *checkpoint = s.newest;
  if (!status && !s.newest && s.damaged)
    status = dla_fail(err, DLA_E_INPUT, out, "move it away to start fresh",
                      "no checkpoint of this run is whole");
  if (!status) return DLA_OK;
  dla_checkpoint_free(s.newest);
  *checkpoint = NULL;
  return status;
}

void dla_checkpoint_sweep(const char *out)
{
  listing l = {0};
  dla_error ignored = {0};
  if (list(out, out + stem_length(out), DLA_ATOMIC_SUFFIX, &l, &ignored) == DLA_OK)
    for (size_t i = 0; i < l.count; i++)
      unlink(l.name[i]);
  free_listing(&l);
}
