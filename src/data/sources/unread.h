/* Files that people have instead of a data set that is read here: tables of arrays, databases,
 * archives. They are told by their names, so that an error can say what to do. */
#ifndef DLA_DATA_SOURCES_UNREAD_H
#define DLA_DATA_SOURCES_UNREAD_H

#include <stdbool.h>
#include <stddef.h>

/* What a file of that name is, as "a Parquet file"; NULL: unknown. */
const char *dla_unread_kind(const char *name);
enum { DLA_UNREAD = 240 };

/* Looks into a folder for an archive, a table or such a file. Sets what ("x.parquet, a Parquet
 * file") and the hint. False: there is none. */
bool dla_unread_in(const char *folder, char what[DLA_UNREAD], char hint[DLA_UNREAD]);

/* How to make an archive of one that was split into parts; false: by its name it is none of them.
 * x.zip is one if x.z01 is beside it. */
bool dla_split_archive_hint(const char *path, char hint[DLA_UNREAD]);

#endif
