/* What a pickle holds, once it is read. */
#include <stdlib.h>
#include <string.h>

#include "pickle/machine.h"

void dla_pickle_free(dla_pickle *pickle)
{
  if (!pickle) return;
  for (size_t i = 0; i < pickle->object_count; i++)
    free(pickle->objects[i].items);
  free(pickle->objects);
  free(pickle);
}

const dla_pickle_value *dla_pickle_root(const dla_pickle *pickle)
{
  return &pickle->root;
}

const dla_pickle_value *dla_pickle_items(const dla_pickle *pickle, const dla_pickle_value *value,
                                         size_t *count)
{
  *count = 0;
  if (value->kind < DLA_PICKLE_LIST) return NULL;
  *count = pickle->objects[value->object].count;
  return pickle->objects[value->object].items;
}

bool dla_pickle_is_string(const dla_pickle_value *value, const char *text)
{
  return value->kind == DLA_PICKLE_STRING && value->count == strlen(text) &&
         memcmp(value->bytes, text, value->count) == 0;
}

bool dla_pickle_is_call(const dla_pickle *pickle, const dla_pickle_value *value, int id,
                        const dla_pickle_value **arguments, size_t *count)
{
  if (value->kind != DLA_PICKLE_CALL) return false;
  const dla_pickle_value *call = dla_pickle_items(pickle, value, count);
  *arguments = dla_pickle_items(pickle, &call[1], count);
  return call[0].integer == id;
}

const dla_pickle_value *dla_pickle_get(const dla_pickle *pickle, const dla_pickle_value *dict,
                                       const char *key)
{
  if (dict->kind != DLA_PICKLE_DICT) return NULL;
  size_t count = 0;
  const dla_pickle_value *items = dla_pickle_items(pickle, dict, &count);
  for (size_t i = 0; i + 1 < count; i += 2)
    if (dla_pickle_is_string(&items[i], key)) return &items[i + 1];
  return NULL;
}
