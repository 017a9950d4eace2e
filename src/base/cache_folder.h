#ifndef DLA_BASE_CACHE_FOLDER_H
#define DLA_BASE_CACHE_FOLDER_H

#include "base/strbuf.h"

/* Appends the user's folder for what can be made again: $XDG_CACHE_HOME/dla-train, else
 * $HOME/.cache/dla-train. Nothing where the environment names none, or one whose home is missing,
 * as a daemon's is: a program makes no homes. The folder itself may not exist yet. */
void dla_cache_folder(dla_strbuf *path);
/* The same without looking at what there is: of a node that is not this one. */
void dla_cache_folder_name(dla_strbuf *path);

#endif
