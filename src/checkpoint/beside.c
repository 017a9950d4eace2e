#include "checkpoint/beside.h"

#include <dirent.h>
#include <stdlib.h>
#include <string.h>

#include "base/array.h"
#include "base/path.h"

size_t dla_beside_stem(const char *path)
{
  const char *base = dla_path_name(path);
  const char *dot = strrchr(base, '.');
  return dot && dot != base ? (size_t)(dot - path) : strlen(path);
}

void dla_beside_name(const char *out, const char *mark, dla_strbuf *path)
{
  size_t stem = dla_beside_stem(out);
  dla_strbuf_append(path, out, stem);
  dla_strbuf_printf(path, ".%s%s", mark, out + stem);
}

void dla_beside_free(dla_beside *l)
{
  dla_free_texts(l->name, l->count);
  *l = (dla_beside){0};
}

bool dla_beside_add(dla_beside *l, const char *path)
{
  char *copy = strdup(path);
  if (!copy || !DLA_ARRAY_RESERVE(l->name, l->capacity, l->count, 1)) {
    free(copy);
    return false;
  }
  l->name[l->count++] = copy;
  return true;
}

static int by_name(const void *a, const void *b)
{
  return strcmp(*(char *const *)a, *(char *const *)b);
}

dla_status dla_beside_list(const char *out, const char *begin, const char *end, dla_beside *l,
                           dla_error *err)
{
  const char *slash = strrchr(out, '/');
  size_t folder = slash ? (size_t)(slash - out) + 1 : 0, stem = dla_beside_stem(out);
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
    enough = !found.failed && dla_beside_add(l, found.text);
    dla_strbuf_free(&found);
  }
  if (stream) closedir(stream);
  dla_strbuf_free(&path);
  dla_strbuf_free(&prefix);
  if (!enough) return dla_fail_memory(err, "the checkpoints");
  if (l->count) qsort(l->name, l->count, sizeof *l->name, by_name);
  return DLA_OK;
}
