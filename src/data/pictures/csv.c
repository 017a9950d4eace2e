#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <unistd.h>

#include "base/array.h"
#include "base/looks_like.h"
#include "base/path.h"
#include "base/read_file.h"
#include "base/try.h"
#include "data/pictures/csv_columns.h"
#include "data/pictures/csv_fields.h"
#include "data/pictures/csv_find.h"
#include "data/pictures/listing.h"

#define CSV_MAX ((size_t)1 << 30)

typedef struct csv {
  dla_picture_list *list, *classes;
  const char *path;
  char *folder; /* of the CSV file */
  int place[2]; /* for paths below its folder, and for absolute ones; -1: none yet */
  dla_csv_columns columns;
  dla_csv_find find;
  dla_strbuf found;
  dla_csv_text text;
  int64_t line; /* that is read */
  char *names[DLA_CSV_FIELDS_MAX];
  int hot;        /* the number of columns, if there is one of 0 and 1 for each class, with these
                     names; else 0 */
  uint8_t *ranks; /* of the entries' sides, if a column gives them */
  size_t ranked, rank_room;
  dla_error *err;
} csv;

enum { RANK_TRAIN = 254, RANK_NONE = 255 };

static dla_status fail_with(const csv *c, const char *what, const char *hint)
{
  char where[256];
  snprintf(where, sizeof where, "%.200s:%lld", c->path, (long long)c->line);
  return dla_fail(c->err, DLA_E_INPUT, where, hint, "%s", what);
}

static dla_status fail(const csv *c, const char *what)
{
  return fail_with(c, what, "each line is PATH,LABEL");
}

static dla_status add(csv *c, char *path, const char *label)
{
  const bool absolute = *path == '/';
  int *place = &c->place[absolute];
  uint32_t folder, number;
  dla_picture_entry *entry;
  if (*place < 0)
    TRY(dla_picture_list_place(c->list, absolute ? "/" : c->folder, DLA_PLACE_FOLDER, -1, place,
                               c->err));
  while (*path == '/' || strncmp(path, "./", 2) == 0)
    path += *path == '/' ? 1 : 2;
  const char *name = dla_path_name(path);
  if (!*name) return fail(c, "the path names no file");
  const size_t length = name > path ? (size_t)(name - path) - 1 : 0;
  TRY(dla_picture_list_folder(c->list, *place, path, length, &folder, c->err));
  TRY(dla_picture_list_add(c->list, *place, folder, name, &entry, c->err));
  TRY(dla_picture_list_folder(c->classes, 0, label, strlen(label), &number, c->err));
  entry->label = (int32_t)number;
  entry->listed = true;
  return DLA_OK;
}

static dla_status add_line(csv *c, char *path, char *label)
{
  label += strspn(label, " \t");
  for (size_t length = strlen(label); length > 0 && strchr(" \t", label[length - 1]);)
    label[--length] = '\0';
  if (!*label) return fail(c, "the label is empty");
  while (strncmp(path, "./", 2) == 0)
    path += 2;
  dla_csv_find_file(&c->find, path, &c->found);
  return c->found.failed ? dla_fail_memory(c->err, c->path) : add(c, c->found.text, label);
}

/* ---- A column for each class ---- */

static dla_status fail_no_label(csv *c)
{
  c->line = 1;
  return fail_with(c, "no column's name says that it holds the labels",
                   "call that column label, or give a column of 0 and 1 for each class");
}

/* The name of the column that has the 1. NULL: an error. */
static char *find_hot(csv *c, char **fields, int count)
{
  char *found = NULL;
  int ones = 0;
  for (int i = 0; i < c->hot; i++) {
    if (i == c->columns.path || i == c->columns.split || !*c->names[i]) continue;
    char *end = i < count ? fields[i] : NULL;
    const double value = end ? strtod(fields[i], &end) : 2;
    if (!end || end == fields[i] || end[strspn(end, " ")] || (value != 0 && value != 1)) {
      fail_no_label(c);
      return NULL;
    }
    if (value == 1) found = c->names[i];
    ones += value == 1;
  }
  if (ones == 1) return found;
  fail_with(c, ones ? "the picture is of several classes" : "the picture is of no class",
            "take the line out: each picture has one class here");
  return NULL;
}

static dla_status take_header(csv *c, char **fields, int count)
{
  if (c->columns.label >= 0) return DLA_OK;
  if (count < 3) return fail_no_label(c);
  c->hot = count;
  for (int i = 0; i < count; i++)
    c->names[i] = fields[i] + strspn(fields[i], " ");
  return DLA_OK;
}

/* ---- A column for the side ---- */

static dla_status note_side(csv *c, const char *field)
{
  int rank;
  const dla_side side = field ? dla_csv_side(field, &rank) : DLA_SIDE_NONE;
  if (!DLA_ARRAY_RESERVE(c->ranks, c->rank_room, c->ranked, 1))
    return dla_fail_memory(c->err, c->path);
  c->ranks[c->ranked++] = (uint8_t)(side == DLA_SIDE_NONE    ? RANK_NONE
                                    : side == DLA_SIDE_TRAIN ? RANK_TRAIN
                                                             : rank);
  return DLA_OK;
}

/* All train, unless the column has both sides. Of val and test the first counts, as with
 * folders. */
static bool settle_sides(const csv *c, size_t from)
{
  int least = RANK_TRAIN;
  bool train = false;
  for (size_t i = 0; i < c->ranked; i++) {
    train |= c->ranks[i] == RANK_TRAIN;
    if (c->ranks[i] < least) least = c->ranks[i];
  }
  const bool split = train && least < RANK_TRAIN;
  for (size_t i = from; i < c->list->count; i++) {
    const int rank = split ? c->ranks[i - from] : RANK_TRAIN;
    c->list->entries[i].side = rank == RANK_TRAIN ? DLA_SIDE_TRAIN
                               : rank == least    ? DLA_SIDE_VAL
                                                  : DLA_SIDE_NONE;
  }
  return split;
}

/* ---- Lines ---- */

static dla_status read_line(csv *c)
{
  char *fields[DLA_CSV_FIELDS_MAX], *label;
  int count;
  const bool first = c->line == c->text.line;
  c->line = c->text.line;
  if (!dla_csv_line(&c->text, fields, DLA_CSV_FIELDS_MAX, &count))
    return fail(c, "the quotes of this line do not end");
  if (count == 1 && !*fields[0]) return DLA_OK; /* an empty line */
  if (count > DLA_CSV_FIELDS_MAX)
    return fail_with(c, "there are more columns than a table of pictures has",
                     "numbers of pixels are not read: write them as PNG files, or give MNIST's own "
                     "files (docs/data-sets.md)");
  if (first && count > 1 && dla_csv_is_header(fields, count, &c->columns))
    return take_header(c, fields, count);
  if (c->columns.path >= count) return fail(c, "there is no path");
  if (!c->hot && c->columns.label >= count) return fail(c, "there is no label");
  label = c->hot ? find_hot(c, fields, count) : fields[c->columns.label];
  if (!label) return DLA_E_INPUT;
  if (c->columns.split >= 0)
    TRY(note_side(c, c->columns.split < count ? fields[c->columns.split] : NULL));
  return add_line(c, fields[c->columns.path], label);
}

static dla_status read_lines(csv *c, char *text, size_t length)
{
  c->line = 1;
  if (strncmp(text, "\xff\xfe", 2) == 0 || strncmp(text, "\xfe\xff", 2) == 0)
    return fail_with(c, "it is text in UTF-16", "save it as UTF-8: iconv -f utf-16 -t utf-8 FILE");
  const dla_looks looks = dla_looks_like(text, length);
  if (length > 0 && looks.what) {
    char what[DLA_LOOKS_TITLE + 80];
    snprintf(what, sizeof what, "it is %s%s, and no table", looks.what, looks.title);
    return fail_with(c, what, looks.hint ? looks.hint : "save it as CSV");
  }
  if (memchr(text, '\0', length)) return fail(c, "it is no text");
  dla_csv_begin(&c->text, text);
  for (c->line = c->text.line; *c->text.at;)
    TRY(read_line(c));
  return DLA_OK;
}

dla_status dla_picture_list_from_csv(dla_picture_list *list, const char *path,
                                     dla_picture_list *classes, bool *split, dla_error *err)
{
  const size_t from = list->count;
  csv c = {.list = list,
           .classes = classes,
           .path = path,
           .place = {-1, -1},
           .columns = {0, 1, -1},
           .err = err};
  const char *name = dla_path_name(path);
  char *text = NULL;
  size_t length = 0;
  c.folder = name == path ? strdup(".") : strndup(path, (size_t)(name - path));
  if (!c.folder) return dla_fail_memory(err, path);
  dla_status status = dla_read_file(path, CSV_MAX, &text, &length, err);
  if (!status) status = dla_csv_find_begin(&c.find, path, c.folder, err);
  if (!status) status = read_lines(&c, text, length);
  *split = !status && settle_sides(&c, from);
  dla_csv_find_end(&c.find);
  free(c.ranks);
  dla_strbuf_free(&c.found);
  free(text);
  free(c.folder);
  return status;
}

static bool begins_table(char *bytes)
{
  dla_csv_text text;
  dla_csv_columns columns;
  char *fields[DLA_CSV_FIELDS_MAX];
  int count;
  dla_csv_begin(&text, bytes);
  return dla_csv_line(&text, fields, DLA_CSV_FIELDS_MAX, &count) && count > 1 &&
         count <= DLA_CSV_FIELDS_MAX &&
         (dla_is_picture_name(fields[0]) || dla_csv_is_header(fields, count, &columns));
}

bool dla_is_table(const char *path)
{
  enum { HEAD = 4096 };
  char bytes[HEAD];
  if (!dla_is_csv_name(path)) return false;
  if (strcasecmp(strrchr(path, '.'), ".txt") != 0) return true;
  const int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
  const ssize_t got = fd >= 0 ? read(fd, bytes, HEAD - 1) : -1;
  if (fd >= 0) close(fd);
  if (got <= 0) return false;
  bytes[got] = '\0';
  const bool wide = got > 1 && (memcmp(bytes, "\xff\xfe", 2) == 0);
  return wide || begins_table(bytes);
}

bool dla_is_csv_name(const char *path)
{
  const char *dot = strrchr(path, '.');
  return dot && (strcasecmp(dot, ".csv") == 0 || strcasecmp(dot, ".tsv") == 0 ||
                 strcasecmp(dot, ".txt") == 0);
}
