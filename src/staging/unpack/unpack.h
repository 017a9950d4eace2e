/* Unpacks a file into a folder, all of it or nothing.
 *
 * Formats: tar (plain, or compressed by gzip, bzip2, xz, lzma, zstd, lz4, lzip or compress), zip,
 * 7z, and a single compressed file, which loses its suffix. Other files are copied as they are,
 * also zip files by another name (.pth, .npz, .jar ...).
 *
 * Refused: absolute names, "..", names that occur twice, links that lead out, devices, and anything
 * above the settings' limits. */
#ifndef DLA_STAGING_UNPACK_UNPACK_H
#define DLA_STAGING_UNPACK_UNPACK_H

#include "staging/meter.h"
#include "staging/settings.h"

/* path is where the file is, name is what it is called. The folder is made if needed. */
dla_status dla_unpack(const char *path, const char *name, const char *folder,
                      const dla_stage_settings *settings, dla_meter *meter, dla_error *err);

#endif
