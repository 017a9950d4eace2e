#ifndef DLA_STAGING_TRANSFER_ZIP_H
#define DLA_STAGING_TRANSFER_ZIP_H

#include "staging/storage/storage.h"

/* Writes the folder's files into a new zip file. */
dla_status dla_zip_folder(const char *folder, const dla_objects *files, const char *zip,
                          dla_error *err);

#endif
