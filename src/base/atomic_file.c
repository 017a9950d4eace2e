#include "base/atomic_file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

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
  if (file->temporary) unlink(file->temporary);
  forget(file);
}

dla_status dla_atomic_open(const char *path, dla_atomic_file **out, dla_error *err)
{
  static const char suffix[] = ".XXXXXX.tmp";
  dla_atomic_file *file = calloc(1, sizeof *file);
  if (!file) return dla_fail_memory(err, "a file name");
  file->fd = -1;
  size_t size = strlen(path) + sizeof suffix;
  file->path = strdup(path);
  file->temporary = malloc(size);
  if (!file->path || !file->temporary) {
    forget(file);
    return dla_fail_memory(err, "a file name");
  }
  snprintf(file->temporary, size, "%s%s", path, suffix);
  file->fd = mkstemps(file->temporary, 4);
  if (file->fd < 0) {
    dla_status status = dla_fail_errno(err, path, "create a temporary file beside it");
    forget(file);
    return status;
  }
  /* mkstemps makes it private; give it the mode that an ordinary new file has. */
  mode_t mask = umask(0);
  umask(mask);
  fchmod(file->fd, 0666 & ~mask);
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
