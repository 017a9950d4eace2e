/* Recognizes files that are not what they should be: what people get instead of a download. */
#ifndef DLA_BASE_LOOKS_LIKE_H
#define DLA_BASE_LOOKS_LIKE_H

#include <stdbool.h>
#include <stddef.h>

enum { DLA_LOOKS_TITLE = 120 };

typedef enum dla_looks_kind {
  DLA_LOOKS_OTHER,
  DLA_LOOKS_POINTER, /* of Git LFS */
  DLA_LOOKS_COMPRESSED,
  DLA_LOOKS_ARCHIVE,
  DLA_LOOKS_PICKLE,
  DLA_LOOKS_PICTURE,
  DLA_LOOKS_ARRAYS, /* numbers in a container of another program */
  DLA_LOOKS_PACKED  /* packed in a way that is not read here */
} dla_looks_kind;

typedef struct dla_looks {
  dla_looks_kind kind;
  const char *what;            /* "a web page"; NULL: not recognized */
  const char *hint;            /* what to do about it */
  char title[DLA_LOOKS_TITLE]; /* a web page's, in quotes behind a blank, or "" */
} dla_looks;

/* Looks at the first bytes of a file (a few hundred are enough). count is 0 only for an empty
 * file. */
dla_looks dla_looks_like(const void *bytes, size_t count);

/* Whether the first bytes of a file are plain text, as of a server's answer "Not Found". Then sets
 * title to the first line, in quotes behind a blank. */
bool dla_looks_like_text(const void *bytes, size_t count, char title[DLA_LOOKS_TITLE]);

#endif
