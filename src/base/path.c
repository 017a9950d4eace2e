#include "base/path.h"

#include <dirent.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/stat.h>

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

bool dla_path_ends(const char *path, const char *end)
{
  const size_t length = strlen(path), tail = strlen(end);
  return length > tail && strcasecmp(path + length - tail, end) == 0;
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

bool dla_is_folder(const char *path)
{
  struct stat info;
  return stat(path, &info) == 0 && S_ISDIR(info.st_mode);
}

bool dla_is_file(const char *path)
{
  struct stat info;
  return stat(path, &info) == 0 && S_ISREG(info.st_mode);
}

char *dla_only_file(const char *folder, const char *but)
{
  DIR *entries = opendir(folder);
  char *only = NULL;
  size_t count = 0;
  for (const struct dirent *e; entries && (e = readdir(entries));) {
    if (strcmp(e->d_name, ".") == 0 || strcmp(e->d_name, "..") == 0 ||
        (but && strcmp(e->d_name, but) == 0))
      continue;
    free(only);
    only = ++count == 1 ? dla_join_path(folder, e->d_name) : NULL;
  }
  if (entries) closedir(entries);
  if (only && dla_is_file(only)) return only;
  free(only);
  return NULL;
}
