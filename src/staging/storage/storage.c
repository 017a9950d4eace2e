#include "staging/storage/storage.h"

#include <stdlib.h>
#include <string.h>

#include "base/array.h"

void dla_storage_free(dla_storage *storage)
{
  if (storage) storage->op->free(storage);
}

dla_object *dla_objects_add(dla_objects *objects, const char *key)
{
  if (!DLA_ARRAY_RESERVE(objects->item, objects->capacity, objects->count, 1)) return NULL;
  dla_object *object = &objects->item[objects->count];
  *object = (dla_object){.key = strdup(key)};
  if (!object->key) return NULL;
  objects->count++;
  return object;
}

static int by_key(const void *a, const void *b)
{
  return strcmp(((const dla_object *)a)->key, ((const dla_object *)b)->key);
}

void dla_objects_sort(dla_objects *objects)
{
  if (objects->count) qsort(objects->item, objects->count, sizeof *objects->item, by_key);
}

const dla_object *dla_objects_find(const dla_objects *objects, const char *key)
{
  size_t place = dla_array_place(objects->item, objects->count, sizeof *objects->item, key);
  bool there = place < objects->count && strcmp(objects->item[place].key, key) == 0;
  return there ? &objects->item[place] : NULL;
}

void dla_objects_free(dla_objects *objects)
{
  for (size_t i = 0; i < objects->count; i++)
    free(objects->item[i].key);
  free(objects->item);
  *objects = (dla_objects){0};
}

void dla_object_set_etag(dla_object *object, const char *etag)
{
  if (strncmp(etag, "W/", 2) == 0) etag += 2; /* a proxy that compresses makes the ETag weak */
  size_t length = strlen(etag);
  if (length >= 2 && etag[0] == '"' && etag[length - 1] == '"') {
    etag++;
    length -= 2;
  }
  object->etag[0] = '\0';
  if (length < sizeof object->etag) memcpy(object->etag, etag, length);
  object->etag[length < sizeof object->etag ? length : 0] = '\0';
}
