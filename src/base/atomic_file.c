#include "base/atomic_file.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/leftovers.h"

struct dla_atomic_file {
  char *path, *temporary;
  int fd;
};

static void forget(dla_atomic_file *file)
{
  if (file->fd >= 0) close(file->fd);
  free(file->path);
  free(file->temporary);
  free(file);
}

void dla_atomic_discard(dla_atomic_file *file)
{
  if (!file) return;
  if (file->temporary) {
    unlink(file->temporary);
    dla_leftover_forget(file->temporary);
  }
  forget(file);
}

/* A name that no other file has; the mode is that of an ordinary new file (mkstemp's is private,
 * and the umask cannot be read without setting it, which other threads would see). */
static int create_beside(dla_atomic_file *file, size_t size)
{
  uint32_t number = (uint32_t)getpid();
  do {
    number = number * 1664525u + 1013904223u; /* Numerical Recipes' generator */
    snprintf(file->temporary, size, "%s.%08" PRIx32 DLA_ATOMIC_SUFFIX, file->path, number);
    file->fd = dla_leftover_file(file->temporary);
  } while (file->fd < 0 && (errno == EEXIST || errno == EINTR));
  return file->fd;
}

dla_status dla_atomic_open(const char *path, dla_atomic_file **out, dla_error *err)
{
  dla_atomic_file *file = calloc(1, sizeof *file);
  if (!file) return dla_fail_memory(err, "a file name");
  file->fd = -1;
  size_t size = strlen(path) + sizeof ".01234567" DLA_ATOMIC_SUFFIX;
  file->path = strdup(path);
  file->temporary = malloc(size);
  if (!file->path || !file->temporary) {
    forget(file);
    return dla_fail_memory(err, "a file name");
  }
  if (create_beside(file, size) < 0) {
    dla_status status = dla_fail_errno(err, path, "create a temporary file beside it");
    forget(file);
    return status;
  }
  *out = file;
  return DLA_OK;
}

dla_status dla_atomic_write(dla_atomic_file *file, const void *bytes, size_t count, dla_error *err)
{
  const char *p = bytes;
  while (count) {
    ssize_t done = write(file->fd, p, count);
    if (done < 0 && errno == EINTR) continue;
    if (done <= 0) return dla_fail_errno(err, file->path, "write");
    p += done;
    count -= (size_t)done;
  }
  return DLA_OK;
}

int dla_atomic_descriptor(const dla_atomic_file *file)
{
  return file->fd;
}

/* The rename itself must reach the disk too. */
static void sync_folder(const char *path)
{
  const char *slash = strrchr(path, '/');
  char *folder = slash ? strndup(path, slash == path ? 1 : (size_t)(slash - path)) : strdup(".");
  int fd = folder ? open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC) : -1;
  if (fd >= 0) {
    fsync(fd); /* some file systems cannot; the file itself is safe */
    close(fd);
  }
  free(folder);
}

dla_status dla_atomic_commit(dla_atomic_file *file, dla_error *err)
{
  dla_status status = DLA_OK;
  if (fsync(file->fd)) status = dla_fail_errno(err, file->path, "flush to the disk");
  if (!status && rename(file->temporary, file->path))
    status = dla_fail_errno(err, file->path, "replace");
  if (status) {
    dla_atomic_discard(file);
    return status;
  }
  dla_leftover_forget(file->temporary);
  sync_folder(file->path);
  forget(file);
  return DLA_OK;
}

dla_status dla_atomic_replace(const char *path, const void *bytes, size_t count, dla_error *err)
{
  dla_atomic_file *file = NULL;
  dla_status status = dla_atomic_open(path, &file, err);
  if (status) return status;
  status = dla_atomic_write(file, bytes, count, err);
  if (!status) return dla_atomic_commit(file, err);
  dla_atomic_discard(file);
  return status;
}
