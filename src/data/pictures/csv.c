/* RFC 4180, as spreadsheets write it: with semicolons where the comma is the decimal point. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/path.h"
#include "base/read_file.h"
#include "base/try.h"
#include "data/pictures/csv_columns.h"
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
  char *at; /* the rest of the text */
  char separator;
  int64_t line;
  dla_error *err;
} csv;

static dla_status fail(const csv *c, const char *what)
{
  char where[256];
  snprintf(where, sizeof where, "%.200s:%lld", c->path, (long long)c->line);
  return dla_fail(c->err, DLA_E_INPUT, where, "each line is PATH,LABEL", "%s", what);
}

/* Parses a field in place. Sets the character that ended it: the separator, '\n' or 0. NULL: an
 * unterminated quote. */
static char *take_field(csv *c, char *end)
{
  char *in = c->at, *out = in, *field = in;
  if (*in == '"') {
    for (in++; *in && !(in[0] == '"' && in[1] != '"'); in++) {
      if (*in == '"') in++;
      *out++ = *in;
    }
    if (!*in) return NULL;
    in++;
  }
  while (*in && *in != c->separator && *in != '\n')
    *out++ = *in++;
  *end = *in;
  c->at = in + (*in != '\0');
  if (*end != c->separator && out > field && out[-1] == '\r') out--;
  *out = '\0';
  return field;
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
  if (*path == '/') return add(c, path, label);
  while (strncmp(path, "./", 2) == 0)
    path += 2;
  dla_csv_find_file(&c->find, path, &c->found);
  return c->found.failed ? dla_fail_memory(c->err, c->path) : add(c, c->found.text, label);
}

static dla_status take_header(csv *c)
{
  char where[256];
  if (c->columns.label >= 0) return DLA_OK;
  snprintf(where, sizeof where, "%.200s:%lld", c->path, (long long)c->line);
  return dla_fail(c->err, DLA_E_INPUT, where,
                  "call that column label; a column of 0 and 1 for each class is not read: put the "
                  "pictures of each class into a folder",
                  "no column's name says that it holds the labels");
}

/* Fields beyond DLA_CSV_FIELDS_MAX are passed over. */
static dla_status read_line(csv *c)
{
  char end = c->separator, *fields[DLA_CSV_FIELDS_MAX];
  int count = 0;
  while (end == c->separator) {
    char *field = take_field(c, &end);
    if (!field) return fail(c, "the quotes of this line do not end");
    if (count < DLA_CSV_FIELDS_MAX) fields[count++] = field;
  }
  if (count == 1 && !*fields[0]) return DLA_OK; /* an empty line */
  if (c->line == 1 && count > 1 && dla_csv_is_header(fields, count, &c->columns))
    return take_header(c);
  if (c->columns.path >= count) return fail(c, "there is no path");
  if (c->columns.label >= count) return fail(c, "there is no label");
  return add_line(c, fields[c->columns.path], fields[c->columns.label]);
}

/* A comma, unless the first line has none, but a semicolon or a tab. */
static char separator_of(const char *text)
{
  const size_t length = strcspn(text, "\n");
  if (memchr(text, ',', length)) return ',';
  if (memchr(text, ';', length)) return ';';
  return memchr(text, '\t', length) ? '\t' : ',';
}

static dla_status read_lines(csv *c, const char *text, size_t length)
{
  if (memchr(text, '\0', length)) {
    c->line = 1;
    return fail(c, "it is no text");
  }
  if (strncmp(c->at, "\xef\xbb\xbf", 3) == 0) c->at += 3; /* a byte order mark */
  c->separator = separator_of(c->at);
  for (c->line = 1; *c->at; c->line++)
    TRY(read_line(c));
  return DLA_OK;
}

dla_status dla_picture_list_from_csv(dla_picture_list *list, const char *path,
                                     dla_picture_list *classes, dla_error *err)
{
  csv c = {.list = list,
           .classes = classes,
           .path = path,
           .place = {-1, -1},
           .columns = {0, 1},
           .err = err};
  const char *name = dla_path_name(path);
  char *text = NULL;
  size_t length = 0;
  c.folder = name == path ? strdup(".") : strndup(path, (size_t)(name - path));
  if (!c.folder) return dla_fail_memory(err, path);
  dla_status status = dla_read_file(path, CSV_MAX, &text, &length, err);
  c.at = text;
  if (!status) status = dla_csv_find_begin(&c.find, path, c.folder, err);
  if (!status) status = read_lines(&c, text, length);
  dla_csv_find_end(&c.find);
  dla_strbuf_free(&c.found);
  free(text);
  free(c.folder);
  return status;
}

bool dla_is_csv_name(const char *path)
{
  const char *dot = strrchr(path, '.');
  return dot && strcasecmp(dot, ".csv") == 0;
}
