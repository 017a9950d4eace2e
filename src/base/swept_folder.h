/* A temporary folder in a folder of the user's, which lives as long as its process. What a killed
 * process left is deleted when the next such folder is made beside it.
 *
 * It is PARENT/.dla-part-XXXXXX, with a file `lock` and a folder `in`, which is the caller's. The
 * lock is flock()'s: the system gives it back however the process ends. Where a file system has no
 * locks nothing is deleted, because nobody knows whose it is. */
#ifndef DLA_BASE_SWEPT_FOLDER_H
#define DLA_BASE_SWEPT_FOLDER_H

#include <stdbool.h>

#include "dla/status.h"

typedef struct dla_swept_folder dla_swept_folder;

/* The parent exists. */
dla_status dla_swept_folder_make(const char *parent, dla_swept_folder **out, dla_error *err);
/* What the caller fills; it lives as long as the handle. */
const char *dla_swept_folder_path(const dla_swept_folder *folder);
/* Deletes it with what is in it. NULL: nothing. */
void dla_swept_folder_remove(dla_swept_folder *folder);

/* Is this the name of such a folder? */
bool dla_is_swept_folder(const char *name);

#endif
