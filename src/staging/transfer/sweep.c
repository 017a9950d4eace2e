#include "staging/transfer/sweep.h"

#include <dirent.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/atomic_file.h"
#include "base/path.h"

enum { DEEPEST = 256 };

/* Whether it is the temporary name of one of the objects. In such a name, a long name is cut. */
static bool is_of(const dla_objects *objects, const char *key)
{
  size_t length = dla_atomic_stem(key);
  if (!length) return false;
  size_t place = 0, count = objects->count;
  while (count) { /* finds the first key that is not less than the stem */
    size_t half = count / 2;
    if (strncmp(objects->item[place + half].key, key, length) < 0) {
      place += half + 1;
      count -= half + 1;
    } else
      count = half;
  }
  if (place == objects->count || strncmp(objects->item[place].key, key, length) != 0) return false;
  const char *rest = objects->item[place].key + length;
  return !*rest || (dla_atomic_is_cut(key) && !strchr(rest, '/'));
}

static void walk(const char *path, const char *key, int depth, const dla_objects *objects)
{
  DIR *folder = depth < DEEPEST ? opendir(path) : NULL;
  struct stat info;
  for (struct dirent *entry; folder && (entry = readdir(folder));) {
    const char *name = entry->d_name;
    if (strcmp(name, ".") == 0 || strcmp(name, "..") == 0) continue;
    bool file = entry->d_type == DT_REG;
    if (file && !dla_atomic_stem(name)) continue;
    char *below = dla_join_path(path, name), *below_key = dla_join_path(key, name);
    if (below && below_key && lstat(below, &info) == 0) {
      if (S_ISDIR(info.st_mode)) walk(below, below_key, depth + 1, objects);
      if (S_ISREG(info.st_mode) && is_of(objects, below_key)) dla_atomic_sweep(below);
    }
    free(below);
    free(below_key);
  }
  if (folder) closedir(folder);
}

void dla_sweep(const char *folder, const dla_objects *objects)
{
  if (objects->count) walk(folder, "", 0, objects);
}

void dla_sweep_one(const char *folder, const char *key)
{
  char *path = dla_join_path(folder, key), *slash = path ? strrchr(path, '/') : NULL;
  dla_objects one = {0};
  dla_object *object = slash ? dla_objects_add(&one, slash + 1) : NULL;
  if (slash) *slash = '\0';
  /* Does not look into folders below. */
  if (object) walk(slash == path ? "/" : path, "", DEEPEST - 1, &one);
  dla_objects_free(&one);
  free(path);
}
