/* What was written reaches the disk: a power failure after the call loses none of it. */
#ifndef DLA_BASE_FLUSH_H
#define DLA_BASE_FLUSH_H

#include "dla/status.h"

/* The file's bytes. Its name is its folder's matter. A file that is not there is no error. */
dla_status dla_flush_file(const char *path, dla_error *err);

/* The names in the folder: what was made, renamed or removed there. Some file systems cannot; that
 * is no error. */
void dla_flush_folder(const char *folder);
/* The same for the folder that has the path. */
void dla_flush_folder_of(const char *path);

/* All that was written to the path's file system, by anybody: for many files it takes less time
 * than one after another. */
dla_status dla_flush_all(const char *path, dla_error *err);

#endif
