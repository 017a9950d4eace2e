#ifndef DLA_BASE_CACHE_FOLDER_H
#define DLA_BASE_CACHE_FOLDER_H

#include "base/strbuf.h"

/* Appends the user's folder for data that can be made again: $XDG_CACHE_HOME/dla-train, else
 * $HOME/.cache/dla-train. Appends nothing where the environment names none, or where the home does
 * not exist (a daemon's): a program makes no homes. The folder itself may not exist yet. */
void dla_cache_folder(dla_strbuf *path);
/* The same without a look at the disk: for the name of the folder on another node. */
void dla_cache_folder_name(dla_strbuf *path);

#endif
