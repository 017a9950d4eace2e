/* A folder as a storage: its objects are the files below it. */
#ifndef DLA_STAGING_STORAGE_FOLDER_STORAGE_H
#define DLA_STAGING_STORAGE_FOLDER_STORAGE_H

#include "staging/storage/storage.h"

/* When it lists, it reports to the meter what it leaves out (links to folders, devices), once each.
 * meter NULL: it reports nothing. */
dla_status dla_folder_storage_new(const char *path, dla_meter *meter, dla_storage **storage,
                                  dla_error *err);

#endif
