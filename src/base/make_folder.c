#include "base/make_folder.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/flush.h"

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
