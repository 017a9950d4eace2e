/* One file into a folder, unpacked: what comes over HTTP, through the cache. */
#ifndef DLA_STAGING_TRANSFER_FETCH_H
#define DLA_STAGING_TRANSFER_FETCH_H

#include "staging/storage/storage.h"

typedef struct dla_fetch {
  dla_storage *storage; /* of HTTP */
  const char *name;     /* what the file is called where it stays as it is */
  const char *folder;
  const dla_stage_settings *settings;
  dla_meter *meter;
} dla_fetch;

/* *bytes is how many the file has, downloaded now or before. */
dla_status dla_fetch_file(const dla_fetch *fetch, uint64_t *bytes, dla_error *err);

#endif
