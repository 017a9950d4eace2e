/* Detects the data set at a path. */
#ifndef DLA_DATA_SOURCES_FIND_H
#define DLA_DATA_SOURCES_FIND_H

#include "data/sources/source.h"

/* path: a folder, an archive, or one of the data set's files. After an error only source->several
 * is set; there is nothing to close. */
dla_status dla_find_dataset(const char *path, const dla_dataset_options *options,
                            dla_source *source, dla_error *err);

#endif
