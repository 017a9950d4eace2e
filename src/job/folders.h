/* The folders of a job, and where a container sees them. */
#ifndef DLA_JOB_FOLDERS_H
#define DLA_JOB_FOLDERS_H

#include <stdbool.h>

#include "config/config.h"

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
  dla_config_folders in_config; /* the first member: what dla_config_load() is handed */
  char *path[DLA_FOLDER_COUNT]; /* NULL: not made */
  bool temporary;               /* the scratch was made here, and goes with the job */
  bool homeless; /* what is kept between jobs is where nobody's home is: this user's is missing */
} dla_folders;

/* A workflow's: all of them, in a scratch folder of its own, with mode 700. With `make` false only
 * says where they would be. Free with dla_folders_free(), also after a failure. */
dla_status dla_folders_create(dla_folders *folders, bool make, dla_error *err);
/* A training run's: scratch, input and output, each where its variable says if that is set. They
 * are made when a configuration names them, or by dla_folders_make(). */
void dla_folders_init(dla_folders *folders);
dla_status dla_folders_make(dla_folders *folders, dla_error *err);

/* Does a path lie in an input that goes with the scratch? */
bool dla_folders_lose(const dla_folders *folders, const char *path);
/* Removes the scratch. What the output holds beside logs stays, if it lies there and is pushed
 * nowhere. True: something stays. */
bool dla_folders_remove(const dla_folders *folders, bool pushed);
/* The scratch stays as it is. */
void dla_folders_keep(const dla_folders *folders);
void dla_folders_free(dla_folders *folders);

#endif
