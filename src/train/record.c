#include "train/record.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/atomic_file.h"
#include "base/json.h"
#include "train/model_graph.h"
#include "train/run_command.h"
#include "train/step_times.h"

struct dla_record {
  const dla_config *config;
  const dla_experiment *x;
  char *environment;
  const dla_mistakes *mistakes;
  dla_step_times *times;
};

dla_status dla_record_create(const dla_config *config, const dla_experiment *x,
                             const char *environment, const dla_mistakes *mistakes,
                             dla_record **out, dla_error *err)
{
  dla_record *record = calloc(1, sizeof *record);
  if (!record) return dla_fail_memory(err, "a report");
  record->config = config;
  record->x = x;
  record->mistakes = mistakes;
  record->environment = strdup(environment);
  dla_status status = record->environment ? dla_step_times_create(config, x, &record->times, err)
                                          : dla_fail_memory(err, "a report");
  if (!status)
    *out = record;
  else
    dla_record_free(record);
  return status;
}

void dla_record_free(dla_record *record)
{
  if (!record) return;
  dla_step_times_free(record->times);
  free(record->environment);
  free(record);
}

void dla_record_step(dla_record *record, int64_t step)
{
  if (record) dla_step_times_before(record->times, step);
}

/* Writes the text to a file and frees it. */
static dla_status write_file(const dla_record *record, const char *name, dla_strbuf *text,
                             dla_error *err)
{
  dla_strbuf path = {0};
  dla_strbuf_append(text, "\n", 1);
  dla_strbuf_printf(&path, "%s/%s", record->config->output.dir, name);
  dla_status status = path.failed || text->failed
                          ? dla_fail_memory(err, "a report")
                          : dla_atomic_replace(path.text, text->text, text->length, err);
  dla_strbuf_free(&path);
  dla_strbuf_free(text);
  return status;
}

static void write_picture(dla_json *json, const dla_thumbnail *thumbnail)
{
  dla_strbuf text = {0};
  dla_thumbnail_write(thumbnail, &text);
  dla_json_text(json, "png", dla_strbuf_text(&text));
  json->out->failed |= dla_strbuf_done(&text);
}

/* ---- The run ---- */

static void write_time(dla_json *json)
{
  char text[32] = "";
  const time_t now = time(NULL);
  struct tm parts;
  if (gmtime_r(&now, &parts)) strftime(text, sizeof text, "%Y-%m-%dT%H:%M:%SZ", &parts);
  dla_json_text(json, "started", text);
}

static void write_facts(dla_json *json, const dla_record *record)
{
  const dla_experiment *x = record->x;
  write_time(json);
  dla_json_text(json, "data", x->train->format);
  dla_json_bytes(json, "train_images", x->train->count);
  dla_json_bytes(json, "test_images", x->test->count);
  dla_json_integer(json, "epochs", record->config->train.epochs);
  dla_json_bytes(json, "batches", dla_loader_batches(x->train_loader));
  dla_json_integer(json, "threads", x->threads);
  dla_json_integer(json, "ranks", dla_dist_size(x->dist));
  dla_json_text(json, "environment", record->environment);
  dla_json_begin_array(json, "classes");
  for (int c = 0; x->train->class_names && c < x->train->classes; c++)
    dla_json_text(json, NULL, x->train->class_names[c]);
  dla_json_end_array(json);
}

static void take_changed_key(void *context, const char *section, const char *key, const char *from,
                             const char *to)
{
  dla_json *json = context;
  dla_strbuf name = {0};
  (void)from;
  dla_strbuf_printf(&name, "%s%s%s", section, *section ? "." : "", key);
  dla_json_text(json, dla_strbuf_text(&name), to);
  json->out->failed |= dla_strbuf_done(&name);
}

/* The full configuration, the keys that differ from their defaults, and the command. */
static dla_status write_config(dla_json *json, const dla_record *record, dla_error *err)
{
  dla_strbuf yaml = {0}, command = {0};
  const dla_experiment *x = record->x;
  dla_config_to_yaml(record->config, &yaml);
  dla_json_text(json, "config", dla_strbuf_text(&yaml));
  dla_json_begin_object(json, "changed");
  dla_status status = dla_config_changed(record->config, take_changed_key, json, err);
  dla_json_end_object(json);
  if (!status)
    status = dla_run_command(record->config, x->threads, dla_dist_size(x->dist), &command, err);
  dla_json_text(json, "command", dla_strbuf_text(&command));
  json->out->failed |= dla_strbuf_done(&yaml);
  json->out->failed |= dla_strbuf_done(&command);
  return status;
}

/* A source is the index of its layer, or -1 for the image. */
static void write_sources(dla_json *json, const dla_graph *graph, const dla_layer_info *layer)
{
  dla_json_begin_array(json, "src");
  for (int k = 0; k < layer->src_count; k++) {
    int source = dla_graph_layer_count(graph) - 1;
    while (source >= 0 && dla_graph_layer(graph, source).dst != layer->src[k])
      source--;
    dla_json_integer(json, NULL, source);
  }
  dla_json_end_array(json);
}

static void write_layer(dla_json *json, const dla_graph *graph, int index)
{
  const dla_layer_info layer = dla_graph_layer(graph, index);
  dla_json_begin_object(json, NULL);
  dla_json_text(json, "name", layer.name);
  dla_json_text(json, "op", layer.op);
  write_sources(json, graph, &layer);
  dla_json_begin_array(json, "output");
  for (int d = 0; d < layer.output.rank; d++)
    dla_json_integer(json, NULL, layer.output.dim[d]);
  dla_json_end_array(json);
  dla_json_integer(json, "parameters", layer.parameters);
  dla_json_integer(json, "macs", layer.macs);
  dla_json_end_object(json);
}

static dla_status write_layers(dla_json *json, const dla_config *config, dla_error *err)
{
  dla_graph *graph = NULL;
  dla_status status = dla_model_graph(config, &graph, err);
  dla_json_begin_array(json, "layers");
  for (int i = 0; !status && i < dla_graph_layer_count(graph); i++)
    write_layer(json, graph, i);
  dla_json_end_array(json);
  dla_graph_free(graph);
  return status;
}

static void write_inputs(dla_json *json, const dla_record *record, const dla_batch *batch, int side)
{
  dla_shape image = record->mistakes->image;
  dla_thumbnail thumbnail;
  image.dim[1] = image.dim[2] = side;
  dla_json_begin_array(json, "inputs");
  for (size_t n = 0; n < batch->count && n < DLA_RECORDED_INPUTS; n++) {
    dla_thumbnail_make(batch->images + (int64_t)n * dla_shape_count(&image), &image,
                       &record->x->normalization, &thumbnail);
    dla_json_begin_object(json, NULL);
    dla_json_integer(json, "label", batch->labels[n]);
    if (batch->partners) {
      dla_json_integer(json, "partner", batch->partners[n]);
      dla_json_number(json, "lambda", batch->lambda);
    }
    write_picture(json, &thumbnail);
    dla_json_end_object(json);
  }
  dla_json_end_array(json);
}

dla_status dla_record_run(const dla_record *record, const dla_batch *first, int side,
                          dla_error *err)
{
  dla_strbuf text = {0};
  dla_json json = dla_json_begin(&text);
  write_facts(&json, record);
  dla_status status = write_config(&json, record, err);
  if (!status) status = write_layers(&json, record->config, err);
  write_inputs(&json, record, first, side);
  dla_json_end_object(&json);
  if (!status) return write_file(record, DLA_RUN_FILE, &text, err);
  dla_strbuf_free(&text);
  return status;
}

/* ---- An evaluation ---- */

/* Triples (label, prediction, count) of the cells that are not zero: with many classes, few are. */
static void write_confusion(dla_json *json, const dla_evaluation *e)
{
  dla_json_begin_array(json, "confusion");
  for (int64_t i = 0; i < e->classes * e->classes; i++) {
    if (!e->confusion[i]) continue;
    dla_json_integer(json, NULL, i / e->classes);
    dla_json_integer(json, NULL, i % e->classes);
    dla_json_integer(json, NULL, e->confusion[i]);
  }
  dla_json_end_array(json);
}

static void write_mistakes(dla_json *json, const dla_mistakes *mistakes)
{
  dla_json_begin_array(json, "mistakes");
  for (int i = 0; i < mistakes->count; i++) {
    const dla_mistake *m = &mistakes->item[i];
    dla_json_begin_object(json, NULL);
    dla_json_integer(json, "sample", m->sample);
    dla_json_integer(json, "label", m->label);
    dla_json_integer(json, "said", m->said);
    dla_json_number(json, "confidence", m->confidence);
    dla_json_number(json, "of_label", m->of_label);
    write_picture(json, &m->image);
    dla_json_end_object(json);
  }
  dla_json_end_array(json);
}

dla_status dla_record_evaluation(const dla_record *record, int64_t epoch, const dla_evaluation *e,
                                 dla_error *err)
{
  dla_strbuf text = {0};
  dla_json json = dla_json_begin(&text);
  dla_json_integer(&json, "epoch", epoch);
  dla_json_integer(&json, "count", e->count);
  dla_json_integer(&json, "correct", e->correct);
  dla_json_number(&json, "loss", e->loss);
  dla_json_number(&json, "top5_accuracy", dla_evaluation_top5(e));
  dla_json_number(&json, "ece", dla_evaluation_ece(e));
  dla_json_integer(&json, "classes", e->classes);
  write_confusion(&json, e);
  dla_step_times_write(record->times, &json);
  write_mistakes(&json, record->mistakes);
  dla_json_end_object(&json);
  return write_file(record, DLA_EVALUATION_FILE, &text, err);
}
