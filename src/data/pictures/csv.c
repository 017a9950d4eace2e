#define _GNU_SOURCE /* strcasestr() */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/stat.h>

#include "base/array.h"
#include "base/gzip.h"
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
  const char *path;           /* for errors */
  char *folder;               /* of the CSV file */
  const dla_members *members; /* of the archive that it lies in; NULL: a file */
  const char *archive;
  size_t named;    /* lines that name one of them */
  uint32_t *lines; /* the entry of each line, if there are members */
  size_t line_count, line_room;
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

/* A picture that the archive does not have. */
static dla_status add_missing(csv *c, const char *path, dla_picture_entry **entry)
{
  uint32_t folder;
  const char *name = dla_path_name(path);
  const size_t length = name > path ? (size_t)(name - path) - 1 : 0;
  if (c->place[0] < 0)
    TRY(dla_picture_list_place(c->list, c->archive, DLA_PLACE_MEMORY, -1, &c->place[0], c->err));
  TRY(dla_picture_list_folder(c->list, c->place[0], path, length, &folder, c->err));
  TRY(dla_picture_list_add(c->list, c->place[0], folder, name, entry, c->err));
  return dla_picture_leave_out(c->list, *entry, "it is not in the archive", "", c->err);
}

/* Gives a member of the archive its class. */
static dla_status mark(csv *c, const char *below, const char *label)
{
  const bool top = strcmp(c->folder, ".") == 0;
  dla_strbuf path = {0};
  uint32_t number;
  dla_picture_entry *entry = NULL;
  while (*below == '/')
    below++;
  dla_strbuf_printf(&path, "%s%s%s", top ? "" : c->folder, top ? "" : "/", below);
  const int64_t found = path.failed ? -1 : dla_members_find(c->members, path.text);
  dla_status status = path.failed ? dla_fail_memory(c->err, c->path) : DLA_OK;
  if (found >= 0) entry = &c->list->entries[found];
  if (entry && entry->state == DLA_PICTURE_PASSED)
    status = dla_picture_leave_out(c->list, entry, "it is no picture", "", c->err);
  if (!status && !entry) status = add_missing(c, path.text, &entry);
  if (!status && !DLA_ARRAY_RESERVE(c->lines, c->line_room, c->line_count, 1))
    status = dla_fail_memory(c->err, c->path);
  dla_strbuf_free(&path);
  if (status) return status;
  TRY(dla_picture_list_folder(c->classes, 0, label, strlen(label), &number, c->err));
  entry->label = (int32_t)number;
  entry->listed = true;
  c->named += found >= 0;
  c->lines[c->line_count++] = (uint32_t)(entry - c->list->entries);
  return DLA_OK;
}

static dla_status add_file(csv *c, const char *path, const char *label)
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
  if (c->found.failed) return dla_fail_memory(c->err, c->path);
  return c->members ? mark(c, c->found.text, label) : add_file(c, c->found.text, label);
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
  const size_t lines = c->members ? c->line_count : c->list->count - from;
  for (size_t i = 0; i < lines; i++) {
    const int rank = split ? c->ranks[i] : RANK_TRAIN;
    c->list->entries[c->members ? c->lines[i] : from + i].side = rank == RANK_TRAIN ? DLA_SIDE_TRAIN
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

static dla_status read_gzip(dla_gzip *file, const char *path, dla_strbuf *text, dla_error *err)
{
  char block[1 << 14];
  size_t count = 1;
  while (count > 0) {
    TRY(dla_gzip_read(file, block, sizeof block, &count, err));
    dla_strbuf_append(text, block, count);
    if (text->failed) return dla_fail_memory(err, path);
    if (text->length > CSV_MAX)
      return dla_fail(err, DLA_E_INPUT, path, "is it the right file?",
                      "it is longer than the %zu bytes that a table may have", CSV_MAX);
  }
  return DLA_OK;
}

static dla_status read_text(const char *path, char **text, size_t *length, dla_error *err)
{
  dla_gzip *file;
  dla_strbuf made = {0};
  if (!dla_path_ends(path, ".gz")) return dla_read_file(path, CSV_MAX, text, length, err);
  TRY(dla_gzip_open(path, &file, err));
  dla_strbuf_append(&made, "", 0);
  dla_status status = read_gzip(file, path, &made, err);
  dla_gzip_close(file);
  if (status) {
    dla_strbuf_free(&made);
    return status;
  }
  *text = made.text;
  *length = made.length;
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
  dla_status status = read_text(path, &text, &length, err);
  if (!status) status = dla_csv_find_begin(&c.find, path, c.folder, NULL, err);
  if (!status) status = read_lines(&c, text, length);
  *split = !status && settle_sides(&c, from);
  dla_csv_find_end(&c.find);
  free(c.ranks);
  dla_strbuf_free(&c.found);
  free(text);
  free(c.folder);
  return status;
}

dla_status dla_picture_list_label(dla_picture_list *list, const dla_members *members,
                                  const char *archive, const char *path, char *text, size_t length,
                                  dla_picture_list *classes, dla_table_reading *reading,
                                  dla_error *err)
{
  dla_strbuf where = {0};
  const char *name = dla_path_name(path);
  dla_strbuf_printf(&where, "%s: %s", archive, path);
  csv c = {.list = list,
           .classes = classes,
           .path = dla_strbuf_text(&where),
           .folder = name == path ? strdup(".") : strndup(path, (size_t)(name - path) - 1),
           .members = members,
           .archive = archive,
           .place = {-1, -1},
           .columns = {0, 1, -1},
           .err = err};
  dla_status status = c.folder && !where.failed ? DLA_OK : dla_fail_memory(err, archive);
  if (!status) status = dla_csv_find_begin(&c.find, path, c.folder, members, err);
  if (!status) status = read_lines(&c, text, length);
  reading->split = !status && settle_sides(&c, 0);
  reading->named = c.named;
  dla_csv_find_end(&c.find);
  free(c.ranks);
  free(c.lines);
  dla_strbuf_free(&c.found);
  dla_strbuf_free(&where);
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

static size_t read_head(const char *path, char *bytes, size_t size)
{
  dla_gzip *file;
  dla_error unused;
  struct stat info;
  size_t count = 0;
  if (stat(path, &info) != 0 || !S_ISREG(info.st_mode) || dla_gzip_open(path, &file, &unused))
    return 0;
  dla_status status = dla_gzip_read(file, bytes, size, &count, &unused);
  dla_gzip_close(file);
  return status ? 0 : count;
}

bool dla_is_csv_name(const char *path)
{
  static const char *const ends[] = {".csv", ".tsv", ".txt", ".csv.gz", ".tsv.gz", ".txt.gz"};
  for (size_t i = 0; i < sizeof ends / sizeof *ends; i++)
    if (dla_path_ends(path, ends[i])) return true;
  return false;
}

bool dla_is_table(const char *path)
{
  enum { HEAD = 4096 };
  char bytes[HEAD];
  if (!dla_is_csv_name(path)) return false;
  if (!dla_path_ends(path, ".txt") && !dla_path_ends(path, ".txt.gz")) return true;
  const size_t got = read_head(path, bytes, HEAD - 1);
  if (got == 0) return false;
  bytes[got] = '\0';
  const bool wide = got > 1 && (memcmp(bytes, "\xff\xfe", 2) == 0);
  return wide || begins_table(bytes);
}

int dla_table_rank(const char *name)
{
  const char *dot = strrchr(name, '.');
  if (strcasestr(name, "submission")) return 0;
  if (strcasestr(name, "label") || strcasestr(name, "train") || strcasestr(name, "annotations"))
    return 3;
  if (dot && strcasecmp(dot, ".txt") == 0) return 0; /* such as README.txt */
  return strncasecmp(name, "test", 4) == 0 ? 1 : 2;
}
