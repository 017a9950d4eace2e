#include "base/json.h"

#include <inttypes.h>
#include <math.h>

#include "base/number.h"

/* Writes what comes before a value: the comma and the key. */
static void lead(dla_json *json, const char *key)
{
  if (json->comma) dla_strbuf_append(json->out, ",", 1);
  json->comma = true;
  if (!key) return;
  dla_strbuf_json_string(json->out, key);
  dla_strbuf_append(json->out, ":", 1);
}

static void begin(dla_json *json, const char *key, const char *bracket)
{
  lead(json, key);
  dla_strbuf_append(json->out, bracket, 1);
  json->comma = false;
}

static void end(dla_json *json, const char *bracket)
{
  dla_strbuf_append(json->out, bracket, 1);
  json->comma = true;
}

void dla_json_begin_object(dla_json *json, const char *key)
{
  begin(json, key, "{");
}

dla_json dla_json_begin(dla_strbuf *out)
{
  dla_json json = {.out = out};
  dla_json_begin_object(&json, NULL);
  return json;
}

void dla_json_end_object(dla_json *json)
{
  end(json, "}");
}

void dla_json_end_line(dla_json *json)
{
  dla_json_end_object(json);
  dla_strbuf_append(json->out, "\n", 1);
}

void dla_json_begin_array(dla_json *json, const char *key)
{
  begin(json, key, "[");
}

void dla_json_end_array(dla_json *json)
{
  end(json, "]");
}

static void write_null(dla_json *json)
{
  dla_strbuf_append(json->out, "null", 4);
}

void dla_json_text(dla_json *json, const char *key, const char *text)
{
  lead(json, key);
  if (text)
    dla_strbuf_json_string(json->out, text);
  else
    write_null(json);
}

void dla_json_integer(dla_json *json, const char *key, int64_t value)
{
  lead(json, key);
  dla_strbuf_printf(json->out, "%" PRId64, value);
}

void dla_json_bytes(dla_json *json, const char *key, uint64_t value)
{
  lead(json, key);
  dla_strbuf_printf(json->out, "%" PRIu64, value);
}

void dla_json_raw(dla_json *json, const char *key, const char *value)
{
  lead(json, key);
  dla_strbuf_printf(json->out, "%s", value);
}

void dla_json_boolean(dla_json *json, const char *key, bool value)
{
  lead(json, key);
  dla_strbuf_printf(json->out, value ? "true" : "false");
}

void dla_json_number(dla_json *json, const char *key, double value)
{
  lead(json, key);
  if (isfinite(value))
    dla_number_write(value, json->out);
  else
    write_null(json);
}

void dla_json_new_line(dla_json *json)
{
  if (json->comma) dla_strbuf_append(json->out, ",", 1);
  dla_strbuf_append(json->out, "\n", 1);
  json->comma = false;
}
