/* Fetches one file into a folder and unpacks it. Downloads over HTTP go through the cache. */
#ifndef DLA_STAGING_TRANSFER_FETCH_H
#define DLA_STAGING_TRANSFER_FETCH_H

#include "staging/storage/storage.h"

typedef struct dla_fetch {
  dla_storage *storage; /* the HTTP storage */
  const char *name;     /* of the file, if it is not unpacked */
  const char *folder;
  const dla_stage_settings *settings;
  dla_meter *meter;
} dla_fetch;

/* *bytes is the size of the file, downloaded now or before. */
dla_status dla_fetch_file(const dla_fetch *fetch, uint64_t *bytes, dla_error *err);

#endif
