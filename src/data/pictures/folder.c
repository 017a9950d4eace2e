#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/array.h"
#include "base/path.h"
#include "base/try.h"
#include "data/pictures/listing.h"
#include "data/sources/member_name.h"

enum { FOLDERS_MAX = 2000000, DEPTH_MAX = 64 };

/* A folder still to be listed; path below the place. */
typedef struct waiting {
  char *path;
  int depth;
} waiting;

typedef struct queue {
  waiting *items;
  size_t count, capacity, next;
} queue;

typedef struct identity {
  dev_t device;
  ino_t file;
} identity;

typedef struct walk {
  dla_picture_list *list;
  int place;
  queue folders, links; /* links wait until all real folders are done, so that files get their
                         * real names */
  identity *seen;       /* hash table of listed folders; file 0: free */
  size_t seen_count, seen_size;
  dla_error *err;
} walk;

static dla_status push(walk *w, queue *q, char *path, int depth)
{
  if (!path || !DLA_ARRAY_RESERVE(q->items, q->capacity, q->count, 1)) {
    free(path);
    return dla_fail_memory(w->err, "a search");
  }
  q->items[q->count++] = (waiting){path, depth};
  return DLA_OK;
}

/* ---- What was listed ---- */

static size_t place_of(const walk *w, identity id)
{
  size_t at = (size_t)(id.file * UINT64_C(0x9e3779b97f4a7c15) ^ id.device) & (w->seen_size - 1);
  while (w->seen[at].file && (w->seen[at].file != id.file || w->seen[at].device != id.device))
    at = (at + 1) & (w->seen_size - 1);
  return at;
}

static bool grow(walk *w)
{
  const identity *old = w->seen;
  const size_t size = w->seen_size;
  identity *table = calloc(size ? 2 * size : 256, sizeof *table);
  if (!table) return false;
  w->seen = table;
  w->seen_size = size ? 2 * size : 256;
  for (size_t i = 0; i < size; i++)
    if (old[i].file) w->seen[place_of(w, old[i])] = old[i];
  free((void *)old);
  return true;
}

static dla_status see(walk *w, DIR *folder, bool *again)
{
  struct stat info;
  *again = false;
  if (fstat(dirfd(folder), &info) != 0) return DLA_OK;
  if (2 * w->seen_count >= w->seen_size && !grow(w)) return dla_fail_memory(w->err, "a search");
  const identity id = {info.st_dev, info.st_ino};
  identity *at = &w->seen[place_of(w, id)];
  *again = at->file != 0;
  w->seen_count += !*again;
  *at = id;
  return DLA_OK;
}

/* ---- Listing ---- */

/* The type of an entry: from the directory if it has it, else from stat(). */
static unsigned char kind_of(DIR *folder, const struct dirent *entry, bool *link)
{
  struct stat info;
  *link = entry->d_type == DT_LNK;
  if (entry->d_type != DT_UNKNOWN && !*link) return entry->d_type;
  if (!*link && fstatat(dirfd(folder), entry->d_name, &info, AT_SYMLINK_NOFOLLOW) == 0)
    *link = S_ISLNK(info.st_mode);
  if (fstatat(dirfd(folder), entry->d_name, &info, 0) != 0) return DT_LNK;
  return S_ISDIR(info.st_mode) ? DT_DIR : S_ISREG(info.st_mode) ? DT_REG : DT_UNKNOWN;
}

static dla_status add(walk *w, DIR *folder, const struct dirent *entry, const waiting *parent,
                      uint32_t number)
{
  bool link;
  const char *name = entry->d_name;
  if (dla_name_is_hidden(name, strlen(name)) || strcmp(name, "Thumbs.db") == 0) return DLA_OK;
  const unsigned char kind = kind_of(folder, entry, &link);
  if (kind == DT_DIR && parent->depth < DEPTH_MAX)
    return push(w, link ? &w->links : &w->folders,
                *parent->path ? dla_join_path(parent->path, name) : strdup(name),
                parent->depth + 1);
  /* A broken link is a file that cannot be opened. */
  if (kind != DT_REG && kind != DT_LNK) return DLA_OK;
  dla_picture_entry *made;
  return dla_picture_list_add(w->list, w->place, number, name, &made, w->err);
}

static dla_status list_open(walk *w, DIR *folder, const waiting *item)
{
  bool again;
  uint32_t number;
  const struct dirent *entry;
  TRY(see(w, folder, &again));
  if (again) return DLA_OK;
  TRY(dla_picture_list_folder(w->list, w->place, item->path, strlen(item->path), &number, w->err));
  for (errno = 0; (entry = readdir(folder)); errno = 0)
    TRY(add(w, folder, entry, item, number));
  return errno ? dla_fail_errno(w->err, item->path, "list the folder") : DLA_OK;
}

static dla_status list_folder(walk *w, const waiting *item)
{
  const char *place = w->list->places[w->place].path;
  char *path = *item->path ? dla_join_path(place, item->path) : strdup(place);
  if (!path) return dla_fail_memory(w->err, "a search");
  DIR *folder = opendir(path);
  dla_status status =
      folder ? list_open(w, folder, item) : dla_fail_errno(w->err, path, "list the folder");
  if (folder) closedir(folder);
  free(path);
  return status;
}

static dla_status list_all(walk *w)
{
  TRY(push(w, &w->folders, strdup(""), 0));
  while (w->folders.next < w->folders.count || w->links.next < w->links.count) {
    queue *q = w->folders.next < w->folders.count ? &w->folders : &w->links;
    if (w->folders.next + w->links.next == FOLDERS_MAX)
      return dla_fail(w->err, DLA_E_INPUT, w->list->places[w->place].path,
                      "give the folder of the pictures", "there are more than %d folders in it",
                      FOLDERS_MAX);
    const waiting item = q->items[q->next];
    q->items[q->next++].path = NULL;
    dla_status status = list_folder(w, &item);
    free(item.path);
    if (status) return status;
  }
  return DLA_OK;
}

static void free_queue(queue *q)
{
  for (size_t i = 0; i < q->count; i++)
    free(q->items[i].path);
  free(q->items);
}

dla_status dla_picture_list_from_folder(dla_picture_list *list, const char *path, dla_error *err)
{
  walk w = {.list = list, .err = err};
  TRY(dla_picture_list_place(list, path, DLA_PLACE_FOLDER, -1, &w.place, err));
  dla_status status = list_all(&w);
  free_queue(&w.folders);
  free_queue(&w.links);
  free(w.seen);
  return status;
}
