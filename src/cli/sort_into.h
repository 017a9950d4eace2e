/* Makes links to files, sorted by class. */
#ifndef DLA_CLI_SORT_INTO_H
#define DLA_CLI_SORT_INTO_H

#include "dla/status.h"

/* Makes DIR/CLASS/NAME, a symbolic link to the file at `path`. If another file has that name
 * already, the link is called NAME-2, NAME-3 and so on. A link to the same file is left as it is.
 * If the name of a class has a slash, or only dots, it is changed into a valid folder name. */
dla_status dla_cli_sort_into(const char *folder, const char *class, const char *path,
                             dla_error *err);

#endif
