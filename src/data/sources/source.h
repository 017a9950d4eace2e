/* A data set's place, format and files. */
#ifndef DLA_DATA_SOURCES_SOURCE_H
#define DLA_DATA_SOURCES_SOURCE_H

#include "data/sources/catalogue.h"

typedef struct dla_source {
  const dla_format *format;
  char *place;  /* the folder or the archive, for errors; owned */
  bool several; /* the search in a folder failed since more than one data set could be meant */
  bool nothing; /* an archive can be read, but has none of the files */
  /* The files found. From an archive they are in memory; in a folder only their name (the path)
   * is set. */
  dla_blob found[DLA_MEMBERS_MAX];
} dla_source;

/* Checks that all files of this part exist, and that none is a broken link. */
dla_status dla_source_check(const dla_source *source, dla_part part, dla_error *err);

/* Moves a member of source->format, which must exist, to *blob. Reads it first if it is in a
 * folder. */
dla_status dla_source_take(dla_source *source, int member, dla_blob *blob, dla_error *err);

bool dla_source_has(const dla_source *source, int member);

void dla_source_close(dla_source *source);

#endif
