/* Writes JSON. All JSON that this program prints or keeps for others comes from here, except the
 * header of a safetensors file, whose bytes are part of that format.
 *
 * jansson reads JSON here, but does not write it. It refuses NaN and infinity where null is wanted.
 * Each of its values can fail for want of memory, while a strbuf is asked once, in the end. */
#ifndef DLA_BASE_JSON_H
#define DLA_BASE_JSON_H

#include <stdint.h>

#include "base/strbuf.h"

/* The state of a JSON text that is being written at the end of `out`: (dla_json){.out = &out}. */
typedef struct dla_json {
  dla_strbuf *out;
  bool comma; /* the next value needs one before it */
} dla_json;

/* Begins a text that is one object. */
dla_json dla_json_begin(dla_strbuf *out);

/* Each writes one value. In an object, it comes behind its key; in an array, or alone, key is
 * NULL. */
void dla_json_begin_object(dla_json *json, const char *key);
void dla_json_end_object(dla_json *json);
void dla_json_end_line(dla_json *json); /* of an object that is a line of its own */
void dla_json_begin_array(dla_json *json, const char *key);
void dla_json_end_array(dla_json *json);
void dla_json_text(dla_json *json, const char *key, const char *text); /* text NULL: writes null */
void dla_json_integer(dla_json *json, const char *key, int64_t value);
void dla_json_bytes(dla_json *json, const char *key, uint64_t value);
void dla_json_boolean(dla_json *json, const char *key, bool value);
/* Writes as many digits as give back the same number. NaN and infinity become null: JSON has
 * none. */
void dla_json_number(dla_json *json, const char *key, double value);

/* value is JSON already. */
void dla_json_raw(dla_json *json, const char *key, const char *value);

/* The next value stands on a line of its own. */
void dla_json_new_line(dla_json *json);

#endif
