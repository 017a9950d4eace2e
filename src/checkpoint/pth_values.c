/* Values in the dicts of a .pth: texts, lookups by key, numbers. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/number.h"
#include "checkpoint/pth_reader.h"
#include "pickle/numpy.h"

char *dla_pth_text(dla_pth_reader *r, const dla_pickle_value *value, dla_status *status)
{
  *status = DLA_OK;
  if (value->kind != DLA_PICKLE_STRING || (value->count && memchr(value->bytes, 0, value->count)))
    return NULL;
  char *text = malloc(value->count + 1);
  if (!text) {
    *status = dla_fail_memory(r->err, "a checkpoint");
    return NULL;
  }
  if (value->count) memcpy(text, value->bytes, value->count);
  text[value->count] = '\0';
  return text;
}

dla_status dla_pth_lookup(dla_pth_reader *r, const dla_pickle_value *dict, const char *key,
                          const dla_pickle_value **value)
{
  size_t count = 0;
  const dla_pickle_value *items = dla_pickle_entries(r->pickle, dict, &count);
  *value = NULL;
  for (size_t i = 0; i < count; i += 2) {
    if (!dla_pickle_is_string(&items[i], key)) continue;
    if (*value) return DLA_PTH_FAIL(r, &items[i], "the key '%s' is there twice", key);
    *value = &items[i + 1];
  }
  return DLA_OK;
}

bool dla_pth_number(dla_pth_reader *r, const dla_pickle_value *value, double *number)
{
  switch (value->kind) {
  case DLA_PICKLE_FLOAT:
  case DLA_PICKLE_BIG:
    *number = value->real;
    return true;
  case DLA_PICKLE_INT:
  case DLA_PICKLE_BOOL:
    *number = (double)value->integer;
    return true;
  default:
    return dla_pth_is_tensor(r, value) ? dla_pth_scalar(r, value, number)
                                       : dla_numpy_read_scalar(r->pickle, value, number);
  }
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

dla_status dla_pth_leave_out(dla_pth_reader *r, const dla_pickle_value *key,
                             const dla_pickle_value *value)
{
  char title[DLA_PICKLE_TITLE];
  dla_status status;
  char *name = dla_pth_text(r, key, &status);
  if (!status)
    status = dla_tensor_set_leave_out(r->set, name ? name : "a key that is no text",
                                      dla_pickle_title(r->pickle, value, title), false, r->err);
  free(name);
  return status;
}
