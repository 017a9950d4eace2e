/* A data set in a folder or a subfolder, or in an archive there. */
#ifndef DLA_DATA_SOURCES_SOURCE_FOLDER_H
#define DLA_DATA_SOURCES_SOURCE_FOLDER_H

#include "data/sources/source.h"

dla_status dla_source_open_folder(const char *path, const dla_dataset_options *options,
                                  dla_source *source, dla_error *err);

/* Opens a data set by one of its files. If a folder has several sets, opens the one with that
 * file. */
dla_status dla_source_open_file(const char *path, const dla_dataset_options *options,
                                dla_source *source, dla_error *err);

#endif
