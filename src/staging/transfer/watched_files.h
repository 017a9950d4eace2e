/* The files of a watched folder: what was pushed of each, and which may be pushed now. */
#ifndef DLA_STAGING_TRANSFER_WATCHED_FILES_H
#define DLA_STAGING_TRANSFER_WATCHED_FILES_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/stat.h>

#include "base/sha256.h"
#include "staging/storage/storage.h"
#include "staging/transfer/filter.h"
#include "staging/transfer/tree_events.h"

/* What changes when a file does. */
typedef struct dla_stamp {
  int64_t size, seconds, nanoseconds;
  uint64_t inode;
} dla_stamp;

typedef struct dla_watched {
  char *key;
  dla_stamp seen;
  double since;                 /* so long it has looked like that, on dla_clock() */
  bool present;                 /* in the last scan */
  bool open;                    /* written to, and not closed since */
  bool closed;                  /* closed after writing, and not written to since */
  bool changed;                 /* since it was pushed; an event said so, or the stamp */
  char sha256[DLA_SHA256_TEXT]; /* of what was pushed last; empty: nothing yet */
  /* the last attempt */
  dla_status status;
  dla_error err;
  int failures; /* in a row */
  double retry_at;
} dla_watched;

typedef struct dla_watched_files {
  dla_watched *item; /* sorted by key */
  size_t count, capacity;
  bool failed; /* out of memory: the list is not whole */
} dla_watched_files;

dla_stamp dla_stamp_of(const struct stat *info);
bool dla_stamp_same(const dla_stamp *a, const dla_stamp *b);

/* Takes what an event tells. */
void dla_watched_note(dla_watched_files *files, dla_tree_change change, const char *key);
/* Looks at all of the folder that the filters take; what is gone leaves the list. */
dla_status dla_watched_scan(dla_watched_files *files, const char *folder, dla_storage *storage,
                            const dla_filters *filters, dla_error *err);

/* May it be pushed? It may once it is closed. Without events (`quiet_counts`, or none came for this
 * file) it may after `quiet` seconds without a change. */
bool dla_watched_settled(const dla_watched *file, double now, double quiet, bool quiet_counts);
void dla_watched_free(dla_watched_files *files);

#endif
