/* The files of a watched folder: what was pushed of each, and which ones may be pushed now. */
#ifndef DLA_STAGING_TRANSFER_WATCHED_FILES_H
#define DLA_STAGING_TRANSFER_WATCHED_FILES_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/stat.h>

#include "base/sha256.h"
#include "staging/storage/storage.h"
#include "staging/transfer/filter.h"
#include "staging/transfer/tree_events.h"

/* Changes whenever the file does. */
typedef struct dla_stamp {
  int64_t size, seconds, nanoseconds;
  uint64_t inode;
} dla_stamp;

typedef struct dla_watched {
  char *key;
  dla_stamp seen;
  size_t scan;                  /* the first one that saw it; 0: none yet */
  double since;                 /* when it last changed, on dla_clock() */
  bool log;                     /* it grows line by line, and goes before others */
  bool present;                 /* it was there in the last scan */
  bool open;                    /* written, and not closed since */
  bool closed;                  /* closed after writing, and not written since */
  bool changed;                 /* since the last push; an event or the stamp shows it */
  char sha256[DLA_SHA256_TEXT]; /* of the last push; empty: none yet */
  /* the last attempt */
  dla_status status;
  dla_error err;
  int failures; /* in a row */
  double retry_at;
} dla_watched;

typedef struct dla_watched_files {
  dla_watched *item; /* sorted by key */
  size_t count, capacity;
  bool failed; /* out of memory: the list is incomplete */
  size_t scans;
  bool fresh;              /* the last one saw a file for the first time */
  const char *const *logs; /* names, ends with NULL; NULL: none */
} dla_watched_files;

dla_stamp dla_stamp_of(const struct stat *info);
bool dla_stamp_same(const dla_stamp *a, const dla_stamp *b);

/* Takes an event into account. */
void dla_watched_note(dla_watched_files *files, dla_tree_change change, const char *key);
/* Looks at all files in the folder that the filters take. Files that are gone leave the list. */
dla_status dla_watched_scan(dla_watched_files *files, const char *folder, dla_storage *storage,
                            const dla_filters *filters, dla_error *err);

/* Whether the file may be pushed. It may once it is closed. Without events (`quiet_counts`, or none
 * came for this file) it may after `quiet` seconds without a change. */
bool dla_watched_settled(const dla_watched *file, double now, double quiet, bool quiet_counts);
/* Whether a scan began after one that saw the file: logs that are older than it are in the list. */
bool dla_watched_seen_twice(const dla_watched_files *files, const dla_watched *file);
/* Looks at the logs alone: marks those that have changed. */
void dla_watched_look_at_logs(dla_watched_files *files, const char *folder);
void dla_watched_free(dla_watched_files *files);

#endif
