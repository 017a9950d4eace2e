/* One file into a folder, unpacked: what comes over HTTP, through the cache. */
#ifndef DLA_STAGING_FETCH_H
#define DLA_STAGING_FETCH_H

#include "staging/storage.h"

/* name is what the file is called where it stays as it is. */
dla_status dla_fetch(dla_storage *http_storage, const char *name, const char *folder,
                     const dla_stage_settings *settings, dla_meter *meter, dla_error *err);

#endif
