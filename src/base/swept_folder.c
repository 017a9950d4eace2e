#include "base/swept_folder.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/leftovers.h"
#include "base/path.h"
#include "base/remove_tree.h"

static const char prefix[] = ".dla-part-", ending[] = "XXXXXX";

struct dla_swept_folder {
  char *path, *lock, *in;
  int fd;
};

bool dla_is_swept_folder(const char *name)
{
  return strncmp(name, prefix, sizeof prefix - 1) == 0 &&
         strlen(name) == sizeof prefix + sizeof ending - 2;
}

/* ---- Deleting ---- */

/* The lock's file is made before `in` and deleted after it. So a folder with neither belongs to a
 * process that is making it. One with `in` alone is nobody's: a power failure has taken the lock.
 */
static void clear(const char *path, const char *lock, const char *in)
{
  dla_remove_tree(in);
  unlink(lock);
  rmdir(path);
}

static void sweep_one(const char *path)
{
  struct stat info;
  if (lstat(path, &info) || !S_ISDIR(info.st_mode) || info.st_uid != geteuid()) return;
  char *lock = dla_join_path(path, "lock"), *in = dla_join_path(path, "in");
  const bool filled = in && lstat(in, &info) == 0;
  int fd = lock ? open(lock, O_RDWR | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK) : -1;
  if (fd < 0 && filled && lock && errno == ENOENT)
    clear(path, lock, in);
  else if (fd < 0)
    rmdir(path); /* its process may be making it: it makes another then */
  else if (in && flock(fd, LOCK_EX | LOCK_NB) == 0)
    clear(path, lock, in);
  if (fd >= 0) close(fd);
  free(lock);
  free(in);
}

static void sweep(const char *parent)
{
  DIR *entries = opendir(parent);
  for (struct dirent *entry; entries && (entry = readdir(entries));) {
    char *path = dla_is_swept_folder(entry->d_name) ? dla_join_path(parent, entry->d_name) : NULL;
    if (path) sweep_one(path);
    free(path);
  }
  if (entries) closedir(entries);
}

/* ---- Making ---- */

static void forget(dla_swept_folder *folder)
{
  if (folder->fd >= 0) close(folder->fd);
  free(folder->path);
  free(folder->lock);
  free(folder->in);
  free(folder);
}

static bool name_anew(dla_swept_folder *folder, const char *parent)
{
  char last[sizeof prefix + sizeof ending];
  memcpy(last, prefix, sizeof prefix);
  memcpy(last + sizeof prefix - 1, ending, sizeof ending);
  free(folder->path);
  free(folder->lock);
  free(folder->in);
  folder->lock = folder->in = NULL;
  folder->path = dla_join_path(parent, last);
  return folder->path != NULL;
}

/* Returns false with errno. EAGAIN: another process took the folder for a leftover. */
static bool make(dla_swept_folder *folder)
{
  struct stat info;
  if (!dla_leftover_folder(folder->path)) return false;
  folder->lock = dla_join_path(folder->path, "lock");
  folder->in = dla_join_path(folder->path, "in");
  errno = ENOMEM;
  if (!folder->lock || !folder->in) return false;
  folder->fd = open(folder->lock, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
  bool taken = folder->fd < 0 ? errno == ENOENT
                              : flock(folder->fd, LOCK_EX | LOCK_NB) && errno == EWOULDBLOCK;
  if (folder->fd >= 0 && !taken) taken = fstat(folder->fd, &info) || info.st_nlink == 0;
  if (taken) errno = EAGAIN;
  return folder->fd >= 0 && !taken && mkdir(folder->in, 0700) == 0;
}

/* Deletes what make() left half made. */
static void unmake(dla_swept_folder *folder)
{
  int why = errno;
  if (folder->fd >= 0) close(folder->fd);
  folder->fd = -1;
  if (folder->lock) unlink(folder->lock);
  rmdir(folder->path);
  dla_leftover_forget(folder->path);
  errno = why;
}

dla_status dla_swept_folder_make(const char *parent, dla_swept_folder **out, dla_error *err)
{
  dla_swept_folder *folder = calloc(1, sizeof *folder);
  if (!folder) return dla_fail_memory(err, "a file name");
  folder->fd = -1;
  sweep(parent);
  for (;;) {
    if (!name_anew(folder, parent)) {
      forget(folder);
      return dla_fail_memory(err, "a file name");
    }
    if (make(folder)) break;
    unmake(folder);
    if (errno == EAGAIN) continue;
    dla_status status = dla_fail_errno(err, parent, "make a temporary folder in it");
    forget(folder);
    return status;
  }
  *out = folder;
  return DLA_OK;
}

const char *dla_swept_folder_path(const dla_swept_folder *folder)
{
  return folder->in;
}

void dla_swept_folder_remove(dla_swept_folder *folder)
{
  if (!folder) return;
  clear(folder->path, folder->lock, folder->in);
  dla_leftover_forget(folder->path);
  forget(folder);
}
