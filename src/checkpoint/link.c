#include "checkpoint/link.h"

#include <errno.h>
#include <inttypes.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/atomic_file.h"
#include "base/read_file.h"

/* Links under a unique name, as dla_atomic_open() makes them: programs that sweep or push the
 * folder recognise it as temporary. False: no hard links here, or no room. */
static bool link_beside(const char *from, const char *to, char *temporary, size_t size)
{
  uint32_t number = (uint32_t)getpid();
  int failed;
  do {
    number = number * 1664525u + 1013904223u; /* the generator of Numerical Recipes */
    snprintf(temporary, size, "%s.%08" PRIx32 DLA_ATOMIC_SUFFIX, to, number);
    failed = link(from, temporary);
  } while (failed && errno == EEXIST);
  return !failed;
}

static dla_status copy(const char *from, const char *to, dla_error *err)
{
  char *bytes = NULL;
  size_t length = 0;
  dla_status status = dla_read_file(from, SIZE_MAX / 2, &bytes, &length, err);
  if (!status) status = dla_atomic_replace(to, bytes, length, err);
  free(bytes);
  return status;
}

/* link(2) onto the name itself would need to remove the file first. The rename leaves no moment
 * without a file, and tells a watcher that the file is complete. */
dla_status dla_checkpoint_link(const char *from, const char *to, dla_error *err)
{
  size_t size = strlen(to) + sizeof ".01234567" DLA_ATOMIC_SUFFIX;
  char *temporary = malloc(size);
  dla_status status = DLA_OK;
  if (!temporary) return dla_fail_memory(err, "a file name");
  if (!link_beside(from, to, temporary, size)) {
    status = copy(from, to, err);
  } else {
    if (rename(temporary, to)) status = dla_fail_errno(err, to, "replace");
    unlink(temporary); /* a rename onto the same file leaves both names */
  }
  free(temporary);
  return status;
}
