/* The folders of a job, and their paths in a container. */
#ifndef DLA_JOB_FOLDERS_H
#define DLA_JOB_FOLDERS_H

#include <stdbool.h>

#include "config/config.h"

typedef enum dla_folder {
  DLA_FOLDER_STORAGE, /* scratch: belongs to the job and is removed with it */
  DLA_FOLDER_INPUT,
  DLA_FOLDER_OUTPUT,
  DLA_FOLDER_ENV, /* a file: KEY=value lines for later steps */
  DLA_FOLDER_TMP, /* this one and the following are kept between jobs */
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

/* Is it mounted by itself, not as part of another folder? */
bool dla_folder_is_mount(dla_folder folder);

typedef struct dla_folders {
  dla_config_folders in_config; /* must be the first member: dla_config_load() receives it */
  char *path[DLA_FOLDER_COUNT]; /* NULL: not created */
  bool temporary;               /* the scratch was made here and is removed with the job */
  /* One of those kept between jobs, if the user has no home to write to: it is in /tmp then. Else
   * NULL. Belongs to `path`. */
  const char *homeless;
} dla_folders;

/* A workflow's folders: all of them, in a scratch folder with mode 700. make = false: only sets
 * the paths. Free with dla_folders_free(), also after a failure. */
dla_status dla_folders_create(dla_folders *folders, bool make, dla_error *err);
/* A training run's folders: scratch, input and output, each at its variable's path if that is
 * set. They are created when a configuration uses them, or by dla_folders_make(). */
void dla_folders_init(dla_folders *folders);
dla_status dla_folders_make(dla_folders *folders, dla_error *err);

/* Does a path lie in an input that is removed with the scratch? */
bool dla_folders_lose(const dla_folders *folders, const char *path);
/* Removes the scratch. An output in it that is not pushed stays, if it holds more than logs.
 * True: something stays. */
bool dla_folders_remove(const dla_folders *folders, bool pushed);
/* Keeps the scratch. */
void dla_folders_keep(const dla_folders *folders);
void dla_folders_free(dla_folders *folders);

#endif
