/* What the dicts of a .pth hold: values by their keys, tensors, numbers. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/number.h"
#include "checkpoint/pth_reader.h"

dla_status dla_pth_lookup(dla_pth_reader *r, const dla_pickle_value *dict, const char *key,
                          const dla_pickle_value **value)
{
  size_t count = 0;
  const dla_pickle_value *items = dla_pickle_items(r->pickle, dict, &count);
  *value = NULL;
  if (dict->kind != DLA_PICKLE_DICT)
    return DLA_PTH_FAIL(r, dict, "there is no dict with '%s'", key);
  for (size_t i = 0; i < count; i += 2) {
    if (!dla_pickle_is_string(&items[i], key)) continue;
    if (*value) return DLA_PTH_FAIL(r, &items[i], "the key '%s' is there twice", key);
    *value = &items[i + 1];
  }
  return DLA_OK;
}

dla_status dla_pth_add_named(dla_pth_reader *r, const char *prefix, const char *name,
                             const dla_pickle_value *value)
{
  size_t size = strlen(prefix) + strlen(name) + 1;
  char *full = malloc(size);
  if (!full) return dla_fail_memory(r->err, "a checkpoint");
  snprintf(full, size, "%s%s", prefix, name);
  dla_status status = dla_pth_is_tensor(r, value)
                          ? dla_pth_add_tensor(r, full, value)
                          : DLA_PTH_FAIL(r, value, "'%.80s' is no tensor", name);
  free(full);
  return status;
}

dla_status dla_pth_number(dla_pth_reader *r, const char *key, const dla_pickle_value *value,
                          double *number)
{
  if (dla_pth_is_tensor(r, value)) return dla_pth_scalar(r, value, number);
  *number = value->kind == DLA_PICKLE_FLOAT ? value->real : (double)value->integer;
  if (value->kind == DLA_PICKLE_FLOAT || value->kind == DLA_PICKLE_INT ||
      value->kind == DLA_PICKLE_BOOL)
    return DLA_OK;
  return DLA_PTH_FAIL(r, value, "'%s' is no number", key);
}

dla_status dla_pth_note(dla_pth_reader *r, const char *key, double number)
{
  dla_strbuf text = {0};
  dla_number_write(number, &text);
  dla_status status = text.failed ? dla_fail_memory(r->err, "a checkpoint")
                                  : dla_tensor_set_note(r->set, key, text.text, r->err);
  dla_strbuf_free(&text);
  return status;
}
