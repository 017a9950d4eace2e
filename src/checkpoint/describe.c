#include <inttypes.h>
#include <math.h>
#include <string.h>

#include "checkpoint/safetensors.h"
#include "dla/checkpoint.h"

/* The Euclidean norm: enough to see that a tensor is sane, or that two are the same. */
static double norm(const dla_safetensors_entry *entry)
{
  double sum = 0;
  for (size_t i = 0; i + sizeof(float) <= entry->size; i += sizeof(float)) {
    float value;
    memcpy(&value, (const char *)entry->bytes + i, sizeof value);
    sum += (double)value * value;
  }
  return sqrt(sum);
}

static void describe_tensors(const dla_safetensors *file, FILE *out)
{
  size_t bytes = 0;
  fprintf(out, "%-64s %-6s %-18s %12s\n", "tensor", "dtype", "shape", "norm");
  for (int i = 0; i < dla_safetensors_count(file); i++) {
    const dla_safetensors_entry *entry = dla_safetensors_at(file, i);
    char shape[DLA_SHAPE_TEXT];
    bytes += entry->size;
    fprintf(out, "%-64s %-6s %-18s", entry->name, entry->dtype,
            dla_shape_text(&entry->shape, shape));
    if (strcmp(entry->dtype, "F32") == 0) fprintf(out, " %12.6g", norm(entry));
    fprintf(out, "\n");
  }
  fprintf(out, "%d tensors, %zu bytes\n", dla_safetensors_count(file), bytes);
}

dla_status dla_checkpoint_describe(const char *path, FILE *out, dla_error *err)
{
  static const char *const keys[] = {"format",        "epoch", "step",   "batch",
                                     "best_accuracy", "seed",  "sha256", "config"};
  dla_safetensors *file = NULL;
  dla_status status = dla_safetensors_read(path, &file, err);
  if (status) return status;
  for (size_t i = 0; i < sizeof keys / sizeof keys[0]; i++) {
    const char *value = dla_safetensors_get(file, keys[i]);
    if (value) fprintf(out, "%s:%s%s\n", keys[i], strchr(value, '\n') ? "\n" : " ", value);
  }
  describe_tensors(file, out);
  dla_safetensors_free(file);
  return DLA_OK;
}
