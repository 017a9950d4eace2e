#include "data/pictures/shards.h"

#include <dirent.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/array.h"
#include "base/natural.h"
#include "base/path.h"
#include "base/try.h"
#include "data/pictures/side_names.h"

/* A shard takes two places of the list: of its pictures, and of its labels. */
enum { HEADERS_MAX = 64, SHARDS_MAX = (DLA_PLACES_MAX - 4) / 2, LABEL_MAX = 200 };

/* ---- Labels ---- */

/* The text of a label, without blanks around it. False: it is no line of text. */
static bool read_label(const dla_picture_entry *entry, char text[LABEL_MAX + 1])
{
  const char *bytes = (const char *)(uintptr_t)entry->at;
  size_t from = 0, to = (size_t)entry->size;
  while (from < to && strchr(" \t\r\n", bytes[from]))
    from++;
  while (to > from && strchr(" \t\r\n", bytes[to - 1]))
    to--;
  if (to == from || to - from > LABEL_MAX) return false;
  for (size_t i = from; i < to; i++)
    if ((unsigned char)bytes[i] < ' ') return false;
  memcpy(text, bytes + from, to - from);
  text[to - from] = '\0';
  return true;
}

/* The entry of KEY.cls; NULL: there is none. The key ends at the name's first dot. */
static const dla_picture_entry *find_label(const dla_members *members,
                                           const dla_picture_entry *entry, dla_strbuf *path)
{
  const dla_picture_list *list = members->list;
  const char *name = dla_picture_name(list, entry), *folder = list->folders[entry->folder].path;
  path->length = 0;
  dla_strbuf_printf(path, "%s%s%.*s.cls", folder, *folder ? "/" : "", (int)strcspn(name, "."),
                    name);
  const int64_t found = path->failed ? -1 : dla_members_find(members, path->text);
  return found >= 0 ? &list->entries[found] : NULL;
}

static bool is_picture(const dla_picture_list *list, const dla_picture_entry *entry)
{
  return entry->state != DLA_PICTURE_PASSED && !dla_is_shard_label(dla_picture_name(list, entry));
}

static bool most_have_labels(const dla_members *members, size_t from, dla_strbuf *path)
{
  const dla_picture_list *list = members->list;
  size_t pictures = 0, labelled = 0;
  for (size_t i = from; i < list->count; i++) {
    if (!is_picture(list, &list->entries[i])) continue;
    pictures++;
    labelled += find_label(members, &list->entries[i], path) != NULL;
  }
  return 2 * labelled > pictures;
}

static dla_status label(dla_picture_list *list, const dla_members *members,
                        dla_picture_entry *entry, dla_picture_list *classes, dla_strbuf *path,
                        dla_error *err)
{
  char text[LABEL_MAX + 1];
  uint32_t number;
  const dla_picture_entry *found = find_label(members, entry, path);
  if (path->failed) return dla_fail_memory(err, "a file name");
  if (!found || !read_label(found, text))
    return dla_picture_leave_out(list, entry,
                                 found ? "its .cls is no line of text" : "it has no .cls beside it",
                                 "write its class there", err);
  TRY(dla_picture_list_folder(classes, 0, text, strlen(text), &number, err));
  entry->label = (int32_t)number;
  return DLA_OK;
}

dla_status dla_picture_shard_label(dla_picture_list *list, size_t from, dla_side side,
                                   dla_picture_list *classes, bool *found, dla_error *err)
{
  dla_members members;
  dla_strbuf path = {0};
  bool any = false;
  *found = false;
  for (size_t i = from; i < list->count && !any; i++)
    any = dla_is_shard_label(dla_picture_name(list, &list->entries[i]));
  if (!any) return DLA_OK;
  TRY(dla_members_begin(&members, list, from, err));
  *found = most_have_labels(&members, from, &path);
  dla_status status = path.failed ? dla_fail_memory(err, "a file name") : DLA_OK;
  for (size_t i = from; *found && i < list->count && !status; i++) {
    dla_picture_entry *e = &list->entries[i];
    e->listed = is_picture(list, e);
    e->side = (uint8_t)(e->listed ? side : DLA_SIDE_NONE);
    if (e->listed) status = label(list, &members, e, classes, &path, err);
  }
  dla_strbuf_free(&path);
  dla_members_end(&members);
  return status;
}

/* ---- A folder of shards ---- */

typedef struct shards {
  char **names; /* owned */
  size_t count, capacity;
} shards;

static int by_name(const void *a, const void *b)
{
  return dla_natural_compare(*(char *const *)a, *(char *const *)b);
}

static dla_status list_names(const char *path, shards *s, dla_error *err)
{
  DIR *folder = opendir(path);
  const struct dirent *entry;
  if (!folder) return dla_fail_errno(err, path, "open it");
  dla_status status = DLA_OK;
  while (!status && (entry = readdir(folder))) {
    if (entry->d_name[0] == '.' || !dla_path_ends(entry->d_name, ".tar")) continue;
    char *name = strdup(entry->d_name);
    if (!name || !DLA_ARRAY_RESERVE(s->names, s->capacity, s->count, 1)) {
      free(name);
      status = dla_fail_memory(err, path);
    } else {
      s->names[s->count++] = name;
    }
  }
  closedir(folder);
  if (s->count > 0) qsort(s->names, s->count, sizeof *s->names, by_name);
  return status;
}

/* Whether one of the first members of a tar, which is not compressed, is a label. */
static bool has_labels(const char *path)
{
  char header[512], size[13] = "", name[101] = "";
  off_t at = 0;
  bool found = false;
  const int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
  for (int i = 0; fd >= 0 && i < HEADERS_MAX && !found; i++) {
    if (pread(fd, header, sizeof header, at) != sizeof header || !header[0]) break;
    memcpy(name, header, 100);
    memcpy(size, header + 124, 12);
    found = dla_is_shard_label(name);
    const unsigned long long bytes = strtoull(size, NULL, 8);
    if (bytes > DLA_PICTURE_BYTES_MAX) break;
    at += (off_t)(512 + (bytes + 511) / 512 * 512);
  }
  if (fd >= 0) close(fd);
  return found;
}

bool dla_is_shards_folder(const char *path)
{
  shards s = {0};
  dla_error unused = {0};
  dla_status status = list_names(path, &s, &unused);
  char *first = !status && s.count > 0 ? dla_join_path(path, s.names[0]) : NULL;
  const bool are = first && has_labels(first);
  free(first);
  dla_free_texts(s.names, s.count);
  return are;
}

/* The sides of the shards, by their names: all train, unless both are there. Of val and test the
 * first counts. */
static bool find_sides(const shards *s, dla_side *sides)
{
  dla_side_name name;
  int least = -1;
  bool train = false;
  for (size_t i = 0; i < s->count; i++) {
    if (!dla_side_name_read(s->names[i], strlen(s->names[i]), &name)) continue;
    train |= name.train;
    if (!name.train && (least < 0 || name.rank < least)) least = name.rank;
  }
  const bool split = train && least >= 0;
  for (size_t i = 0; i < s->count; i++) {
    const bool is = dla_side_name_read(s->names[i], strlen(s->names[i]), &name);
    sides[i] = !split || (is && name.train) ? DLA_SIDE_TRAIN
               : is && name.rank == least   ? DLA_SIDE_VAL
                                            : DLA_SIDE_NONE;
  }
  return split;
}

static dla_status list_shard(dla_picture_list *list, const char *path, dla_side side,
                             dla_picture_list *classes, dla_error *err)
{
  const size_t from = list->count;
  bool other = false, found = false;
  TRY(dla_picture_list_from_archive(list, path, &other, err));
  if (!other) TRY(dla_picture_shard_label(list, from, side, classes, &found, err));
  return found ? DLA_OK
               : dla_fail(err, DLA_E_INPUT, path, "take it out of the folder, or make it anew",
                          "it is no shard as the others: it has no pictures with a .cls beside "
                          "each");
}

static dla_status list_all(dla_picture_list *list, const char *path, const shards *s,
                           const dla_side *sides, dla_picture_list *classes, dla_error *err)
{
  dla_status status = DLA_OK;
  for (size_t i = 0; i < s->count && !status; i++) {
    if (sides[i] == DLA_SIDE_NONE) continue;
    char *shard = dla_join_path(path, s->names[i]);
    status = shard ? list_shard(list, shard, sides[i], classes, err) : dla_fail_memory(err, path);
    free(shard);
  }
  return status;
}

dla_status dla_picture_list_from_shards(dla_picture_list *list, const char *path, dla_side side,
                                        dla_picture_list *classes, bool *split, dla_error *err)
{
  shards s = {0};
  *split = false;
  list->shards = true;
  dla_status status = list_names(path, &s, err);
  if (!status && list->place_count + 2 * s.count > 2 * SHARDS_MAX)
    status = dla_fail(
        err, DLA_E_INPUT, path, "join them: find FOLDER -name '*.tar' -exec tar -Af all.tar {} \\;",
        "there are %zu shards, more than the %d that can be open at once", s.count, SHARDS_MAX);
  dla_side *sides = calloc(s.count + 1, sizeof *sides);
  if (!sides && !status) status = dla_fail_memory(err, path);
  if (!status && side == DLA_SIDE_NONE) *split = find_sides(&s, sides);
  for (size_t i = 0; sides && i < s.count && side != DLA_SIDE_NONE; i++)
    sides[i] = side;
  if (!status) status = list_all(list, path, &s, sides, classes, err);
  free(sides);
  dla_free_texts(s.names, s.count);
  return status;
}
