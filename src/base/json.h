/* Writes JSON: everything that this program prints or keeps as JSON for others comes from here, but
 * for the header of a safetensors file, whose bytes are part of that format.
 *
 * jansson, which reads JSON here, is not used to write it: it refuses a number that is none where
 * null is wanted, and each of its values can fail for want of memory, where a strbuf is asked once,
 * in the end. */
#ifndef DLA_BASE_JSON_H
#define DLA_BASE_JSON_H

#include <stdint.h>

#include "base/strbuf.h"

/* A value under way, at the end of `out`: (dla_json){.out = &out}. */
typedef struct dla_json {
  dla_strbuf *out;
  bool comma; /* one stands before the next value */
} dla_json;

/* Each writes one value: in an object behind its key, in an array, where key is NULL, alone. */
void dla_json_begin_object(dla_json *json, const char *key);
void dla_json_end_object(dla_json *json);
void dla_json_begin_array(dla_json *json, const char *key);
void dla_json_end_array(dla_json *json);
void dla_json_text(dla_json *json, const char *key, const char *text); /* NULL: null */
void dla_json_integer(dla_json *json, const char *key, int64_t value);
void dla_json_bytes(dla_json *json, const char *key, uint64_t value);
void dla_json_boolean(dla_json *json, const char *key, bool value);
/* As many digits as give back the same number. JSON has no NaN and no infinity: null. */
void dla_json_number(dla_json *json, const char *key, double value);

/* A value that is JSON already. */
void dla_json_raw(dla_json *json, const char *key, const char *value);

/* The next value stands on a line of its own. */
void dla_json_new_line(dla_json *json);

#endif
