/* Walks through a folder and its subfolders, level by level. */
#ifndef DLA_DATA_SOURCES_FOLDER_WALK_H
#define DLA_DATA_SOURCES_FOLDER_WALK_H

#include <stdbool.h>
#include <stddef.h>

#include "dla/status.h"

typedef struct dla_folder_file {
  char *path;     /* below the place; owned */
  char *leads_to; /* the target of a broken link; owned */
  int depth;      /* folders in path */
  bool is_folder; /* to be listed, on the next level */
} dla_folder_file;

typedef struct dla_folder_walk {
  const char *place;
  dla_folder_file *items; /* of the levels listed so far; by name in each folder */
  size_t count, capacity;
  size_t listed; /* items before this one have been listed */
  int folders;   /* number of listed folders */
} dla_folder_walk;

/* Lists the place itself first, then all folders of the next level. *any: was there one?
 * Unreadable subfolders are skipped. */
dla_status dla_folder_walk_next(dla_folder_walk *walk, bool *any, dla_error *err);
/* The whole path of an item; free() it. NULL: out of memory. */
char *dla_folder_walk_path(const dla_folder_walk *walk, size_t item);
void dla_folder_walk_free(dla_folder_walk *walk);

#endif
