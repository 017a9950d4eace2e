/* Lists the files of a folder, an archive or a CSV file. */
#ifndef DLA_DATA_PICTURES_LISTING_H
#define DLA_DATA_PICTURES_LISTING_H

#include "data/pictures/members.h"

/* Lists all files of a folder and its subfolders, except hidden ones. Links are followed, but no
 * folder is listed twice. */
dla_status dla_picture_list_from_folder(dla_picture_list *list, const char *path, dla_error *err);

/* In an uncompressed tar or zip it keeps the members' offsets; in other archives the bytes of
 * possible pictures. *other: it stopped at a file of another data set format, before the first
 * picture. */
dla_status dla_picture_list_from_archive(dla_picture_list *list, const char *path, bool *other,
                                         dla_error *err);

/* Lines of path,label. Paths are relative to the CSV's folder, or absolute. The first line may be
 * a header. An entry's label is the index of its class among the folders of `classes`, a list
 * that holds only these names. Sets the entries' sides: training, but for what a column of the
 * header gives to the tests; then *split is set. */
dla_status dla_picture_list_from_csv(dla_picture_list *list, const char *path,
                                     dla_picture_list *classes, bool *split, dla_error *err);

/* What a table inside an archive said. */
typedef struct dla_table_reading {
  size_t named; /* lines that name a member of the archive */
  bool split;   /* a column gave both sides */
} dla_table_reading;

/* The same from a table inside an archive, at `path` in it; its text ends in a NUL, and is changed.
 * It sets the labels and sides of the members that it names. Those that are not there are added,
 * and left out. */
dla_status dla_picture_list_label(dla_picture_list *list, const dla_members *members,
                                  const char *archive, const char *path, char *text, size_t length,
                                  dla_picture_list *classes, dla_table_reading *reading,
                                  dla_error *err);

/* Does it have a picture's file name? */
bool dla_is_picture_name(const char *name);
/* Does a file below an open folder (or AT_FDCWD) start like a picture? */
bool dla_is_picture_file(int folder, const char *name);
/* Is it named like a table: .csv, .tsv, .txt, also with .gz? */
bool dla_is_csv_name(const char *path);
/* How likely a table has the labels, by its name; 0: not at all, as Kaggle's sample_submission.csv.
 */
int dla_table_rank(const char *name);
/* Is the file a table of pictures, by its name? A .txt needs a picture's name in its first line, or
 * the names of columns. */
bool dla_is_table(const char *path);

#endif
