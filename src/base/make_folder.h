#ifndef DLA_BASE_MAKE_FOLDER_H
#define DLA_BASE_MAKE_FOLDER_H

#include <stdbool.h>

#include "dla/status.h"

/* Makes a folder and its parents. An existing folder is no error. */
dla_status dla_make_folder(const char *path, dla_error *err);

/* Makes the folder of a path. */
dla_status dla_make_parent(const char *path, dla_error *err);

/* Makes a folder that only this user may enter: mode 700, also of an existing one. Another user's
 * folder is an error, because it could hold anything. In a shared place, where others may make
 * files, a symbolic link is an error, too: it could lead anywhere. */
dla_status dla_make_private_folder(const char *path, bool shared_place, dla_error *err);

#endif
