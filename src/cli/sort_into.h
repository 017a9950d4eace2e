/* Links to files, by class. */
#ifndef DLA_CLI_SORT_INTO_H
#define DLA_CLI_SORT_INTO_H

#include "dla/status.h"

/* Makes DIR/CLASS/NAME, a symbolic link to the file at `path`. Where another file has that name
 * there already, the link is called NAME-2, NAME-3 and so on; one that leads to the same file is
 * left as it is. A class's name with a slash, or of dots, becomes one that a folder can have. */
dla_status dla_cli_sort_into(const char *folder, const char *class, const char *path,
                             dla_error *err);

#endif
