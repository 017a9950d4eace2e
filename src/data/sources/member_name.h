/* Is this file one that a format names? People's files are called a little differently. */
#ifndef DLA_DATA_SOURCES_MEMBER_NAME_H
#define DLA_DATA_SOURCES_MEMBER_NAME_H

#include "data/formats/format.h"

/* How a name fits; the lower rank is the better one of two. */
typedef struct dla_name_match {
  int rank;
  size_t prefix; /* bytes before the member's name: "emnist-letters-" */
} dla_name_match;

/* In any case, with '-', '_', '.' and ' ' for one another, and with what was added at the end:
 * ".gz", ".pkl", ".pickle", " (1)". */
bool dla_member_match(const char *name, const dla_format *format, int member,
                      dla_name_match *match);
/* Is it a member of any format? */
bool dla_is_member_name(const char *name);

/* Is the name of a file or folder none of people's own: ".DS_Store", "._x", "__MACOSX"? */
bool dla_name_is_hidden(const char *name, size_t length);

/* A download that has not ended, by its end: ".part". */
bool dla_is_unfinished_name(const char *name);
/* Is it called like an archive? A name may have something behind: "x.tar.gz?download=1", "x.zip
 * (1)". */
bool dla_is_archive_name(const char *name);

#endif
