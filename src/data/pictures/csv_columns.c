#include "data/pictures/csv_columns.h"

#include <stddef.h>
#include <string.h>
#include <strings.h>

#include "data/pictures/side_names.h"

static const char *const path_names[] = {
    "path",    "file",       "filename", "file_name", "filepath", "file_path",  "image",
    "img",     "image_name", "img_name", "image_id",  "img_id",   "image_path", "img_path",
    "picture", "photo",      "id_code",  "id",        NULL};
static const char *const label_names[] = {
    "label", "labels",    "label_name",  "class",  "class_name", "category", "species",
    "breed", "diagnosis", "class_label", "target", "choice",     "dx",       NULL};
static const char *const split_names[] = {"split", "subset",   "partition", "data_split",
                                          "set",   "is_valid", NULL};

/* '-' and blanks count as '_'; blanks around the name do not count. */
static bool is_name(const char *field, const char *name)
{
  while (*field == ' ')
    field++;
  for (; *name; field++, name++) {
    const char c[2] = {*field == '-' || *field == ' ' ? '_' : *field, '\0'};
    const char d[2] = {*name, '\0'};
    if (strcasecmp(c, d) != 0) return false;
  }
  while (*field == ' ')
    field++;
  return *field == '\0';
}

/* The field with the first of the names that there is; -1: none. */
static int find(char *const *fields, int count, const char *const *names)
{
  for (const char *const *name = names; *name; name++)
    for (int i = 0; i < count; i++)
      if (is_name(fields[i], *name)) return i;
  return -1;
}

bool dla_csv_is_header(char *const *fields, int count, dla_csv_columns *columns)
{
  int path = find(fields, count, path_names);
  int label = find(fields, count, label_names);
  if (path < 0 && label < 1) return false;
  if (path < 0) path = 0;
  if (label < 0 && count == 2) label = 1 - path; /* as in id,colour */
  *columns = (dla_csv_columns){path, label, find(fields, count, split_names)};
  return true;
}

dla_side dla_csv_side(const char *field, int *rank)
{
  dla_side_name name;
  *rank = -1;
  while (*field == ' ')
    field++;
  size_t length = strlen(field);
  while (length > 0 && field[length - 1] == ' ')
    length--;
  /* fastai's is_valid */
  const bool yes = length == 4 && strncasecmp(field, "true", 4) == 0;
  if (yes) *rank = 0;
  if (yes) return DLA_SIDE_VAL;
  if (length == 5 && strncasecmp(field, "false", 5) == 0) return DLA_SIDE_TRAIN;
  if (!dla_side_name_read(field, length, &name) || !dla_side_name_is_plain(&name))
    return DLA_SIDE_NONE;
  *rank = name.rank;
  return name.train ? DLA_SIDE_TRAIN : DLA_SIDE_VAL;
}
