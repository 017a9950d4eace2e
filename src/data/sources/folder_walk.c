#include "data/sources/folder_walk.h"

#include <dirent.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/array.h"
#include "base/path.h"
#include "base/try.h"
#include "data/sources/member_name.h"

/* Limits: someone may pass their home folder, which would take minutes to search. */
enum { FOLDERS_MAX = 4096, FILES_MAX = 1000000 };

static int is_visible(const struct dirent *entry)
{
  return !dla_name_is_hidden(entry->d_name, strlen(entry->d_name));
}

/* The type of a path: a file, a folder, or a broken link. False: none of these. */
static bool look_at(const char *path, dla_folder_file *file)
{
  struct stat info;
  char target[1024];
  if (stat(path, &info) == 0) {
    file->is_folder = S_ISDIR(info.st_mode);
    return S_ISREG(info.st_mode) || S_ISDIR(info.st_mode);
  }
  ssize_t length = readlink(path, target, sizeof target - 1);
  if (length < 0) return false;
  target[length] = '\0';
  file->leads_to = strdup(target);
  return file->leads_to;
}

static dla_status add(dla_folder_walk *w, const char *folder, const char *name, int depth,
                      dla_error *err)
{
  dla_folder_file file = {.depth = depth};
  file.path = *folder ? dla_join_path(folder, name) : strdup(name);
  char *whole = file.path ? dla_join_path(w->place, file.path) : NULL;
  bool room = DLA_ARRAY_RESERVE(w->items, w->capacity, w->count, 1);
  if (!whole || !room) {
    free(file.path);
    free(whole);
    return dla_fail_memory(err, "a search");
  }
  if (w->count < FILES_MAX && look_at(whole, &file))
    w->items[w->count++] = file;
  else
    free(file.path);
  free(whole);
  return DLA_OK;
}

static dla_status list(dla_folder_walk *w, const char *folder, int depth, dla_error *err)
{
  struct dirent **entries = NULL;
  char *path = *folder ? dla_join_path(w->place, folder) : strdup(w->place);
  if (!path) return dla_fail_memory(err, "a search");
  int count = scandir(path, &entries, is_visible, alphasort);
  free(path);
  if (count < 0) return *folder ? DLA_OK : dla_fail_errno(err, w->place, "list the folder");
  dla_status status = DLA_OK;
  for (int i = 0; i < count; i++) {
    if (!status) status = add(w, folder, entries[i]->d_name, depth, err);
    free(entries[i]);
  }
  free(entries);
  return status;
}

dla_status dla_folder_walk_next(dla_folder_walk *w, bool *any, dla_error *err)
{
  *any = w->folders == 0;
  if (w->folders++ == 0) return list(w, "", 0, err);
  size_t end = w->count;
  for (; w->listed < end; w->listed++) {
    const dla_folder_file *item = &w->items[w->listed];
    if (!item->is_folder || w->folders == FOLDERS_MAX) continue;
    char *folder = strdup(item->path); /* the items may move */
    if (!folder) return dla_fail_memory(err, "a search");
    *any = true;
    w->folders++;
    dla_status status = list(w, folder, item->depth + 1, err);
    free(folder);
    TRY(status);
  }
  return DLA_OK;
}

char *dla_folder_walk_path(const dla_folder_walk *walk, size_t item)
{
  return dla_join_path(walk->place, walk->items[item].path);
}

void dla_folder_walk_free(dla_folder_walk *walk)
{
  for (size_t i = 0; i < walk->count; i++) {
    free(walk->items[i].path);
    free(walk->items[i].leads_to);
  }
  free(walk->items);
  *walk = (dla_folder_walk){0};
}
