#define _GNU_SOURCE /* syncfs() */
#include "base/flush.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/path.h"

static dla_status flush_path(const char *path, int sync(int fd), dla_error *err)
{
  const int fd = open(path, O_RDONLY | O_CLOEXEC);
  if (fd < 0) return dla_fail_errno(err, path, "open");
  dla_status status = DLA_OK;
  while (!status && sync(fd))
    if (errno != EINTR) status = dla_fail_errno(err, path, "flush to the disk");
  close(fd);
  return status;
}

dla_status dla_flush_file(const char *path, dla_error *err)
{
  return access(path, F_OK) ? DLA_OK : flush_path(path, fdatasync, err);
}

dla_status dla_flush_all(const char *path, dla_error *err)
{
  return flush_path(path, syncfs, err);
}

void dla_flush_folder(const char *folder)
{
  const int fd = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (fd < 0) return;
  fsync(fd);
  close(fd);
}

void dla_flush_folder_of(const char *path)
{
  char *folder = dla_path_folder(path);
  if (folder) dla_flush_folder(folder);
  free(folder);
}
