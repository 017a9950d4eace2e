/* Classes in the names of files, as cat in cat.0.jpg. */
#ifndef DLA_DATA_PICTURES_FILE_NAMES_H
#define DLA_DATA_PICTURES_FILE_NAMES_H

#include "data/pictures/layout.h"

/* The length of the class at the beginning of a file's name: what comes before the number, and
 * before the separators there. The ending does not count. A hexadecimal id counts as a number.
 * *numbered: there is a number; without one, the class is the whole name. */
size_t dla_file_name_class(const char *name, bool *numbered);

/* Sets the labels of the entries from index `from` on; -1: no class. A name without a number counts
 * only if it is a known class, or if a name with a number has the same class. Counts the pictures
 * with a class in each folder. known: the classes of a network; NULL: none. */
dla_status dla_file_names_label(dla_layout *layout, dla_picture_list *list, size_t from,
                                char *const *known, int count, dla_error *err);

/* Leaves out the checked pictures without a class, with the reason. */
dla_status dla_file_names_leave_out(dla_picture_list *list, dla_error *err);

/* Whether most pictures at the path, a folder or an archive, have a class in their names, and there
 * are at least two classes. Sets *example to such a name, and *length to that of its class. free()
 * it. */
bool dla_file_names_tell(const char *path, char **example, size_t *length);

#endif
