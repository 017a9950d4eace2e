/* The files of a folder and of those below it, level by level. */
#ifndef DLA_DATA_SOURCES_FOLDER_WALK_H
#define DLA_DATA_SOURCES_FOLDER_WALK_H

#include <stdbool.h>
#include <stddef.h>

#include "dla/status.h"

typedef struct dla_folder_file {
  char *path;     /* below the place; owned */
  char *leads_to; /* of a link that leads nowhere; owned */
  int depth;      /* folders in path */
  bool is_folder; /* one that is still to be listed, on the next level */
} dla_folder_file;

typedef struct dla_folder_walk {
  const char *place;
  dla_folder_file *items; /* what belongs to the levels that were listed, by name in each folder */
  size_t count, capacity;
  size_t listed; /* items before this one have been listed */
  int folders;   /* that were listed */
} dla_folder_walk;

/* Lists the place itself at first, then all folders on the next level. *any: was there one? A
 * folder below the place that may not be read is passed over. */
dla_status dla_folder_walk_next(dla_folder_walk *walk, bool *any, dla_error *err);
/* The whole path of an item, to be freed; NULL: out of memory. */
char *dla_folder_walk_path(const dla_folder_walk *walk, size_t item);
void dla_folder_walk_free(dla_folder_walk *walk);

#endif
