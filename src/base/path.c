#include "base/path.h"

#include <stdlib.h>
#include <string.h>

bool dla_key_is_path(const char *key)
{
  for (;;) {
    size_t length = strcspn(key, "/");
    bool dots = (length == 1 && key[0] == '.') || (length == 2 && memcmp(key, "..", 2) == 0);
    if (length == 0 || dots) return false;
    if (!key[length]) return true;
    key += length + 1;
  }
}

const char *dla_path_name(const char *path)
{
  const char *slash = strrchr(path, '/');
  return slash ? slash + 1 : path;
}

char *dla_path_folder(const char *path)
{
  const char *slash = strrchr(path, '/');
  if (!slash) return strdup(".");
  return strndup(path, slash == path ? 1 : (size_t)(slash - path));
}

char *dla_join_path(const char *folder, const char *key)
{
  size_t length = strlen(folder);
  bool slash = length && folder[length - 1] != '/';
  char *path = malloc(length + strlen(key) + 2);
  if (!path) return NULL;
  memcpy(path, folder, length);
  if (slash) path[length++] = '/';
  memcpy(path + length, key, strlen(key) + 1);
  return path;
}
