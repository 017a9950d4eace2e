/* A data set in an archive. */
#ifndef DLA_DATA_SOURCES_SOURCE_ARCHIVE_H
#define DLA_DATA_SOURCES_SOURCE_ARCHIVE_H

#include "data/sources/source.h"

dla_status dla_source_open_archive(const char *path, const dla_dataset_options *options,
                                   dla_source *source, dla_error *err);

#endif
