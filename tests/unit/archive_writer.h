/* Archives for tests, good and bad. */
#ifndef DLA_TESTS_ARCHIVE_WRITER_H
#define DLA_TESTS_ARCHIVE_WRITER_H

#include <stddef.h>

typedef struct archive_member {
  const char *name;
  const char *content; /* of a file; a link's target; NULL: a folder */
  char type;           /* 'f'ile, 'd'irectory, 's'ymlink, 'h'ard link, 'p'ipe, or 'b': a file of
                          `size` bytes of content, NULs among them */
  size_t size;         /* of a file without content: so many zeros */
} archive_member;

/* format: "ustar", "pax", "zip", "7zip", "raw"; filter: "none", "gzip", "xz" ... The members end
 * with a NULL name. Returns 0 where libarchive lacks the format or filter, else 1. */
int archive_write(const char *path, const char *format, const char *filter,
                  const archive_member *members);

#endif
