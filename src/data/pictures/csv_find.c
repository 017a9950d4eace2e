#include "data/pictures/csv_find.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <unistd.h>

#include "base/path.h"
#include "data/pictures/listing.h"

enum { MISSING_MAX = 1000 };

static bool is_folder(const dla_csv_find *find, const char *name)
{
  if (find->members && strcmp(find->folder, ".") == 0)
    return dla_members_have_folder(find->members, name);
  char *path = dla_join_path(find->folder, name);
  const bool is =
      path && (find->members ? dla_members_have_folder(find->members, path) : dla_is_folder(path));
  free(path);
  return is;
}

/* Adds a folder that exists, once. */
static dla_status add(dla_csv_find *find, const char *name, size_t length, const char *end,
                      dla_error *err)
{
  dla_strbuf made = {0};
  dla_strbuf_printf(&made, "%.*s%s", (int)length, name, end);
  bool known = length > 0 && !made.failed && !is_folder(find, made.text);
  for (int i = 0; i < find->count && !made.failed; i++)
    known |= strcmp(find->below[i], made.text) == 0;
  if (made.failed || known) {
    const bool failed = made.failed;
    dla_strbuf_free(&made);
    return failed ? dla_fail_memory(err, "a file name") : DLA_OK;
  }
  find->below[find->count++] = made.text;
  return DLA_OK;
}

dla_status dla_csv_find_begin(dla_csv_find *find, const char *csv, const char *folder,
                              const dla_members *members, dla_error *err)
{
  const char *name = dla_path_name(csv);
  const char *dot = strrchr(name, '.');
  if (dot && dot > name && strcasecmp(dot, ".gz") == 0) /* of labels.csv.gz */
    while (dot > name && *--dot != '.')
      ;
  const size_t stem = dot ? (size_t)(dot - name) : strlen(name);
  *find = (dla_csv_find){.folder = folder, .members = members};
  dla_status status = add(find, "", 0, "", err);
  if (!status && stem) status = add(find, name, stem, "", err);
  if (!status && stem) status = add(find, name, stem, "_images", err);
  if (!status && strcspn(name, "_-") < stem && strcspn(name, "_-") > 0)
    status = add(find, name, strcspn(name, "_-"), "", err);
  if (!status) status = add(find, "train", 5, "", err);
  if (!status) status = add(find, "images", 6, "", err);
  if (status) dla_csv_find_end(find);
  return status;
}

static bool is_file(const dla_csv_find *find, const char *path)
{
  return find->members ? dla_members_find(find->members, path) >= 0 : dla_is_file(path);
}

static bool is_there(const dla_csv_find *find, const char *below, const char *path, const char *end,
                     dla_strbuf *out)
{
  const bool top = strcmp(find->folder, ".") == 0;
  out->length = 0;
  dla_strbuf_printf(out, "%s%s", top ? "" : find->folder, top ? "" : "/");
  const size_t from = out->length;
  dla_strbuf_printf(out, "%s%s%s%s", below, *below ? "/" : "", path, end);
  if (out->failed || !is_file(find, out->text)) return false;
  memmove(out->text, out->text + from, out->length - from + 1);
  out->length -= from;
  return true;
}

/* Looks in each folder, with each ending. */
static bool look(dla_csv_find *find, const char *path, dla_strbuf *out)
{
  static const char *const ends[] = {"", ".jpg", ".jpeg", ".png", ".JPG", ".JPEG", ".PNG", ".webp"};
  const size_t count = dla_is_picture_name(path) ? 1 : sizeof ends / sizeof *ends;
  for (int i = 0; i < find->count; i++)
    for (size_t e = 0; e < count; e++)
      if (is_there(find, find->below[i], path, ends[e], out)) return true;
  return false;
}

/* Leaves out the front of a path, as C:/data/ or /home/other/, up to where a file is found. What
 * was left out once is left out of the other paths, too, and nothing else. */
static bool look_behind(dla_csv_find *find, const char *path, dla_strbuf *out)
{
  const size_t known = find->strange ? strlen(find->strange) : 0;
  if (known) return strncmp(path, find->strange, known) == 0 && look(find, path + known, out);
  if (find->found > 0) return false;
  for (const char *rest = strchr(path, '/'); rest; rest = strchr(rest, '/')) {
    if (!look(find, ++rest, out)) continue;
    find->strange = strndup(path, (size_t)(rest - path));
    out->failed |= !find->strange;
    return true;
  }
  return false;
}

static bool search(dla_csv_find *find, char *path, dla_strbuf *out)
{
  if (*path == '/' && !find->members && access(path, F_OK) == 0) {
    out->length = 0;
    dla_strbuf_printf(out, "%s", path);
    return true;
  }
  if (*path != '/' && look(find, path, out)) return true;
  char *slash = strchr(path, '\\');
  for (; slash; slash = strchr(slash, '\\'))
    *slash = '/';
  return (*path != '/' && look(find, path, out)) || look_behind(find, path, out);
}

void dla_csv_find_file(dla_csv_find *find, const char *path, dla_strbuf *out)
{
  char *changed = strdup(path);
  out->failed |= !changed;
  if (changed && (find->found > 0 || find->missing < MISSING_MAX) && search(find, changed, out)) {
    find->found++;
  } else if (changed) {
    find->missing++;
    out->length = 0;
    dla_strbuf_printf(out, "%s", path);
  }
  free(changed);
}

void dla_csv_find_end(dla_csv_find *find)
{
  while (find->count > 0)
    free(find->below[--find->count]);
  free(find->strange);
  find->strange = NULL;
}
