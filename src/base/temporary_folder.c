#include "config.h" /* nftw */

#include "base/temporary_folder.h"

#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char prefix[] = ".dla-";

dla_status dla_temporary_folder(const char *parent, char **out, dla_error *err)
{
  size_t size = strlen(parent) + sizeof prefix + 8;
  char *path = malloc(size);
  if (!path) return dla_fail_memory(err, "a file name");
  snprintf(path, size, "%s/%sXXXXXX", parent, prefix);
  if (!mkdtemp(path)) {
    dla_status status = dla_fail_errno(err, parent, "make a temporary folder in it");
    free(path);
    return status;
  }
  *out = path;
  return DLA_OK;
}

bool dla_is_temporary_folder(const char *name)
{
  return strncmp(name, prefix, strlen(prefix)) == 0 && strlen(name) == strlen(prefix) + 6;
}

static int remove_one(const char *path, const struct stat *info, int type, struct FTW *where)
{
  (void)info, (void)type, (void)where;
  remove(path);
  return 0;
}

void dla_remove_tree(const char *path)
{
  enum { OPEN_FOLDERS = 16 };
  nftw(path, remove_one, OPEN_FOLDERS, FTW_DEPTH | FTW_PHYS);
}
