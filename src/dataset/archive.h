/* Members of a tar archive, read straight into memory; nothing is written to disk. */
#ifndef DLA_DATASET_ARCHIVE_H
#define DLA_DATASET_ARCHIVE_H

#include "dataset/blob.h"

/* Called for each file in the archive with the last part of its path: where its bytes should go,
 * or NULL to skip it. */
typedef dla_blob *dla_archive_choose(void *context, const char *name);

/* tar, plain or compressed by gzip, bzip2, xz or zstd. */
dla_status dla_archive_read(const char *path, dla_archive_choose *choose, void *context,
                            dla_error *err);

#endif
