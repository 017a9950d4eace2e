#include "base/read_file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { PROC_MAX = 1 << 20 };

static int open_for_reading(const char *path)
{
  int fd;
  do
    fd = open(path, O_RDONLY | O_CLOEXEC);
  while (fd < 0 && errno == EINTR);
  return fd;
}

/* Reads until the end or until buffer is full; returns the count, or -1 with errno. */
static ssize_t read_fully(int fd, char *buffer, size_t size)
{
  size_t length = 0;
  while (length < size) {
    ssize_t n = read(fd, buffer + length, size - length);
    if (n == 0) break;
    if (n < 0 && errno != EINTR) return -1;
    if (n > 0) length += (size_t)n;
  }
  return (ssize_t)length;
}

static dla_status read_open_file(int fd, const char *path, size_t limit, char **bytes,
                                 size_t *length, dla_error *err)
{
  struct stat st;
  if (fstat(fd, &st)) return dla_fail_errno(err, path, "look at");
  if (S_ISDIR(st.st_mode))
    return dla_fail(err, DLA_E_INPUT, path, NULL, "is a directory, not a file");
  /* A regular file needs no more room than its size. Files of /proc say 0, whatever they hold. */
  const size_t room = st.st_size > 0 ? (size_t)st.st_size : PROC_MAX;
  if (S_ISREG(st.st_mode) && room < limit) limit = room;
  char *buffer = malloc(limit + 1);
  if (!buffer) return dla_fail_memory(err, path);
  ssize_t n = read_fully(fd, buffer, limit + 1); /* one byte more than allowed shows a file that is
                                                  * too long */
  if (n < 0 || (size_t)n > limit) {
    dla_status status =
        n < 0 ? dla_fail_errno(err, path, "read")
              : dla_fail(err, DLA_E_INPUT, path, "is it the right file?",
                         "is longer than the %zu bytes that such a file may have", limit);
    free(buffer);
    return status;
  }
  buffer[n] = '\0';
  *bytes = buffer;
  *length = (size_t)n;
  return DLA_OK;
}

dla_status dla_read_file(const char *path, size_t limit, char **bytes, size_t *length,
                         dla_error *err)
{
  *bytes = NULL;
  int fd = open_for_reading(path);
  if (fd < 0) return dla_fail(err, DLA_E_INPUT, path, NULL, "cannot open: %s", strerror(errno));
  dla_status status = read_open_file(fd, path, limit, bytes, length, err);
  close(fd);
  return status;
}
