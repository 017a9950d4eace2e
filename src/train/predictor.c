#include "train/predictor.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/array.h"
#include "base/cpu.h"
#include "base/try.h"
#include "config/schema.h"
#include "train/experiment.h"

enum { CLASSES = 10, SIDE = 32 }; /* of the PyTorch program's network */

struct dla_predictor {
  dla_config config;
  dla_checkpoint *checkpoint;
  dla_network *network;
  dla_normalization normalization;
  char **names; /* the classes' names, or their numbers */
  int64_t classes;
};

/* Options that override the checkpoint's configuration. */
typedef struct given {
  dla_strbuf text[3];
  char *overrides[3];
  int count;
  bool failed;
} given;

static void add_given(given *g, const char *key, const char *value)
{
  if (!value) return;
  dla_strbuf *text = &g->text[g->count];
  dla_strbuf_printf(text, "model.%s=%s", key, value);
  g->failed |= text->failed;
  g->overrides[g->count++] = text->text;
}

static dla_status fail_known(const char *path, dla_error *err)
{
  return dla_fail(err, DLA_E_INPUT, path, "leave out what says it",
                  "the checkpoint itself says which network it is of");
}

/* Reads the checkpoint's configuration. A checkpoint without one is assumed to come from the
 * PyTorch program. */
static dla_status read_config(dla_predictor *p, const char *path,
                              const dla_predictor_options *options, dla_error *err)
{
  const char *text = dla_checkpoint_text(p->checkpoint, "config");
  dla_config_folders none = {.path = {"", dla_key_find("output", "dir")->fallback}};
  dla_config_layers layers = {.path = path, .text = text ? text : "", .folders = &none};
  given g = {0};
  add_given(&g, "graph", options->graph);
  add_given(&g, "classes", options->classes);
  add_given(&g, "image_size", options->image_size);
  layers.overrides = g.overrides;
  layers.override_count = g.count;
  dla_status status = g.failed          ? dla_fail_memory(err, "the options")
                      : text && g.count ? fail_known(path, err)
                                        : dla_config_load(&p->config, &layers, err);
  for (int i = 0; i < g.count; i++)
    dla_strbuf_free(&g.text[i]);
  if (status) return status;
  dla_config *c = &p->config;
  TRY(dla_self_take_graph(p->checkpoint, c, err));
  if (!c->model.classes) c->model.classes = CLASSES;
  if (!c->model.image_size) c->model.image_size = SIDE;
  c->backend.autotune = DLA_AUTOTUNE_OFF; /* tuning would take longer than most predictions */
  return DLA_OK;
}

static dla_status name_classes(dla_predictor *p, dla_error *err)
{
  p->classes = dla_network_classes(p->network);
  TRY(dla_self_read_classes(p->checkpoint, p->classes, &p->names, err));
  if (p->names) return DLA_OK;
  p->names = calloc((size_t)p->classes, sizeof *p->names);
  for (int64_t c = 0; p->names && c < p->classes; c++) {
    char number[24];
    snprintf(number, sizeof number, "%lld", (long long)c);
    p->names[c] = strdup(number);
    if (!p->names[c]) return dla_fail_memory(err, "the names of the classes");
  }
  return p->names ? DLA_OK : dla_fail_memory(err, "the names of the classes");
}

static dla_status fill(dla_predictor *p, const char *path, const dla_predictor_options *options,
                       dla_error *err)
{
  TRY(dla_checkpoint_read_weights(path, options->key, &p->checkpoint, err));
  TRY(read_config(p, path, options, err));
  p->config.train.threads = options->threads;
  p->config.train.test_batch_size = options->most;
  if (options->mirrored && p->config.eval.tta == DLA_TTA_NONE) p->config.eval.tta = DLA_TTA_MIRROR;
  TRY(dla_experiment_network(&p->config, false, p->checkpoint, NULL, &p->network, err));
  TRY(dla_checkpoint_restore(p->checkpoint, path, p->network, err));
  if (!dla_self_read_normalization(p->checkpoint, p->config.model.in_channels, &p->normalization))
    dla_experiment_normalization(&p->config, &p->normalization);
  return name_classes(p, err);
}

dla_status dla_predictor_create(const char *checkpoint, const dla_predictor_options *options,
                                dla_predictor **predictor, dla_error *err)
{
  dla_predictor *p = calloc(1, sizeof *p);
  if (!p) return dla_fail_memory(err, "a network");
  dla_status status = fill(p, checkpoint, options, err);
  if (status)
    dla_predictor_free(p);
  else
    *predictor = p;
  return status;
}

void dla_predictor_free(dla_predictor *p)
{
  if (!p) return;
  dla_free_texts(p->names, (size_t)p->classes);
  dla_network_free(p->network);
  dla_checkpoint_free(p->checkpoint);
  dla_config_free(&p->config);
  free(p);
}

int64_t dla_predictor_classes(const dla_predictor *p)
{
  return p->classes;
}

const char *dla_predictor_class(const dla_predictor *p, int64_t class)
{
  return p->names[class];
}

dla_predictor_parts dla_predictor_parts_of(const dla_predictor *p)
{
  return (dla_predictor_parts){&p->config, p->checkpoint, p->network, &p->normalization};
}

/* ---- Running ---- */

typedef struct prediction_run {
  dla_predictor *p;
  dla_loader *loader;
  dla_error **broken; /* by sample: why it cannot be read; NULL: it can */
  float *logits;      /* later the probabilities */
  bool no_memory;
} prediction_run;

static void note_broken(void *context, size_t sample, const dla_error *why)
{
  prediction_run *r = context;
  r->broken[sample] = malloc(sizeof *why);
  if (r->broken[sample])
    *r->broken[sample] = *why;
  else
    r->no_memory = true;
}

/* Replaces each sample's logits by softmax(logits). */
static void make_probabilities(float *logits, size_t count, int64_t classes)
{
  for (size_t n = 0; n < count; n++, logits += classes) {
    float most = logits[0], sum = 0;
    for (int64_t c = 1; c < classes; c++)
      if (logits[c] > most) most = logits[c];
    for (int64_t c = 0; c < classes; c++)
      sum += logits[c] = expf(logits[c] - most);
    for (int64_t c = 0; c < classes; c++)
      logits[c] /= sum;
  }
}

static dla_status run_batches(prediction_run *r, const dla_stop *stop, dla_prediction *take,
                              void *context, dla_error *err)
{
  dla_predictor *p = r->p;
  dla_batch batch;
  double ignored;
  dla_loader_start(r->loader, 0, 0);
  for (size_t sample = 0;;) {
    TRY(dla_loader_next(r->loader, &batch, err));
    if (!batch.count) return DLA_OK;
    dla_loader_stand_ins(r->loader, note_broken, r);
    if (r->no_memory) return dla_fail_memory(err, "the pictures");
    TRY(dla_tta_evaluate(p->network, p->config.eval.tta, &batch, r->logits, &ignored, err));
    make_probabilities(r->logits, batch.count, p->classes);
    for (size_t i = 0; i < batch.count; i++, sample++)
      TRY(take(context, sample, r->broken[sample] ? NULL : r->logits + i * (size_t)p->classes,
               r->broken[sample], err));
    if (dla_stop_requested(stop))
      return dla_fail(err, DLA_E_INTERRUPTED, NULL, NULL, "it was stopped");
  }
}

static dla_status make_loader(const dla_predictor *p, const dla_dataset *dataset,
                              dla_loader **loader, dla_error *err)
{
  dla_loader_options options = {
      .channels = (int)p->config.model.in_channels,
      .height = (int)p->config.model.image_size,
      .width = (int)p->config.model.image_size,
      .batch_size = (size_t)p->config.train.test_batch_size,
      .workers = dla_cpu_threads((int)p->config.train.threads, 1),
      .resize = dla_experiment_resize(&p->config),
      .blank = true,
  };
  memcpy(options.mean, p->normalization.mean, sizeof options.mean);
  memcpy(options.std, p->normalization.std, sizeof options.std);
  return dla_loader_create(dataset, &options, loader, err);
}

static dla_status allocate(prediction_run *r, size_t count, dla_error *err)
{
  const size_t most = (size_t)r->p->config.train.test_batch_size;
  r->broken = calloc(count + 1, sizeof *r->broken);
  r->logits = malloc(most * (size_t)r->p->classes * sizeof *r->logits);
  return r->broken && r->logits ? DLA_OK : dla_fail_memory(err, "the pictures");
}

dla_status dla_predictor_run(dla_predictor *predictor, const dla_dataset *dataset,
                             const dla_stop *stop, dla_prediction *take, void *context,
                             dla_error *err)
{
  prediction_run r = {.p = predictor};
  dla_status status = allocate(&r, dataset->count, err);
  if (!status) status = make_loader(predictor, dataset, &r.loader, err);
  if (!status) status = run_batches(&r, stop, take, context, err);
  dla_loader_free(r.loader);
  for (size_t i = 0; r.broken && i < dataset->count; i++)
    free(r.broken[i]);
  free(r.broken);
  free(r.logits);
  return status;
}
