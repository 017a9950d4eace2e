#define _GNU_SOURCE /* strcasestr() */
#include "data/sources/unread.h"

#include <ctype.h>
#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <unistd.h>

#include "base/one_line.h"
#include "base/path.h"
#include "data/address.h"
#include "data/sources/member_name.h"

static const struct {
  const char *end, *what;
} kinds[] = {
    {".parquet", "a Parquet file"}, {".arrow", "an Arrow file"},
    {".mat", "a MATLAB file"},      {".npz", "an archive of numpy arrays"},
    {".npy", "a numpy array"},      {".h5", "an HDF5 file"},
    {".hdf5", "an HDF5 file"},      {".mdb", "an LMDB database"},
    {".beton", "a file of FFCV"},   {".rec", "a RecordIO file of MXNet"},
    {".sqlite", "a database"},      {".dcm", "a DICOM file"},
    {".nii", "a NIfTI file"},       {".rds", "a file of R"},
    {".ubj", "a UBJSON file"},
};

const char *dla_unread_kind(const char *name)
{
  for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++)
    if (dla_path_ends(name, kinds[i].end)) return kinds[i].what;
  return strcasestr(name, ".tfrecord") ? "a TFRecord file" : NULL;
}

/* ---- A folder ---- */

typedef struct findings {
  char *archive, *table, *other; /* the first of each by name, and rather one to train with */
} findings;

static bool is_to_train(const char *name)
{
  return strcasestr(name, "train") || strcasestr(name, "label");
}

static void keep_first(char **first, const char *name)
{
  const int better = *first ? is_to_train(name) - is_to_train(*first) : 1;
  if (better < 0 || (better == 0 && strcmp(*first, name) <= 0)) return;
  free(*first);
  *first = strdup(name);
}

static void look(const char *folder, findings *f)
{
  DIR *open = opendir(folder);
  const struct dirent *entry;
  while (open && (entry = readdir(open))) {
    const char *name = entry->d_name;
    if (dla_name_is_hidden(name, strlen(name)) || entry->d_type == DT_DIR) continue;
    if (dla_is_archive_name(name)) keep_first(&f->archive, name);
    if (dla_path_ends(name, ".csv") || dla_path_ends(name, ".tsv")) keep_first(&f->table, name);
    if (dla_unread_kind(name)) keep_first(&f->other, name);
  }
  if (open) closedir(open);
}

bool dla_unread_in(const char *folder, char what[DLA_UNREAD], char hint[DLA_UNREAD])
{
  findings f = {0};
  look(folder, &f);
  const char *name = f.archive ? f.archive : f.other ? f.other : f.table;
  if (name) {
    snprintf(what, DLA_UNREAD, "%.100s, %s", name,
             f.archive ? "an archive"
             : f.other ? dla_unread_kind(name)
                       : "a table");
    if (name == f.other)
      snprintf(hint, DLA_UNREAD, "%s", dla_unread_hint);
    else
      snprintf(hint, DLA_UNREAD,
               "give the %s itself: dataset.path=%.60s/%.60s; or two, as dataset.train and "
               "dataset.val",
               f.archive ? "archive" : "table", folder, name);
    dla_one_line(what);
    dla_one_line(hint);
  }
  const bool found = name != NULL;
  free(f.archive);
  free(f.table);
  free(f.other);
  return found;
}

/* ---- Split archives ---- */

static bool is_number(const char *text)
{
  return isdigit((unsigned char)text[0]) && isdigit((unsigned char)text[1]);
}

bool dla_split_archive_hint(const char *path, char hint[DLA_UNREAD])
{
  const char *name = dla_path_name(path), *dot = strrchr(name, '.');
  if (!dot || dot == name) return false;
  const int stem = (int)(dot - name) < 80 ? (int)(dot - name) : 80;
  const char *end = dot + 1;
  const size_t length = strlen(end);
  bool zip = length == 3 && tolower((unsigned char)end[0]) == 'z' && is_number(end + 1);
  if (strcasecmp(end, "zip") == 0) {
    char *first = strdup(path);
    if (first) memcpy(first + strlen(path) - 3, "z01", 3);
    zip = first && access(first, F_OK) == 0;
    free(first);
  }
  if (zip) {
    snprintf(hint, DLA_UNREAD, "join the parts first: zip -s 0 %.*s.zip --out whole.zip", stem,
             name);
  } else if ((length == 3 && is_number(end) && isdigit((unsigned char)end[2])) ||
             (length == 2 && end[0] == 'a' && islower((unsigned char)end[1])) ||
             (length == 6 && strncmp(end, "part", 4) == 0)) {
    snprintf(hint, DLA_UNREAD, "join the parts first: cat %.*s.* > %.*s", stem, name, stem, name);
  } else {
    return false;
  }
  dla_one_line(hint);
  return true;
}
