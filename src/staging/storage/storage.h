/* One interface for a folder, S3 and HTTP. A storage is a root with objects under it. A key is
 * relative to the root, with / between its parts. Every function may be called from any thread. */
#ifndef DLA_STAGING_STORAGE_STORAGE_H
#define DLA_STAGING_STORAGE_STORAGE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "staging/location.h"
#include "staging/meter.h"
#include "staging/settings.h"
#include "staging/transport/http.h"

typedef struct dla_object {
  char *key;
  uint64_t size;
  char etag[128];  /* without quotes; in S3, often the MD5 */
  char sha256[65]; /* empty where the storage does not tell it */
} dla_object;

typedef struct dla_objects {
  dla_object *item;
  size_t count, capacity;
} dla_objects;

typedef struct dla_storage dla_storage;

typedef struct dla_storage_operations {
  dla_location_kind kind;
  /* Lists every object, sorted by key, or fails. NULL: the storage cannot list. */
  dla_status (*list)(dla_storage *storage, dla_objects *objects, dla_error *err);
  dla_status (*head)(dla_storage *storage, const char *key, dla_object *object, bool *found,
                     dla_error *err);
  /* get() writes a file, put() reads one. File and object are replaced as a whole or not at all.
   * put() reads an open file from its start: its name may belong to another file by now. */
  dla_status (*get)(dla_storage *storage, const dla_object *object, const char *path,
                    dla_error *err);
  /* sha256 is the file's if it is known already, else NULL. */
  dla_status (*put)(dla_storage *storage, const char *key, int file, const char *name,
                    const char *sha256, dla_error *err);
  dla_status (*remove)(dla_storage *storage, const char *key, dla_error *err);
  void (*free)(dla_storage *storage);
} dla_storage_operations;

/* The first member of each storage's own struct. */
struct dla_storage {
  const dla_storage_operations *op;
};

void dla_storage_free(dla_storage *storage);

/* Adds a zeroed object with a copy of the key; NULL: out of memory. */
dla_object *dla_objects_add(dla_objects *objects, const char *key);
void dla_objects_sort(dla_objects *objects);
/* Finds an object in a sorted list; NULL if it is not there. */
const dla_object *dla_objects_find(const dla_objects *objects, const char *key);
void dla_objects_free(dla_objects *objects);
/* Sets the ETag, without its quotes. */
void dla_object_set_etag(dla_object *object, const char *etag);

#endif
