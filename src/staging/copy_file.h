#ifndef DLA_STAGING_COPY_FILE_H
#define DLA_STAGING_COPY_FILE_H

#include "dla/status.h"

/* Copies a file's bytes; `to` is replaced as a whole. Its folder is made if need be. */
dla_status dla_copy_file(const char *from, const char *to, dla_error *err);
/* The same of an open file, from its start; `from` is for errors. */
dla_status dla_copy_open_file(int file, const char *from, const char *to, dla_error *err);

/* Makes the folder that path is to be in. */
dla_status dla_make_parent(const char *path, dla_error *err);

#endif
