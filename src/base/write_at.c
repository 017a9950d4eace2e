#include "base/write_at.h"

#include <errno.h>
#include <unistd.h>

bool dla_write_at(int fd, const void *bytes, size_t count, uint64_t offset)
{
  const char *p = bytes;
  while (count) {
    ssize_t done = pwrite(fd, p, count, (off_t)offset);
    if (done < 0 && errno == EINTR) continue;
    if (done == 0) errno = EIO; /* otherwise it would be an older error's */
    if (done <= 0) return false;
    p += done;
    offset += (uint64_t)done;
    count -= (size_t)done;
  }
  return true;
}
