/* Finds the files that a CSV file names. Tables often have names without a folder or an ending. */
#ifndef DLA_DATA_PICTURES_CSV_FIND_H
#define DLA_DATA_PICTURES_CSV_FIND_H

#include "data/pictures/members.h"

enum { DLA_CSV_FOLDERS = 6 };

typedef struct dla_csv_find {
  const char *folder;           /* of the CSV file; not owned */
  const dla_members *members;   /* of the archive that it lies in; NULL: a file */
  char *below[DLA_CSV_FOLDERS]; /* those that exist there; the first is ""; owned */
  int count;
  char *strange;         /* the front of paths that are of another machine; owned, NULL: none yet */
  size_t found, missing; /* so far */
} dla_csv_find;

/* Looks which folders are beside the file `csv`: one with its name, as labels/ for labels.csv, and
 * train/ for train_labels.csv; then train/ and images/. `folder` is where it lies. */
dla_status dla_csv_find_begin(dla_csv_find *find, const char *csv, const char *folder,
                              const dla_members *members, dla_error *err);
/* Sets *out to the path below the CSV's folder at which there is a file for `path`: as it is, in
 * one of the folders, or with a picture's ending; with '/' for '\\'; without the front part of a
 * path of another machine, the same part for all of them. An absolute path stays one if its file
 * exists. If there is none, it is `path` itself. After a thousand paths without any file it looks
 * no longer. */
void dla_csv_find_file(dla_csv_find *find, const char *path, dla_strbuf *out);
void dla_csv_find_end(dla_csv_find *find);

#endif
