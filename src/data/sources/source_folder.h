/* A data set in a folder, in one below it, or in an archive that lies there. */
#ifndef DLA_DATA_SOURCES_SOURCE_FOLDER_H
#define DLA_DATA_SOURCES_SOURCE_FOLDER_H

#include "data/sources/source.h"

dla_status dla_source_open_folder(const char *path, const dla_dataset_options *options,
                                  dla_source *source, dla_error *err);

/* One of the files of a data set names the whole, of several in one folder the one that it is in.
 */
dla_status dla_source_open_file(const char *path, const dla_dataset_options *options,
                                dla_source *source, dla_error *err);

#endif
