/* Staging prints nothing: it tells an observer. Calls come one at a time, but from any thread. */
#ifndef DLA_STAGING_OBSERVER_H
#define DLA_STAGING_OBSERVER_H

#include <stdbool.h>
#include <stdint.h>

typedef struct dla_stage_progress {
  const char *name;      /* of the file or transfer */
  uint64_t bytes, total; /* total is 0 while unknown */
  double rate;           /* bytes a second */
  double seconds_left;   /* negative while unknown */
} dla_stage_progress;

typedef enum dla_stage_kind {
  DLA_STAGE_GET,
  DLA_STAGE_PUT,
  DLA_STAGE_DELETE,
  DLA_STAGE_SAME,   /* not moved: the other side has the same bytes */
  DLA_STAGE_CACHED, /* not downloaded: the cache has it */
  DLA_STAGE_UNPACK,
  DLA_STAGE_RETRY,
  DLA_STAGE_ANSWER, /* what a server answered to an upload over HTTP */
  DLA_STAGE_NOTE
} dla_stage_kind;

typedef struct dla_stage_event {
  dla_stage_kind kind;
  const char *name; /* the file, key or URL (without secrets) */
  uint64_t bytes;
  const char *detail; /* for people; may be empty */
} dla_stage_event;

typedef struct dla_stage_observer {
  void *context;
  void (*progress)(void *context, const dla_stage_progress *progress);
  void (*event)(void *context, const dla_stage_event *event);
  bool (*stop)(void *context); /* true: give up soon, and leave nothing half done */
} dla_stage_observer;

const char *dla_stage_kind_name(dla_stage_kind kind);

/* What was done. */
typedef struct dla_stage_outcome {
  uint64_t moved, same, deleted, bytes; /* numbers of files; bytes: of the moved files */
  uint64_t skipped;                     /* objects whose keys cannot be file names */
} dla_stage_outcome;

#endif
