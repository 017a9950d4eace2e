#ifndef DLA_BASE_MAKE_FOLDER_H
#define DLA_BASE_MAKE_FOLDER_H

#include "dla/status.h"

/* Makes a folder and its parents. An existing folder is no error. */
dla_status dla_make_folder(const char *path, dla_error *err);

#endif
