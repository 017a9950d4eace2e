#include "base/make_folder.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/flush.h"
#include "base/path.h"

static const char foreign[] = "is another user's folder";

dla_status dla_make_folder(const char *path, dla_error *err)
{
  char *copy = strdup(path);
  if (!copy) return dla_fail_memory(err, "a file name");
  dla_status status = DLA_OK;
  for (char *p = copy + 1; !status; p++) {
    char held = *p;
    if (held != '/' && held != '\0') continue;
    *p = '\0';
    if (mkdir(copy, 0777) == 0)
      dla_flush_folder_of(copy); /* else what is made durable in it may be lost with it */
    else if (errno != EEXIST)
      status = dla_fail_errno(err, copy, "make the folder");
    *p = held;
    if (held == '\0') break;
  }
  struct stat st;
  if (!status && stat(path, &st))
    status = dla_fail_errno(err, path, "look at");
  else if (!status && !S_ISDIR(st.st_mode))
    status = dla_fail(err, DLA_E_INPUT, path, NULL, "is a file, not a folder");
  free(copy);
  return status;
}

dla_status dla_make_parent(const char *path, dla_error *err)
{
  if (dla_path_name(path) <= path + 1) return DLA_OK; /* here, or at the root */
  char *folder = dla_path_folder(path);
  dla_status status = folder ? dla_make_folder(folder, err) : dla_fail_memory(err, "a file name");
  free(folder);
  return status;
}

dla_status dla_make_private_folder(const char *path, bool shared_place, dla_error *err)
{
  struct stat info;
  dla_status status = dla_make_folder(path, err);
  if (status) return status;
  /* What follows goes through one descriptor: the name may come to stand for something else. */
  const int link = shared_place ? O_NOFOLLOW : 0;
  const int fd = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC | link);
  if (fd < 0 && link && (errno == ELOOP || errno == ENOTDIR))
    return dla_fail(err, DLA_E_IO, path, NULL, "is a link, which may lead anywhere");
  if (fd < 0 && errno == EACCES) return dla_fail(err, DLA_E_IO, path, NULL, foreign);
  if (fd < 0 || fstat(fd, &info))
    status = dla_fail_errno(err, path, "open");
  else if (info.st_uid != geteuid())
    status = dla_fail(err, DLA_E_IO, path, NULL, foreign);
  else if (fchmod(fd, 0700))
    status = dla_fail_errno(err, path, "write to");
  if (fd >= 0) close(fd);
  return status;
}
