/* The folders of a job, and where a container sees them. */
#ifndef DLA_WORKFLOW_FOLDERS_H
#define DLA_WORKFLOW_FOLDERS_H

#include <stdbool.h>

#include "dla/status.h"

typedef enum dla_folder {
  DLA_FOLDER_STORAGE, /* scratch: the job's own, removed with it */
  DLA_FOLDER_INPUT,
  DLA_FOLDER_OUTPUT,
  DLA_FOLDER_ENV, /* a file: KEY=value lines for later steps */
  DLA_FOLDER_TMP, /* this and the rest are kept between jobs */
  DLA_FOLDER_SHARED_TMP,
  DLA_FOLDER_SHARED_WORLD_TMP,
  DLA_FOLDER_DISK_TMP,
  DLA_FOLDER_DISK_WORLD_TMP,
  DLA_FOLDER_COUNT
} dla_folder;

typedef struct dla_folder_names {
  const char *variable, *inside; /* the path inside a container */
} dla_folder_names;

extern const dla_folder_names dla_folder_names_of[DLA_FOLDER_COUNT];

/* Is it mounted by itself, not as a part of another one? */
bool dla_folder_is_mount(dla_folder folder);

typedef struct dla_folders {
  char *path[DLA_FOLDER_COUNT];
  bool homeless; /* what is kept between jobs is where nobody's home is: this user's is missing */
} dla_folders;

/* Makes them, with mode 700; or with `make` false only says where they would be. Free with
 * dla_folders_free(), also after a failure. */
dla_status dla_folders_create(dla_folders *folders, bool make, dla_error *err);
/* Removes all of the scratch, or all but the output if that holds more than logs and is pushed
 * nowhere. True: it is still there. */
bool dla_folders_remove(const dla_folders *folders, bool pushed);
void dla_folders_free(dla_folders *folders);

#endif
