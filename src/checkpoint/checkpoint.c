#include "dla/checkpoint.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "checkpoint/safetensors.h"

static const char format_name[] = "dla-train 1";

typedef char tensor_name[160];

static const char *prefixed(tensor_name name, const char *prefix, const char *parameter)
{
  snprintf(name, sizeof(tensor_name), "%s%s", prefix, parameter);
  return name;
}

/* "layer1.1.num_batches_tracked" for "layer1.1.running_mean"; NULL for other parameters. PyTorch
 * keeps this counter beside the running statistics; here it is the number of steps. */
static const char *counter_of(tensor_name name, const char *parameter)
{
  static const char last[] = ".running_mean";
  size_t length = strlen(parameter);
  if (length < sizeof last || strcmp(parameter + length + 1 - sizeof last, last) != 0) return NULL;
  snprintf(name, sizeof(tensor_name), "model.%.*s.num_batches_tracked",
           (int)(length + 1 - sizeof last), parameter);
  return name;
}

static dla_status add_array(dla_safetensors_writer *w, dla_network *network, int index,
                            dla_parameter_array array, const char *prefix, dla_error *err)
{
  tensor_name name;
  dla_parameter_info info = dla_network_parameter(network, index);
  float *room = dla_safetensors_add(w, prefixed(name, prefix, info.name), DLA_F32, &info.shape);
  if (!room) return dla_fail_memory(err, "a checkpoint");
  return dla_network_read(network, index, array, room, err);
}

static dla_status add_tensors(dla_safetensors_writer *w, dla_network *network, int64_t step,
                              dla_error *err)
{
  dla_status status = DLA_OK;
  int count = dla_network_parameter_count(network);
  for (int i = 0; i < count && !status; i++)
    status = add_array(w, network, i, DLA_PARAMETER_VALUE, "model.", err);
  for (int i = 0; i < count && !status && dla_network_is_training(network); i++)
    if (dla_network_parameter(network, i).trainable)
      status = add_array(w, network, i, DLA_PARAMETER_MOMENTUM, "optimizer.momentum.", err);
  for (int i = 0; i < count && !status; i++) {
    tensor_name name;
    if (!counter_of(name, dla_network_parameter(network, i).name)) continue;
    int64_t *room = dla_safetensors_add(w, name, DLA_I64, &(dla_shape){0});
    if (!room) return dla_fail_memory(err, "a checkpoint");
    *room = step;
  }
  return status;
}

static void add_number(dla_safetensors_writer *w, const char *key, const char *format, ...)
    __attribute__((format(printf, 3, 4)));
static void add_number(dla_safetensors_writer *w, const char *key, const char *format, ...)
{
  char text[64];
  va_list args;
  va_start(args, format);
  vsnprintf(text, sizeof text, format, args);
  va_end(args);
  dla_safetensors_metadata(w, key, text);
}

static void add_state(dla_safetensors_writer *w, const dla_train_state *state)
{
  dla_safetensors_metadata(w, "format", format_name);
  add_number(w, "epoch", "%" PRId64, state->epoch);
  add_number(w, "step", "%" PRId64, state->step);
  add_number(w, "batch", "%" PRId64, state->batch);
  add_number(w, "seed", "%" PRIu64, state->seed);
  add_number(w, "best_accuracy", "%.17g", state->best_accuracy);
}

dla_status dla_checkpoint_save(const char *path, dla_network *network, const dla_train_state *state,
                               const char *config, dla_error *err)
{
  dla_safetensors_writer w = {0};
  add_state(&w, state);
  dla_safetensors_metadata(&w, "config", config);
  dla_status status = add_tensors(&w, network, state->step, err);
  if (!status) status = dla_safetensors_write(&w, path, err);
  dla_safetensors_writer_free(&w);
  return status;
}

/* ---- Loading -----------------------------------------------------------------------------------
 */

static dla_status read_number(const dla_safetensors *file, const char *path, const char *key,
                              int64_t *number, dla_error *err)
{
  const char *text = dla_safetensors_get(file, key);
  char *end = NULL;
  long long value = text ? strtoll(text, &end, 10) : 0;
  if (!text || end == text || *end || value < 0)
    return dla_fail(err, DLA_E_INPUT, path, NULL, "its metadata has no number '%s'", key);
  *number = value;
  return DLA_OK;
}

static dla_status read_state(const dla_safetensors *file, const char *path, dla_train_state *state,
                             dla_error *err)
{
  const char *format = dla_safetensors_get(file, "format");
  if (!format || strcmp(format, format_name) != 0)
    return dla_fail(err, DLA_E_INPUT, path, NULL, "its format is '%s', but must be '%s'",
                    format ? format : "", format_name);
  int64_t seed = 0;
  dla_status status = read_number(file, path, "epoch", &state->epoch, err);
  if (!status) status = read_number(file, path, "step", &state->step, err);
  if (!status) status = read_number(file, path, "batch", &state->batch, err);
  if (!status) status = read_number(file, path, "seed", &seed, err);
  state->seed = (uint64_t)seed;
  const char *best = dla_safetensors_get(file, "best_accuracy");
  state->best_accuracy = best ? strtod(best, NULL) : 0;
  return status;
}

/* The tensor that a parameter is read from, checked; *entry is NULL for an optional one. */
static dla_status find_tensor(const dla_safetensors *file, const char *path, const char *prefix,
                              const dla_parameter_info *info, bool optional,
                              const dla_safetensors_entry **entry, dla_error *err)
{
  tensor_name name;
  char has[DLA_SHAPE_TEXT], wants[DLA_SHAPE_TEXT];
  *entry = dla_safetensors_find(file, prefixed(name, prefix, info->name));
  if (!*entry && optional) return DLA_OK;
  if (!*entry)
    return dla_fail(err, DLA_E_INPUT, path, "it was made by another model: check model.name",
                    "it has no tensor '%s'", name);
  if (strcmp((*entry)->dtype, "F32") != 0 || !dla_shape_equal(&(*entry)->shape, &info->shape))
    return dla_fail(err, DLA_E_INPUT, path, "it was made by another model: check the model section",
                    "tensor '%s' is %s %s, but this model's is F32 %s", name, (*entry)->dtype,
                    dla_shape_text(&(*entry)->shape, has), dla_shape_text(&info->shape, wants));
  return DLA_OK;
}

/* Copied, because tensors of foreign files need not be aligned. */
static dla_status write_array(dla_network *network, int index, dla_parameter_array array,
                              const dla_safetensors_entry *entry, dla_error *err)
{
  float *values = malloc(entry->size ? entry->size : 1);
  if (!values) return dla_fail_memory(err, "a checkpoint");
  memcpy(values, entry->bytes, entry->size);
  dla_status status = dla_network_write(network, index, array, values, err);
  free(values);
  return status;
}

/* First with write = false, so that a file that does not fit changes nothing. */
static dla_status load_tensors(const dla_safetensors *file, const char *path, dla_network *network,
                               bool write, dla_error *err)
{
  dla_status status = DLA_OK;
  for (int i = 0; i < dla_network_parameter_count(network) && !status; i++) {
    const dla_safetensors_entry *entry = NULL;
    dla_parameter_info info = dla_network_parameter(network, i);
    status = find_tensor(file, path, "model.", &info, false, &entry, err);
    if (!status && write) status = write_array(network, i, DLA_PARAMETER_VALUE, entry, err);
    if (status || !info.trainable || !dla_network_is_training(network)) continue;
    status = find_tensor(file, path, "optimizer.momentum.", &info, true, &entry, err);
    if (!status && write && entry)
      status = write_array(network, i, DLA_PARAMETER_MOMENTUM, entry, err);
  }
  return status;
}

dla_status dla_checkpoint_load(const char *path, dla_network *network, dla_train_state *state,
                               dla_error *err)
{
  dla_safetensors *file = NULL;
  dla_train_state loaded = {0};
  dla_status status = dla_safetensors_read(path, &file, err);
  if (!status) status = read_state(file, path, &loaded, err);
  if (!status) status = load_tensors(file, path, network, false, err);
  if (!status) status = load_tensors(file, path, network, true, err);
  if (!status) *state = loaded;
  dla_safetensors_free(file);
  return status;
}
