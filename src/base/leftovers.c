#include "config.h" /* mkdtemp */

#include "base/leftovers.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "base/remove_tree.h"

typedef struct leftover leftover;
struct leftover {
  leftover *next;   /* the one before it */
  const char *part; /* of a folder: what stays in it, or NULL */
  char path[];
};

/* One list for the whole process, because its end concerns all of it: a list for each owner would
 * need a list of lists. */
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static leftover *newest;

/* ---- Noting ---- */

static leftover *new_entry(const char *path)
{
  size_t size = strlen(path) + 1;
  leftover *entry = calloc(1, sizeof *entry + size);
  if (entry) memcpy(entry->path, path, size);
  return entry;
}

static void add(leftover *entry)
{
  entry->next = newest;
  newest = entry;
}

int dla_leftover_file(const char *path)
{
  leftover *entry = new_entry(path);
  if (!entry) return -1;
  pthread_mutex_lock(&lock); /* one step with add(), so that dla_leftovers_remove() sees both or
                              * none */
  int fd = open(path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0666), why = errno;
  if (fd >= 0)
    add(entry);
  else
    free(entry);
  pthread_mutex_unlock(&lock);
  errno = why;
  return fd;
}

bool dla_leftover_folder(char *template)
{
  leftover *entry = new_entry(template);
  if (!entry) return false;
  pthread_mutex_lock(&lock);
  bool made = mkdtemp(template) != NULL;
  int why = errno;
  if (made) {
    memcpy(entry->path, template, strlen(template) + 1); /* has the same length */
    add(entry);
  } else {
    free(entry);
  }
  pthread_mutex_unlock(&lock);
  errno = why;
  return made;
}

bool dla_leftover_note(const char *path)
{
  leftover *entry = new_entry(path);
  if (!entry) return false;
  pthread_mutex_lock(&lock);
  add(entry);
  pthread_mutex_unlock(&lock);
  return true;
}

static leftover **find(const char *path)
{
  leftover **at = &newest;
  while (*at && strcmp((*at)->path, path) != 0)
    at = &(*at)->next;
  return at;
}

void dla_leftover_keep(const char *folder, const char *part)
{
  pthread_mutex_lock(&lock);
  leftover *entry = *find(folder);
  if (entry) entry->part = part;
  pthread_mutex_unlock(&lock);
}

void dla_leftover_forget(const char *path)
{
  pthread_mutex_lock(&lock);
  leftover **at = find(path), *entry = *at;
  if (entry) *at = entry->next;
  pthread_mutex_unlock(&lock);
  free(entry);
}

/* ---- Removing ---- */

static bool is_there(const char *path)
{
  struct stat info;
  return lstat(path, &info) == 0;
}

/* Removes everything in the folder except the part. The part is removed only if it is empty. */
static void remove_all_but(const char *folder, const char *part)
{
  DIR *entries = opendir(folder);
  if (!entries) return;
  for (struct dirent *entry; (entry = readdir(entries));) {
    char path[4096];
    const char *name = entry->d_name;
    if (strcmp(name, ".") == 0 || strcmp(name, "..") == 0) continue;
    if ((size_t)snprintf(path, sizeof path, "%s/%s", folder, name) >= sizeof path) continue;
    if (strcmp(name, part) == 0)
      rmdir(path);
    else
      dla_remove_tree(path);
  }
  closedir(entries);
  rmdir(folder);
}

static bool is_kept(const leftover *entry)
{
  char path[4096];
  return entry->part &&
         (size_t)snprintf(path, sizeof path, "%s/%s", entry->path, entry->part) < sizeof path &&
         is_there(path);
}

/* Tries several times: the other threads still run, and one of them may be filling the folder. */
static void remove_entry(const leftover *entry)
{
  enum { TRIES = 200 };
  for (int i = 0; i < TRIES && is_there(entry->path); i++) {
    if (i) nanosleep(&(struct timespec){.tv_nsec = 5000000}, NULL);
    if (!entry->part)
      dla_remove_tree(entry->path);
    else
      remove_all_but(entry->path, entry->part);
    if (is_kept(entry)) return;
  }
}

void dla_leftovers_remove(void (*kept)(const char *path))
{
  pthread_mutex_lock(&lock); /* for good */
  for (const leftover *entry = newest; entry; entry = entry->next) {
    remove_entry(entry);
    if (is_there(entry->path)) kept(entry->path);
  }
}
