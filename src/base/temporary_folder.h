#ifndef DLA_BASE_TEMPORARY_FOLDER_H
#define DLA_BASE_TEMPORARY_FOLDER_H

#include <stdbool.h>

#include "dla/status.h"

/* Where temporary folders go: $TMPDIR, else /tmp. */
const char *dla_temporary_place(void);

/* Makes a private folder "PARENT/.dla-XXXXXX"; the caller frees *path. */
dla_status dla_temporary_folder(const char *parent, char **path, dla_error *err);

/* Whether this is the name of such a folder, or of a swept one (swept_folder.h). */
bool dla_is_temporary_folder(const char *name);

/* Deletes it and its contents, as far as possible; follows no links. */
void dla_temporary_remove(const char *path);
/* The folder stays, even if a signal ends the program at once; else it would be removed then. */
void dla_temporary_keep(const char *path);
/* The same for PATH/part only. part is a constant. */
void dla_temporary_keep_part(const char *path, const char *part);

#endif
