#ifndef DLA_BASE_CACHE_FOLDER_H
#define DLA_BASE_CACHE_FOLDER_H

#include "base/strbuf.h"

/* Appends the user's folder for what can be made again: $XDG_CACHE_HOME/dla-train, else
 * $HOME/.cache/dla-train; nothing where the environment names none. It may not exist yet. */
void dla_cache_folder(dla_strbuf *path);

#endif
