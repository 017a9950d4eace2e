#include <math.h>
#include <string.h>

#include "base/number.h"
#include "base/strbuf.h"
#include "checkpoint/tensor_set.h"
#include "dla/checkpoint.h"

/* What the metadata says of a run's state, all of it numbers. */
static const char *const state_keys[] = {
    "epoch",    "step",         "batch",    "best_accuracy", "seed",          "lr",
    "momentum", "weight_decay", "nesterov", "epoch_samples", "epoch_correct", NULL};

/* The Euclidean norm: enough to see that a tensor is sane, or that two are the same. */
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

/* Of a foreign file, whose control characters must not reach a terminal. */
static void add_plain(dla_strbuf *out, const char *text)
{
  for (; *text; text++)
    dla_strbuf_printf(out, "%c", (unsigned char)*text < ' ' && *text != '\n' ? '?' : *text);
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
  for (int i = 0; state_keys[i]; i++)
    list_note(out, set, state_keys[i]);
  list_note(out, set, DLA_DIGEST_KEY);
  list_note(out, set, "environment");
  list_note(out, set, "config");
  dla_strbuf_printf(out, "%-64s %-6s %-18s %12s\n", "tensor", "dtype", "shape", "norm");
  for (size_t i = 0; i < set->tensor_count; i++) {
    const dla_tensor_entry *tensor = &set->tensor[i];
    char shape[DLA_SHAPE_TEXT];
    dla_strbuf_printf(out, "%-64s %-6s %-18s %12.6g\n", tensor->name, dla_dtype_name(tensor->dtype),
                      dla_shape_text(&tensor->shape, shape), norm(tensor));
  }
  dla_strbuf_printf(out, "%zu tensors, %zu bytes\n", set->tensor_count, bytes_of(set));
}

/* ---- For programs ---- */

static void json_number(dla_strbuf *out, double number)
{
  if (isfinite(number))
    dla_number_write(number, out);
  else
    dla_strbuf_printf(out, "null");
}

static void json_text(dla_strbuf *out, const char *text)
{
  if (text)
    dla_strbuf_json_string(out, text);
  else
    dla_strbuf_printf(out, "null");
}

static void json_state(dla_strbuf *out, const dla_tensor_set *set)
{
  const char *between = "";
  double number;
  dla_strbuf_printf(out, "{");
  for (int i = 0; state_keys[i]; i++) {
    const char *value = dla_tensor_set_get(set, state_keys[i]);
    if (!value || !dla_number_read(value, &number)) continue;
    dla_strbuf_printf(out, "%s\"%s\":", between, state_keys[i]);
    json_number(out, number);
    between = ",";
  }
  dla_strbuf_printf(out, "}");
}

static void json_tensor(dla_strbuf *out, const dla_tensor_entry *tensor)
{
  dla_strbuf_printf(out, "{\"name\":");
  dla_strbuf_json_string(out, tensor->name);
  dla_strbuf_printf(out, ",\"dtype\":\"%s\",\"shape\":[", dla_dtype_name(tensor->dtype));
  for (int i = 0; i < tensor->shape.rank; i++)
    dla_strbuf_printf(out, "%s%lld", i ? "," : "", (long long)tensor->shape.dim[i]);
  dla_strbuf_printf(out, "],\"norm\":");
  json_number(out, norm(tensor));
  dla_strbuf_printf(out, "}");
}

static void json_object(dla_strbuf *out, const dla_tensor_set *set, const char *path)
{
  const char *digest = dla_tensor_set_get(set, DLA_DIGEST_KEY);
  dla_strbuf_printf(out, "{\"file\":");
  dla_strbuf_json_string(out, path);
  dla_strbuf_printf(out, ",\"container\":\"%s\",\"format\":", set->format);
  json_text(out, dla_tensor_set_get(set, "format"));
  dla_strbuf_printf(out, ",\"state\":");
  json_state(out, set);
  dla_strbuf_printf(out, ",\"sha256\":");
  json_text(out, digest);
  /* A file whose digest is wrong is not read at all. */
  dla_strbuf_printf(out, ",\"digest\":\"%s\",\"environment\":", digest ? "verified" : "absent");
  json_text(out, dla_tensor_set_get(set, "environment"));
  dla_strbuf_printf(out, ",\"config\":");
  json_text(out, dla_tensor_set_get(set, "config"));
  dla_strbuf_printf(out, ",\"tensors\":[");
  for (size_t i = 0; i < set->tensor_count; i++) {
    if (i) dla_strbuf_printf(out, ",");
    json_tensor(out, &set->tensor[i]);
  }
  dla_strbuf_printf(out, "],\"bytes\":%zu}\n", bytes_of(set));
}

dla_status dla_checkpoint_describe(const char *path, bool json, bool allow_nonfinite, FILE *out,
                                   dla_error *err)
{
  dla_tensor_set set = {0};
  dla_strbuf text = {0};
  dla_status status = dla_tensor_set_read(path, &set, err);
  if (!status && !allow_nonfinite) status = dla_tensor_set_check_numbers(&set, path, err);
  if (status) {
    dla_tensor_set_free(&set);
    return status;
  }
  if (json)
    json_object(&text, &set, path);
  else
    list(&text, &set);
  if (text.failed)
    status = dla_fail_memory(err, "the list of a checkpoint");
  else
    fwrite(text.text, 1, text.length, out); /* the caller looks at the stream's error */
  dla_strbuf_free(&text);
  dla_tensor_set_free(&set);
  return status;
}
