/* The parts of an object: which have come, and which connection gets the next one. One connection
 * asks for the whole object, because a request costs a server more than its bytes do. If that is
 * too slow, other connections join, and each asks for one part after another. */
#ifndef DLA_STAGING_STORAGE_S3_PARTS_H
#define DLA_STAGING_STORAGE_S3_PARTS_H

#include <pthread.h>
#include <stdbool.h>
#include <stdint.h>

#include "dla/status.h"

typedef struct dla_s3_parts {
  pthread_mutex_t lock;
  pthread_cond_t changed;
  size_t count, next; /* next: the first part that nobody has taken */
  bool *whole;        /* whether each part is in the file */
  bool alone, failed;
  uint64_t bytes; /* that have come so far */
} dla_s3_parts;

dla_status dla_s3_parts_init(dla_s3_parts *parts, size_t count, dla_error *err);
void dla_s3_parts_free(dla_s3_parts *parts);

/* For the other connections: waits until another one is needed, or nothing is left to do. */
void dla_s3_parts_join(dla_s3_parts *parts);
/* Gives the caller the parts first ... last, for one request. Other connections may take all of
 * them but the first. Returns false if none is left. */
bool dla_s3_parts_take(dla_s3_parts *parts, size_t *first, size_t *last);
void dla_s3_parts_add(dla_s3_parts *parts, size_t bytes);
/* The part is in the file. Returns true if the caller has the next part, too. */
bool dla_s3_parts_finish(dla_s3_parts *parts, size_t index);
/* Waits until the part is in the file. Returns false if it will not come. */
bool dla_s3_parts_wait(dla_s3_parts *parts, size_t index);
/* Lets no further part be taken, and wakes all that wait. */
void dla_s3_parts_fail(dla_s3_parts *parts);

#endif
