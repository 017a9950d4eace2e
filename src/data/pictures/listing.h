/* Lists what is in a folder, an archive or a CSV file. */
#ifndef DLA_DATA_PICTURES_LISTING_H
#define DLA_DATA_PICTURES_LISTING_H

#include "data/pictures/list.h"

/* All files of a folder and of those below it, but hidden ones. Links are followed once: a folder
 * that was listed is not listed again under another name. */
dla_status dla_picture_list_from_folder(dla_picture_list *list, const char *path, dla_error *err);

/* Of a tar or zip that is not compressed the members' places are kept, of others their bytes, where
 * they may be pictures. *other: stopped at the file of another format of data sets, before the
 * first picture. */
dla_status dla_picture_list_from_archive(dla_picture_list *list, const char *path, bool *other,
                                         dla_error *err);

/* Lines of path,label; paths are below the CSV's own folder, or absolute. The first line may be a
 * header. Each entry's label is the number of its class among the folders of `classes`, which is a
 * list for nothing but these names. */
dla_status dla_picture_list_from_csv(dla_picture_list *list, const char *path,
                                     dla_picture_list *classes, dla_error *err);

/* Is it called like a picture? */
bool dla_is_picture_name(const char *name);
/* Does a file below an open folder (AT_FDCWD) begin as a picture does? */
bool dla_is_picture_file(int folder, const char *name);
bool dla_is_csv_name(const char *path);

#endif
