#ifndef DLA_BASE_TEMPORARY_FOLDER_H
#define DLA_BASE_TEMPORARY_FOLDER_H

#include <stdbool.h>

#include "dla/status.h"

/* Makes a private folder "PARENT/.dla-XXXXXX"; the caller frees *path. */
dla_status dla_temporary_folder(const char *parent, char **path, dla_error *err);

/* Is this the name of such a folder? */
bool dla_is_temporary_folder(const char *name);

/* Deletes a folder with what is in it, as far as possible; follows no links. */
void dla_remove_tree(const char *path);

#endif
