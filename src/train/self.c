#include "train/self.h"

#include <jansson.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/json.h"
#include "base/one_line.h"
#include "base/read_file.h"
#include "base/try.h"

#define CLASSES       "classes"
#define NORMALIZATION "normalization"
#define GRAPH         "graph"

enum { CHANNELS = 4, GRAPH_MAX = 1 << 20 };

static void write_classes(const dla_dataset *train, dla_strbuf *out)
{
  dla_json json = {.out = out};
  if (!train->class_names) return;
  dla_json_begin_array(&json, NULL);
  for (int c = 0; c < train->classes; c++)
    dla_json_text(&json, NULL, train->class_names[c]);
  dla_json_end_array(&json);
}

static void write_numbers(dla_json *json, const char *key, const float *numbers, int64_t count)
{
  dla_json_begin_array(json, key);
  for (int64_t c = 0; c < count && c < CHANNELS; c++)
    dla_json_number(json, NULL, (double)numbers[c]);
  dla_json_end_array(json);
}

dla_status dla_self_describe(const dla_config *config, const dla_dataset *train,
                             const dla_normalization *normalization, dla_self *self, dla_error *err)
{
  write_classes(train, &self->classes);
  dla_json json = dla_json_begin(&self->normalization);
  write_numbers(&json, "mean", normalization->mean, config->model.in_channels);
  write_numbers(&json, "std", normalization->std, config->model.in_channels);
  dla_json_end_object(&json);
  if (config->model.graph_text) {
    dla_strbuf_printf(&self->graph, "%s", config->model.graph_text);
  } else if (config->model.graph[0]) {
    char *text;
    size_t length;
    TRY(dla_read_file(config->model.graph, GRAPH_MAX, &text, &length, err));
    dla_strbuf_append(&self->graph, text, length);
    free(text);
  }
  return self->classes.failed || self->normalization.failed || self->graph.failed
             ? dla_fail_memory(err, "a checkpoint")
             : DLA_OK;
}

void dla_self_free(dla_self *self)
{
  dla_strbuf_free(&self->classes);
  dla_strbuf_free(&self->normalization);
  dla_strbuf_free(&self->graph);
}

dla_status dla_self_write(const dla_self *self, dla_checkpoint *checkpoint, dla_error *err)
{
  const struct {
    const char *key;
    const dla_strbuf *text;
  } texts[] = {
      {CLASSES, &self->classes}, {NORMALIZATION, &self->normalization}, {GRAPH, &self->graph}};
  for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
    if (texts[i].text->length)
      TRY(dla_checkpoint_set_text(checkpoint, texts[i].key, texts[i].text->text, err));
  return DLA_OK;
}

dla_status dla_self_copy(const dla_checkpoint *from, dla_checkpoint *to, dla_error *err)
{
  const char *const keys[] = {"config", CLASSES, NORMALIZATION, GRAPH};
  for (size_t i = 0; i < sizeof keys / sizeof *keys; i++) {
    const char *text = dla_checkpoint_text(from, keys[i]);
    if (text) TRY(dla_checkpoint_set_text(to, keys[i], text, err));
  }
  return DLA_OK;
}

/* ---- Reading: malformed texts count as missing ---- */

static json_t *load(const dla_checkpoint *checkpoint, const char *key)
{
  const char *text = dla_checkpoint_text(checkpoint, key);
  return text ? json_loads(text, JSON_REJECT_DUPLICATES, NULL) : NULL;
}

static char **copy_names(const json_t *array, int64_t count)
{
  char **names = calloc((size_t)count, sizeof *names);
  for (int64_t c = 0; names && c < count; c++) {
    const char *name = json_string_value(json_array_get(array, (size_t)c));
    names[c] = strdup(name ? name : "");
    if (names[c]) {
      dla_one_line(names[c]);
      continue;
    }
    while (c-- > 0)
      free(names[c]);
    free(names);
    return NULL;
  }
  return names;
}

dla_status dla_self_read_classes(const dla_checkpoint *checkpoint, int64_t count, char ***names,
                                 dla_error *err)
{
  json_t *array = load(checkpoint, CLASSES);
  dla_status status = DLA_OK;
  *names = NULL;
  if (json_is_array(array) && count > 0 && (int64_t)json_array_size(array) == count) {
    *names = copy_names(array, count);
    if (!*names) status = dla_fail_memory(err, "the names of the classes");
  }
  json_decref(array);
  return status;
}

static bool read_numbers(const json_t *array, int64_t channels, float numbers[CHANNELS])
{
  if ((int64_t)json_array_size(array) < channels) return false;
  for (int64_t c = 0; c < channels; c++) {
    const json_t *value = json_array_get(array, (size_t)c);
    if (!json_is_number(value)) return false;
    numbers[c] = (float)json_number_value(value);
    if (!isfinite(numbers[c])) return false;
  }
  return true;
}

bool dla_self_read_normalization(const dla_checkpoint *checkpoint, int64_t channels,
                                 dla_normalization *normalization)
{
  dla_normalization n = {{0}, {1, 1, 1, 1}};
  json_t *object = load(checkpoint, NORMALIZATION);
  bool known = channels <= CHANNELS &&
               read_numbers(json_object_get(object, "mean"), channels, n.mean) &&
               read_numbers(json_object_get(object, "std"), channels, n.std);
  for (int64_t c = 0; known && c < channels; c++)
    known = n.std[c] > 0;
  if (known) *normalization = n;
  json_decref(object);
  return known;
}

dla_status dla_self_take_graph(const dla_checkpoint *checkpoint, dla_config *config, dla_error *err)
{
  const char *text = dla_checkpoint_text(checkpoint, GRAPH);
  free(config->model.graph_text);
  config->model.graph_text = text ? strdup(text) : NULL;
  return text && !config->model.graph_text ? dla_fail_memory(err, "the layer graph") : DLA_OK;
}
