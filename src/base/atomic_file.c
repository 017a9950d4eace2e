#include "base/atomic_file.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/flush.h"
#include "base/leftovers.h"
#include "base/path.h"

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

enum { SUFFIX = sizeof ".01234567" DLA_ATOMIC_SUFFIX - 1 };

/* Another process may have swept the file away before it was locked. */
static bool lock_new(int fd)
{
  struct stat info;
  if (flock(fd, LOCK_EX | LOCK_NB) && errno == EWOULDBLOCK) return false;
  return fstat(fd, &info) || info.st_nlink > 0;
}

/* Finds a name that no other file has. The file gets the mode of an ordinary new file. (mkstemp's
 * mode is private, and the umask cannot be read without setting it, which other threads would
 * see.) */
static int create_beside(dla_atomic_file *file, size_t length, size_t size)
{
  uint32_t number = (uint32_t)getpid();
  bool again = true;
  while (again) {
    number = number * 1664525u + 1013904223u; /* Numerical Recipes' generator */
    snprintf(file->temporary, size, "%.*s.%08" PRIx32 DLA_ATOMIC_SUFFIX, (int)length, file->path,
             number);
    file->fd = dla_leftover_file(file->temporary);
    again = file->fd < 0 && (errno == EEXIST || errno == EINTR);
    if (file->fd >= 0 && !lock_new(file->fd)) {
      again = true;
      close(file->fd);
      dla_leftover_forget(file->temporary);
    }
  }
  return file->fd;
}

/* How much of the name to keep where the suffix makes it too long for the file system: as much less
 * as the suffix needs, and no half of a character. */
static size_t cut(const char *path, size_t length)
{
  const char *slash = strrchr(path, '/');
  size_t start = slash ? (size_t)(slash + 1 - path) : 0;
  if (length < start + SUFFIX + 1) return 0;
  length -= SUFFIX;
  while (length > start && ((unsigned char)path[length] & 0xc0) == 0x80)
    length--;
  return length > start ? length : 0;
}

dla_status dla_atomic_open(const char *path, dla_atomic_file **out, dla_error *err)
{
  dla_atomic_file *file = calloc(1, sizeof *file);
  if (!file) return dla_fail_memory(err, "a file name");
  file->fd = -1;
  size_t length = strlen(path), size = length + SUFFIX + 1;
  file->path = strdup(path);
  file->temporary = malloc(size);
  if (!file->path || !file->temporary) {
    forget(file);
    return dla_fail_memory(err, "a file name");
  }
  if (create_beside(file, length, size) < 0 && errno == ENAMETOOLONG &&
      (length = cut(path, length)) != 0)
    create_beside(file, length, size);
  if (file->fd < 0) {
    dla_status status = dla_fail_errno(err, path, "create a temporary file beside it");
    forget(file);
    return status;
  }
  *out = file;
  return DLA_OK;
}

size_t dla_atomic_stem(const char *name)
{
  const size_t digits = 8;
  size_t length = strlen(name);
  if (length <= SUFFIX) return 0;
  const char *end = name + length - SUFFIX;
  bool fits = *end == '.' && strspn(end + 1, "0123456789abcdef") == digits &&
              strcmp(end + 1 + digits, DLA_ATOMIC_SUFFIX) == 0;
  return fits ? length - SUFFIX : 0;
}

bool dla_atomic_is_cut(const char *name)
{
  enum { LONG = 128 }; /* some file systems take 143 bytes, most 255 */
  const char *slash = strrchr(name, '/');
  return strlen(slash ? slash + 1 : name) >= LONG;
}

void dla_atomic_sweep(const char *path)
{
  int fd = open(path, O_RDWR | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);
  if (fd < 0) return;
  if (flock(fd, LOCK_EX | LOCK_NB) == 0) unlink(path);
  close(fd);
}

static bool is_of_one(const char *temporary, const char *const *names, size_t count)
{
  const size_t stem = dla_atomic_stem(temporary);
  for (size_t i = 0; stem && i < count; i++)
    if (stem == strlen(names[i]) && strncmp(temporary, names[i], stem) == 0) return true;
  return false;
}

void dla_atomic_sweep_folder(const char *folder, const char *const *names, size_t count)
{
  DIR *entries = opendir(folder);
  for (struct dirent *entry; entries && (entry = readdir(entries));) {
    if (!is_of_one(entry->d_name, names, count)) continue;
    char *old = dla_join_path(folder, entry->d_name);
    if (old) dla_atomic_sweep(old);
    free(old);
  }
  if (entries) closedir(entries);
}

void dla_atomic_sweep_of(const char *path)
{
  const char *name = dla_path_name(path);
  char *folder = dla_path_folder(path);
  if (folder) dla_atomic_sweep_folder(folder, &name, 1);
  free(folder);
}

dla_status dla_atomic_write(dla_atomic_file *file, const void *bytes, size_t count, dla_error *err)
{
  const char *p = bytes;
  while (count) {
    ssize_t done = write(file->fd, p, count);
    if (done < 0 && errno == EINTR) continue;
    if (done == 0) errno = EIO; /* otherwise it would be an older error's */
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

dla_status dla_atomic_end(dla_atomic_file *file, dla_status status, dla_error *err)
{
  if (!file) return status;
  if (!status && fsync(file->fd)) status = dla_fail_errno(err, file->path, "flush to the disk");
  if (!status && rename(file->temporary, file->path))
    status = dla_fail_errno(err, file->path, "replace");
  if (status) unlink(file->temporary);
  dla_leftover_forget(file->temporary);
  if (!status) dla_flush_folder_of(file->path); /* the rename, too */
  forget(file);
  return status;
}

dla_status dla_atomic_replace(const char *path, const void *bytes, size_t count, dla_error *err)
{
  dla_atomic_file *file = NULL;
  dla_status status = dla_atomic_open(path, &file, err);
  if (status) return status;
  status = dla_atomic_write(file, bytes, count, err);
  return dla_atomic_end(file, status, err);
}
