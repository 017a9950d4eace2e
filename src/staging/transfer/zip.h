#ifndef DLA_STAGING_TRANSFER_ZIP_H
#define DLA_STAGING_TRANSFER_ZIP_H

#include <stdbool.h>

#include "staging/storage/storage.h"

/* Writes the folder's files into a new zip file. Of a file that grows meanwhile it takes as many
 * bytes as it had at first. A file that becomes shorter is DLA_E_IO, and then *shrank is true: a
 * new call takes it as it is by then. */
dla_status dla_zip_folder(const char *folder, const dla_objects *files, const char *zip,
                          bool *shrank, dla_error *err);

#endif
