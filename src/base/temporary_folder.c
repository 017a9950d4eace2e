#include "base/temporary_folder.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/leftovers.h"
#include "base/remove_tree.h"
#include "base/swept_folder.h"

static const char prefix[] = ".dla-";

const char *dla_temporary_place(void)
{
  const char *place = getenv("TMPDIR");
  return place && *place ? place : "/tmp";
}

dla_status dla_temporary_folder(const char *parent, char **out, dla_error *err)
{
  size_t size = strlen(parent) + sizeof prefix + 8;
  char *path = malloc(size);
  if (!path) return dla_fail_memory(err, "a file name");
  snprintf(path, size, "%s/%sXXXXXX", parent, prefix);
  if (!dla_leftover_folder(path)) {
    dla_status status = dla_fail_errno(err, parent, "make a temporary folder in it");
    free(path);
    return status;
  }
  *out = path;
  return DLA_OK;
}

bool dla_is_temporary_folder(const char *name)
{
  const bool is = strncmp(name, prefix, strlen(prefix)) == 0 && strlen(name) == strlen(prefix) + 6;
  return is || dla_is_swept_folder(name);
}

void dla_temporary_remove(const char *path)
{
  dla_remove_tree(path);
  dla_leftover_forget(path);
}

void dla_temporary_keep(const char *path)
{
  dla_leftover_forget(path);
}

void dla_temporary_keep_part(const char *path, const char *part)
{
  dla_leftover_keep(path, part);
}
