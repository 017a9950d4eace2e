#include <jansson.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/json.h"
#include "base/number.h"
#include "base/one_line.h"
#include "base/plural.h"
#include "base/strbuf.h"
#include "checkpoint/tensor_set.h"
#include "dla/checkpoint.h"
#include "dla/update_rule.h"

/* Metadata keys of a run's state, all numbers: those before the optimizer's, and those after. */
static const char *const first_keys[] = {"epoch",         "step",       "batch",
                                         "best_accuracy", "best_epoch", "seed"};
static const char *const last_keys[] = {"epoch_samples", "epoch_correct", "plateau_best",
                                        "plateau_bad_epochs", "plateau_falls"};
enum {
  FIRST = sizeof first_keys / sizeof *first_keys,
  LAST = sizeof last_keys / sizeof *last_keys
};

/* The i-th key; NULL past the last. */
static const char *state_key(const dla_tensor_set *set, int i)
{
  const dla_optimizer *optimizer = dla_tensor_set_optimizer(set);
  int numbers = optimizer ? dla_optimizer_number_count(optimizer) : 0;
  if (i < FIRST) return first_keys[i];
  if (i < FIRST + numbers) return optimizer->number[i - FIRST].name;
  return i < FIRST + numbers + LAST ? last_keys[i - FIRST - numbers] : NULL;
}

/* The Euclidean norm: enough to see whether a tensor is sane, or equal to another. */
static double norm(const dla_tensor_entry *tensor)
{
  double sum = 0;
  size_t count = tensor->size / dla_dtype_size(tensor->dtype);
  for (size_t i = 0; i < count; i++) {
    double value = dla_dtype_number(tensor->dtype, tensor->bytes, i);
    sum += value * value;
  }
  return sqrt(sum);
}

static size_t bytes_of(const dla_tensor_set *set)
{
  size_t bytes = 0;
  for (size_t i = 0; i < set->tensor_count; i++)
    bytes += set->tensor[i].size;
  return bytes;
}

/* ---- For people ---- */

/* Text of a foreign file: its control characters must not reach a terminal. */
static void add_plain(dla_strbuf *out, const char *text)
{
  while (*text) {
    const size_t length = strcspn(text, "\n");
    char *line = strndup(text, length);
    if (line) dla_one_line(line);
    dla_strbuf_printf(out, "%s%s", line ? line : "?", text[length] ? "\n" : "");
    free(line);
    text += length + (text[length] == '\n');
  }
}

static void list_note(dla_strbuf *out, const dla_tensor_set *set, const char *key)
{
  const char *value = dla_tensor_set_get(set, key);
  if (!value) return;
  dla_strbuf_printf(out, "%s:%s", key, strchr(value, '\n') ? "\n" : " ");
  add_plain(out, value);
  dla_strbuf_printf(out, "\n");
}

static void list(dla_strbuf *out, const dla_tensor_set *set)
{
  list_note(out, set, "format");
  const char *key;
  for (int i = 0; (key = state_key(set, i)); i++)
    list_note(out, set, key);
  list_note(out, set, DLA_GROUPS_KEY);
  list_note(out, set, DLA_NO_DECAY_KEY);
  list_note(out, set, DLA_DIGEST_KEY);
  list_note(out, set, "environment");
  list_note(out, set, "classes");
  list_note(out, set, "normalization");
  list_note(out, set, "config");
  list_note(out, set, "graph");
  dla_strbuf_printf(out, "%-64s %-6s %-18s %12s\n", "tensor", "dtype", "shape", "norm");
  for (size_t i = 0; i < set->tensor_count; i++) {
    const dla_tensor_entry *tensor = &set->tensor[i];
    char shape[DLA_SHAPE_TEXT];
    dla_strbuf_printf(out, "%-64s %-6s %-18s %12.6g\n", tensor->name, dla_dtype_name(tensor->dtype),
                      dla_shape_text(&tensor->shape, shape), norm(tensor));
  }
  dla_strbuf_printf(out, "%zu tensor%s, %zu bytes\n", set->tensor_count,
                    dla_plural(set->tensor_count), bytes_of(set));
  for (size_t i = 0; i < set->left_out_count; i++) {
    dla_strbuf_printf(out, i ? ", " : "left out: ");
    add_plain(out, set->left_out[i].key);
    dla_strbuf_printf(out, " (");
    add_plain(out, set->left_out[i].value);
    dla_strbuf_printf(out, ")");
  }
  if (set->left_out_count) dla_strbuf_printf(out, "\n");
  add_plain(out, dla_strbuf_text(&set->warnings));
}

/* ---- For programs ---- */

/* The class names; null if the file has none, or the list is invalid. */
static void json_classes(dla_json *json, const dla_tensor_set *set)
{
  const char *text = dla_tensor_set_get(set, "classes");
  json_t *names = text ? json_loads(text, 0, NULL) : NULL;
  if (!json_is_array(names)) {
    dla_json_text(json, "classes", NULL);
  } else {
    dla_json_begin_array(json, "classes");
    for (size_t i = 0; i < json_array_size(names); i++)
      dla_json_text(json, NULL, json_string_value(json_array_get(names, i)));
    dla_json_end_array(json);
  }
  json_decref(names);
}

static void json_state(dla_json *json, const dla_tensor_set *set)
{
  int64_t integer;
  double number;
  dla_json_begin_object(json, "state");
  const char *key;
  for (int i = 0; (key = state_key(set, i)); i++) {
    const char *value = dla_tensor_set_get(set, key);
    if (value && dla_integer_read(value, &integer))
      dla_json_integer(json, key, integer);
    else if (value && dla_number_read(value, &number))
      dla_json_number(json, key, number);
  }
  dla_json_end_object(json);
}

static void json_tensor(dla_json *json, const dla_tensor_entry *tensor)
{
  dla_json_begin_object(json, NULL);
  dla_json_text(json, "name", tensor->name);
  dla_json_text(json, "dtype", dla_dtype_name(tensor->dtype));
  dla_json_begin_array(json, "shape");
  for (int i = 0; i < tensor->shape.rank; i++)
    dla_json_integer(json, NULL, tensor->shape.dim[i]);
  dla_json_end_array(json);
  dla_json_number(json, "norm", norm(tensor));
  dla_json_end_object(json);
}

static void write_json(dla_strbuf *out, const dla_tensor_set *set, const char *path)
{
  const char *digest = dla_tensor_set_get(set, DLA_DIGEST_KEY);
  dla_json json = dla_json_begin(out);
  dla_json_text(&json, "file", path);
  dla_json_text(&json, "container", set->format);
  dla_json_text(&json, "format", dla_tensor_set_get(set, "format"));
  json_state(&json, set);
  dla_json_text(&json, "sha256", digest);
  /* a file with a wrong digest has been refused */
  dla_json_text(&json, "digest", digest ? "verified" : "absent");
  dla_json_text(&json, "environment", dla_tensor_set_get(set, "environment"));
  json_classes(&json, set);
  dla_json_text(&json, "config", dla_tensor_set_get(set, "config"));
  dla_json_begin_array(&json, "tensors");
  for (size_t i = 0; i < set->tensor_count; i++)
    json_tensor(&json, &set->tensor[i]);
  dla_json_end_array(&json);
  dla_json_bytes(&json, "bytes", bytes_of(set));
  dla_json_begin_array(&json, "left_out");
  for (size_t i = 0; i < set->left_out_count; i++) {
    dla_json_begin_object(&json, NULL);
    dla_json_text(&json, "name", set->left_out[i].key);
    dla_json_text(&json, "what", set->left_out[i].value);
    dla_json_end_object(&json);
  }
  dla_json_end_array(&json);
  dla_json_end_line(&json);
}

dla_status dla_checkpoint_describe(const char *path, const char *key, bool json,
                                   bool allow_nonfinite, FILE *out, dla_error *err)
{
  dla_tensor_set set = {0};
  dla_strbuf text = {0};
  dla_status status = dla_tensor_set_read(path, key, &set, err);
  if (!status && !allow_nonfinite) status = dla_tensor_set_check_numbers(&set, path, err);
  if (status) {
    dla_tensor_set_free(&set);
    return status;
  }
  if (json)
    write_json(&text, &set, path);
  else
    list(&text, &set);
  if (text.failed)
    status = dla_fail_memory(err, "the list of a checkpoint");
  else
    fwrite(text.text, 1, text.length, out); /* the caller checks the stream for errors */
  dla_strbuf_free(&text);
  dla_tensor_set_free(&set);
  return status;
}
