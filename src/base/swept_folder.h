/* A temporary folder inside a folder of the user's. It lives as long as its process. If a process
 * was killed, its folder is deleted when the next one is made in the same parent.
 *
 * It is PARENT/.dla-part-XXXXXX. It holds a file `lock` and a folder `in`; the caller owns `in`.
 * The lock is flock()'s: the system releases it however the process ends. Where a file system has
 * no locks nothing is deleted, because nobody can tell whether its process lives. */
#ifndef DLA_BASE_SWEPT_FOLDER_H
#define DLA_BASE_SWEPT_FOLDER_H

#include <stdbool.h>

#include "dla/status.h"

typedef struct dla_swept_folder dla_swept_folder;

/* The parent must exist. */
dla_status dla_swept_folder_make(const char *parent, dla_swept_folder **out, dla_error *err);
/* The folder for the caller to fill. The text lives as long as the handle. */
const char *dla_swept_folder_path(const dla_swept_folder *folder);
/* Deletes the folder and its contents. NULL is allowed. */
void dla_swept_folder_remove(dla_swept_folder *folder);

/* Whether this is the name of such a folder. */
bool dla_is_swept_folder(const char *name);

#endif
