/* A second name for a file. The name always leads to a file. */
#ifndef DLA_CHECKPOINT_LINK_H
#define DLA_CHECKPOINT_LINK_H

#include "dla/status.h"

/* Makes `to` another name of `from`: a hard link, or a copy if the file system has none. Replaces
 * an existing `to` atomically. The link is durable when its folder is (base/flush.h). */
dla_status dla_checkpoint_link(const char *from, const char *to, dla_error *err);

#endif
