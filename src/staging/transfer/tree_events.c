#include "staging/transfer/tree_events.h"

#include <dirent.h>
#include <stdlib.h>
#include <string.h>
#include <sys/inotify.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/array.h"
#include "base/path.h"
#include "base/temporary_folder.h"

enum { DEEPEST = 256, BUFFER = 64 * 1024 };

struct dla_tree_events {
  int fd;
  char *folder;
  char **key; /* by watch descriptor: the folder's path below `folder`; NULL: none */
  size_t keys;
  bool incomplete;
};

static bool remember(dla_tree_events *e, int watch, const char *key)
{
  size_t keys = e->keys, index = (size_t)watch;
  if (!DLA_ARRAY_RESERVE(e->key, e->keys, index, 1)) return false;
  for (; keys < e->keys; keys++)
    e->key[keys] = NULL;
  free(e->key[watch]);
  e->key[watch] = strdup(key);
  return e->key[watch] != NULL;
}

static void cover(dla_tree_events *e, const char *key, int depth);

static void cover_entry(dla_tree_events *e, const char *key, const char *name, int depth)
{
  struct stat info;
  char *child = dla_join_path(key, name), *path = child ? dla_join_path(e->folder, child) : NULL;
  if (!path)
    e->incomplete = true;
  else if (lstat(path, &info) == 0 && S_ISDIR(info.st_mode))
    cover(e, child, depth + 1);
  free(child);
  free(path);
}

/* Watches a folder and those in it. To watch a folder again changes nothing, so this may be called
 * at any time. */
static void cover(dla_tree_events *e, const char *key, int depth)
{
  const uint32_t mask = IN_MODIFY | IN_CLOSE_WRITE | IN_MOVED_TO | IN_CREATE | IN_ONLYDIR;
  char *path = dla_join_path(e->folder, key);
  int watch = path ? inotify_add_watch(e->fd, path, mask) : -1;
  DIR *folder = path ? opendir(path) : NULL;
  if (watch < 0 || !remember(e, watch, key) || depth > DEEPEST) e->incomplete = true;
  for (struct dirent *entry; folder && depth <= DEEPEST && (entry = readdir(folder));) {
    const char *name = entry->d_name;
    bool folder_like = entry->d_type == DT_DIR || entry->d_type == DT_UNKNOWN;
    if (folder_like && strcmp(name, ".") != 0 && strcmp(name, "..") != 0 &&
        !dla_is_temporary_folder(name))
      cover_entry(e, key, name, depth);
  }
  if (folder) closedir(folder);
  free(path);
}

dla_tree_events *dla_tree_events_new(const char *folder)
{
  dla_tree_events *e = calloc(1, sizeof *e);
  if (!e) return NULL;
  e->fd = inotify_init1(IN_NONBLOCK | IN_CLOEXEC);
  e->folder = strdup(folder);
  if (e->fd < 0 || !e->folder) {
    dla_tree_events_free(e);
    return NULL;
  }
  cover(e, "", 0);
  return e;
}

void dla_tree_events_free(dla_tree_events *e)
{
  if (!e) return;
  if (e->fd >= 0) close(e->fd);
  dla_free_texts(e->key, e->keys);
  free(e->folder);
  free(e);
}

int dla_tree_events_descriptor(const dla_tree_events *e)
{
  return e->fd;
}

bool dla_tree_events_complete(const dla_tree_events *e)
{
  return !e->incomplete;
}

/* Whether the new name is a hard or symbolic link: no further event will tell of that file. After
 * an ordinary new file, more events follow. */
static bool is_link(const dla_tree_events *e, const char *key)
{
  struct stat info;
  char *path = dla_join_path(e->folder, key);
  bool link = path && lstat(path, &info) == 0 && (S_ISLNK(info.st_mode) || info.st_nlink > 1);
  free(path);
  return link;
}

static dla_tree_change change_of(const dla_tree_events *e, uint32_t mask, const char *key)
{
  if (mask & (IN_CLOSE_WRITE | IN_MOVED_TO)) return DLA_TREE_CLOSED;
  return mask & IN_CREATE && is_link(e, key) ? DLA_TREE_LINKED : DLA_TREE_WRITTEN;
}

/* Returns true if the folders have to be covered anew. */
static bool take(dla_tree_events *e, const struct inotify_event *event, dla_tree_report *report,
                 void *context)
{
  bool lost = event->mask & (IN_Q_OVERFLOW | IN_ISDIR);
  if (lost || event->wd < 0 || (size_t)event->wd >= e->keys || !e->key[event->wd] || !event->len)
    return lost;
  char *key = dla_join_path(e->key[event->wd], event->name);
  if (key) report(context, change_of(e, event->mask, key), key);
  free(key);
  return !key;
}

void dla_tree_events_read(dla_tree_events *e, dla_tree_report *report, void *context)
{
  _Alignas(struct inotify_event) char buffer[BUFFER];
  bool lost = false;
  for (ssize_t size; (size = read(e->fd, buffer, sizeof buffer)) > 0;)
    for (char *p = buffer; p < buffer + size;) {
      const struct inotify_event *event = (const struct inotify_event *)p;
      lost |= take(e, event, report, context);
      p += sizeof *event + event->len;
    }
  if (!lost) return;
  cover(e, "", 0);
  report(context, DLA_TREE_LOST, NULL);
}
