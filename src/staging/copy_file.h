#ifndef DLA_STAGING_COPY_FILE_H
#define DLA_STAGING_COPY_FILE_H

#include "dla/status.h"

/* Copies the bytes of a file. `to` is replaced as a whole; its folder is made if needed. */
dla_status dla_copy_file(const char *from, const char *to, dla_error *err);
/* The same for an open file, from its start. `from` names it in errors. */
dla_status dla_copy_open_file(int file, const char *from, const char *to, dla_error *err);

#endif
