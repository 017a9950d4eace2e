/* Matches file names with those of a format. Users' files often have slightly different names. */
#ifndef DLA_DATA_SOURCES_MEMBER_NAME_H
#define DLA_DATA_SOURCES_MEMBER_NAME_H

#include "data/formats/format.h"

/* How well a name matches; lower ranks are better. */
typedef struct dla_name_match {
  int rank;
  size_t prefix; /* bytes before the member's name: "emnist-letters-" */
} dla_name_match;

/* Ignores case, treats '-', '_', '.' and ' ' as equal, and ignores added endings: ".gz", ".pkl",
 * ".pickle", " (1)". */
bool dla_member_match(const char *name, const dla_format *format, int member,
                      dla_name_match *match);
/* Does the name match a member of any format? */
bool dla_is_member_name(const char *name);

/* Is it a file or folder that the system made: ".DS_Store", "._x", "__MACOSX"? */
bool dla_name_is_hidden(const char *name, size_t length);

/* Is it an unfinished download, by its ending: ".part"? */
bool dla_is_unfinished_name(const char *name);
/* Is it named like an archive? Additions are allowed: "x.tar.gz?download=1", "x.zip (1)". */
bool dla_is_archive_name(const char *name);

#endif
