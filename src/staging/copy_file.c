#include "staging/copy_file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/atomic_file.h"
#include "base/make_folder.h"

enum { CHUNK = 1 << 18 };

static dla_status copy_bytes(int fd, const char *from, dla_atomic_file *file, dla_error *err)
{
  char *chunk = malloc(CHUNK);
  if (!chunk) return dla_fail_memory(err, "a copy");
  dla_status status = DLA_OK;
  off_t offset = 0;
  while (!status) {
    ssize_t got = pread(fd, chunk, CHUNK, offset);
    if (got < 0 && errno == ESPIPE) got = read(fd, chunk, CHUNK);
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) status = dla_fail_errno(err, from, "read");
    if (got <= 0) break;
    offset += got;
    status = dla_atomic_write(file, chunk, (size_t)got, err);
  }
  free(chunk);
  return status;
}

dla_status dla_copy_open_file(int fd, const char *from, const char *to, dla_error *err)
{
  dla_atomic_file *file = NULL;
  dla_status status = dla_make_parent(to, err);
  if (!status) status = dla_atomic_open(to, &file, err);
  if (!status) status = copy_bytes(fd, from, file, err);
  return dla_atomic_end(file, status, err);
}

dla_status dla_copy_file(const char *from, const char *to, dla_error *err)
{
  int fd = open(from, O_RDONLY | O_CLOEXEC);
  if (fd < 0) return dla_fail_errno(err, from, "open");
  dla_status status = dla_copy_open_file(fd, from, to, err);
  close(fd);
  return status;
}
