/* A second name for a file, which is at no moment without one. */
#ifndef DLA_CHECKPOINT_LINK_H
#define DLA_CHECKPOINT_LINK_H

#include "dla/status.h"

/* `to` becomes another name of `from`: a hard link, or a copy where the file system has none. What
 * `to` was before is replaced as a whole. */
dla_status dla_checkpoint_link(const char *from, const char *to, dla_error *err);

#endif
