/* What a file is that is not what it should be: the things that people get instead of a download.
 */
#ifndef DLA_BASE_LOOKS_LIKE_H
#define DLA_BASE_LOOKS_LIKE_H

#include <stddef.h>

enum { DLA_LOOKS_TITLE = 120 };

typedef enum dla_looks_kind {
  DLA_LOOKS_OTHER,
  DLA_LOOKS_POINTER, /* of Git LFS */
  DLA_LOOKS_COMPRESSED,
  DLA_LOOKS_ARCHIVE,
  DLA_LOOKS_PICKLE
} dla_looks_kind;

typedef struct dla_looks {
  dla_looks_kind kind;
  const char *what;            /* "a web page"; NULL: nothing that is known here */
  const char *hint;            /* what to do about it */
  char title[DLA_LOOKS_TITLE]; /* a web page's, in quotes behind a blank; else "" */
} dla_looks;

/* From the first bytes of a file (a few hundred are enough) and its size. */
dla_looks dla_looks_like(const void *bytes, size_t count);

#endif
