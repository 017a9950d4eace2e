/* Turns a YAML layer-graph file into a dla_graph, by one dla_apply() for each layer. An error of
 * dla_apply() is reported with the layer's line. */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/closest.h"
#include "base/number.h"
#include "base/read_file.h"
#include "base/try.h"
#include "base/yaml_document.h"
#include "dla/program.h"
#include "model/models.h"

#define IMAGE "input" /* the image's name in layers */

enum {
  MAX_FILE = 1 << 20,
  MAX_LAYERS = 4096,
  MAX_ELEMENTS = 1 << 28, /* of the tensor of one sample: keeps products of shapes far from
                           * overflow */
};

typedef struct layer {
  const char *name;
  dla_tensor output;
} layer;

typedef struct reader {
  dla_yaml yaml;
  dla_graph *graph;
  dla_tensor image;
  int64_t classes;
  layer *layers;
  int count; /* layers read so far */
} reader;

/* A layer as it is in the file. */
typedef struct entry {
  const yaml_node_t *node;
  const char *name, *op;
  dla_tensor src[DLA_MAX_INPUTS];
  int src_count;
  dla_attribute attributes[DLA_MAX_ATTRIBUTES];
  int attribute_count;
} entry;

static dla_status fail(reader *r, const yaml_node_t *node, const char *hint, const char *what)
{
  return dla_fail(r->yaml.err, DLA_E_INPUT, dla_yaml_place(&r->yaml, node), hint, "%s", what);
}

/* The graph keeps its first failure; dla_graph_finish() returns it. */
static dla_status fail_layer(reader *r, const yaml_node_t *node, const char *name)
{
  dla_error e = {0};
  dla_status status = dla_graph_finish(r->graph, DLA_NO_TENSOR, &e);
  return dla_fail(r->yaml.err, status, dla_yaml_place(&r->yaml, node), e.hint[0] ? e.hint : NULL,
                  "layer '%s': %s", name, e.what);
}

/* ---- Words ---- */

static dla_status find_op(reader *r, const yaml_node_t *node, const char *op)
{
  char hint[256];
  dla_closest closest = dla_closest_to(op);
  const char *known;
  for (int i = 0; (known = dla_op_at(i)); i++) {
    if (strcmp(known, op) == 0) return DLA_OK;
    dla_closest_offer(&closest, known);
  }
  dla_closest_hint(&closest, "", "docs/layer-graph.md lists the ops", hint, sizeof hint);
  return dla_fail(r->yaml.err, DLA_E_INPUT, dla_yaml_place(&r->yaml, node), hint,
                  "no op is called '%s'", op);
}

static const layer *find_layer(const reader *r, const char *name)
{
  for (int i = 0; i < r->count; i++)
    if (strcmp(r->layers[i].name, name) == 0) return &r->layers[i];
  return NULL;
}

static dla_status read_tensor(reader *r, const yaml_node_t *node, dla_tensor *tensor)
{
  const char *name = dla_yaml_text(node);
  if (!name) return fail(r, node, NULL, "a layer's name was expected");
  const layer *known = find_layer(r, name);
  *tensor = known ? known->output : r->image;
  if (known || strcmp(name, IMAGE) == 0) return DLA_OK;
  char hint[256];
  dla_closest closest = dla_closest_to(name);
  dla_closest_offer(&closest, IMAGE);
  for (int i = 0; i < r->count; i++)
    dla_closest_offer(&closest, r->layers[i].name);
  dla_closest_hint(&closest, "", "a layer can read only those above it", hint, sizeof hint);
  return dla_fail(r->yaml.err, DLA_E_INPUT, dla_yaml_place(&r->yaml, node), hint,
                  "no layer above is called '%s'", name);
}

/* ---- One layer ---- */

static dla_status read_sources(reader *r, entry *e)
{
  const yaml_node_t *src = dla_yaml_get(&r->yaml, e->node, "src"), *item;
  e->src_count = 1;
  if (!src) {
    e->src[0] = r->count ? r->layers[r->count - 1].output : r->image;
    return DLA_OK;
  }
  if (src->type != YAML_SEQUENCE_NODE) return read_tensor(r, src, &e->src[0]);
  e->src_count = 0;
  for (size_t i = 0; (item = dla_yaml_item(&r->yaml, src, i)); i++) {
    if (e->src_count == DLA_MAX_INPUTS)
      return dla_fail(r->yaml.err, DLA_E_INPUT, dla_yaml_place(&r->yaml, item),
                      "concatenate in two steps", "layer '%s': at most %d sources", e->name,
                      DLA_MAX_INPUTS);
    TRY(read_tensor(r, item, &e->src[e->src_count++]));
  }
  return DLA_OK;
}

/* The height and width of the layer's source; 0 if it has none, or they differ. */
static int64_t plane_of(const reader *r, const entry *e)
{
  if (e->src_count < 1) return 0;
  const dla_shape src = dla_graph_shape(r->graph, e->src[0]);
  return src.rank == 3 && src.dim[1] == src.dim[2] ? src.dim[1] : 0;
}

static bool read_number(const reader *r, const entry *e, const yaml_node_t *node, double *value)
{
  const char *text = dla_yaml_text(node);
  if (!text || node->data.scalar.style != YAML_PLAIN_SCALAR_STYLE) return false;
  if (strcmp(text, "classes") == 0)
    *value = (double)r->classes;
  else if (strcmp(text, "plane") == 0 && plane_of(r, e) > 0)
    *value = (double)plane_of(r, e);
  else if (strcmp(text, "true") == 0 || strcmp(text, "false") == 0)
    *value = *text == 't';
  else
    return dla_number_read(text, value);
  return true;
}

static dla_status unknown_attribute(reader *r, const entry *e, const yaml_node_t *value,
                                    const char *key)
{
  char hint[256];
  const char *known;
  dla_closest closest = dla_closest_to(key);
  dla_closest_offer(&closest, "src");
  for (int i = 0; (known = dla_op_attribute_at(e->op, i)); i++)
    dla_closest_offer(&closest, known);
  dla_closest_hint(&closest, "", "docs/layer-graph.md lists the attributes", hint, sizeof hint);
  return dla_fail(r->yaml.err, DLA_E_INPUT, dla_yaml_place(&r->yaml, value), hint,
                  "layer '%s': %s has no attribute '%s'", e->name, e->op, key);
}

static dla_status read_attribute(reader *r, entry *e, const char *key, const yaml_node_t *value)
{
  const char *known;
  int i = 0;
  while ((known = dla_op_attribute_at(e->op, i)) && strcmp(known, key) != 0)
    i++;
  if (!known) return unknown_attribute(r, e, value, key);
  dla_attribute *attribute = &e->attributes[e->attribute_count++];
  attribute->name = key;
  if (read_number(r, e, value, &attribute->value)) return DLA_OK;
  return dla_fail(r->yaml.err, DLA_E_INPUT, dla_yaml_place(&r->yaml, value), NULL,
                  "layer '%s': %s must be a number, true, false, classes or plane", e->name, key);
}

static dla_status read_attributes(reader *r, entry *e)
{
  const char *key;
  for (size_t i = 0; (key = dla_yaml_key(&r->yaml, e->node, i)); i++) {
    if (strcmp(key, "name") == 0 || strcmp(key, "op") == 0 || strcmp(key, "src") == 0) continue;
    TRY(read_attribute(r, e, key, dla_yaml_value(&r->yaml, e->node, i)));
  }
  return DLA_OK;
}

/* Reads a key that every layer must have. */
static dla_status read_word(reader *r, const entry *e, const char *key, const char **word)
{
  const yaml_node_t *node = dla_yaml_get(&r->yaml, e->node, key);
  *word = node ? dla_yaml_text(node) : NULL;
  if (*word && **word) return DLA_OK;
  return dla_fail(r->yaml.err, DLA_E_INPUT, dla_yaml_place(&r->yaml, node ? node : e->node),
                  "a layer is {name: NAME, op: OP, ...}", "a layer needs '%s', which is a word",
                  key);
}

static dla_status read_entry(reader *r, entry *e)
{
  TRY(dla_yaml_check_mapping(&r->yaml, e->node, "a layer"));
  TRY(read_word(r, e, "name", &e->name));
  TRY(read_word(r, e, "op", &e->op));
  TRY(find_op(r, dla_yaml_get(&r->yaml, e->node, "op"), e->op));
  if (find_layer(r, e->name) || strcmp(e->name, IMAGE) == 0)
    return dla_fail(r->yaml.err, DLA_E_INPUT, dla_yaml_place(&r->yaml, e->node),
                    "give every layer its own name", "the name '%s' is taken", e->name);
  TRY(read_sources(r, e));
  return read_attributes(r, e);
}

static dla_status add_layer(reader *r, const yaml_node_t *node)
{
  entry e = {.node = node};
  TRY(read_entry(r, &e));
  dla_tensor output =
      dla_apply(r->graph, e.op, e.name, e.src, e.src_count, e.attributes, e.attribute_count);
  if (output == DLA_NO_TENSOR) return fail_layer(r, node, e.name);
  dla_shape shape = dla_graph_shape(r->graph, output);
  if (dla_shape_count(&shape) > MAX_ELEMENTS)
    return dla_fail(r->yaml.err, DLA_E_INPUT, dla_yaml_place(&r->yaml, node), NULL,
                    "layer '%s': more than %d numbers an image", e.name, MAX_ELEMENTS);
  r->layers[r->count++] = (layer){.name = e.name, .output = output};
  return DLA_OK;
}

/* ---- The file ---- */

static dla_status check_keys(reader *r)
{
  const char *key;
  TRY(dla_yaml_check_mapping(&r->yaml, r->yaml.root, "a layer graph"));
  for (size_t i = 0; (key = dla_yaml_key(&r->yaml, r->yaml.root, i)); i++) {
    if (strcmp(key, "layers") == 0 || strcmp(key, "logits") == 0) continue;
    char hint[256];
    dla_closest closest = dla_closest_to(key);
    dla_closest_offer(&closest, "layers");
    dla_closest_offer(&closest, "logits");
    dla_closest_hint(&closest, "", "a layer graph has 'layers' and 'logits'", hint, sizeof hint);
    const yaml_node_t *value = dla_yaml_value(&r->yaml, r->yaml.root, i);
    return dla_fail(r->yaml.err, DLA_E_INPUT, dla_yaml_place(&r->yaml, value), hint,
                    "unknown key '%s'", key);
  }
  return DLA_OK;
}

static dla_status read_layers(reader *r)
{
  const yaml_node_t *list = dla_yaml_get(&r->yaml, r->yaml.root, "layers"), *node;
  if (!list || list->type != YAML_SEQUENCE_NODE || !dla_yaml_item(&r->yaml, list, 0))
    return fail(r, list ? list : r->yaml.root, "write '- {name: NAME, op: OP, ...}' lines below it",
                "'layers' must be a list of layers");
  r->layers = calloc(MAX_LAYERS, sizeof *r->layers);
  if (!r->layers) return dla_fail_memory(r->yaml.err, "the layers");
  for (size_t i = 0; (node = dla_yaml_item(&r->yaml, list, i)); i++) {
    if (i == MAX_LAYERS) return fail(r, node, NULL, "there are too many layers");
    TRY(add_layer(r, node));
  }
  return DLA_OK;
}

static dla_status finish(reader *r)
{
  const yaml_node_t *node = dla_yaml_get(&r->yaml, r->yaml.root, "logits");
  dla_tensor logits = r->layers[r->count - 1].output;
  const char *name = node ? dla_yaml_text(node) : r->layers[r->count - 1].name;
  if (node) {
    TRY(read_tensor(r, node, &logits));
  } else {
    const yaml_node_t *list = dla_yaml_get(&r->yaml, r->yaml.root, "layers");
    node = dla_yaml_item(&r->yaml, list, (size_t)r->count - 1);
  }
  dla_shape shape = dla_graph_shape(r->graph, logits);
  if (shape.rank == 1 && shape.dim[0] != r->classes)
    return dla_fail(r->yaml.err, DLA_E_INPUT, dla_yaml_place(&r->yaml, node),
                    "write out_features: classes, or set model.classes to the layer's",
                    "layer '%s': %lld logits, but model.classes is %lld", name,
                    (long long)shape.dim[0], (long long)r->classes);
  dla_error ignored = {0};
  if (dla_graph_finish(r->graph, logits, &ignored)) return fail_layer(r, node, name);
  return DLA_OK;
}

static dla_status build(reader *r, const dla_shape *image)
{
  if (!r->yaml.root)
    return dla_fail(r->yaml.err, DLA_E_INPUT, r->yaml.name, "see docs/layer-graph.md",
                    "the layer graph is empty");
  r->graph = dla_graph_create();
  if (!r->graph) return dla_fail_memory(r->yaml.err, "the graph");
  r->image = dla_input(r->graph, image->dim[0], image->dim[1], image->dim[2]);
  TRY(check_keys(r));
  TRY(read_layers(r));
  return finish(r);
}

static const dla_yaml_kind kind = {.manual = "see docs/layer-graph.md",
                                   .encoding = "a layer graph is UTF-8 text",
                                   .depth = 16}; /* 4 are needed */

dla_status dla_graph_text_read(const char *name, const char *text, size_t length,
                               const dla_shape *image, int64_t classes, dla_graph **graph,
                               dla_error *err)
{
  reader r = {.classes = classes};
  TRY(dla_yaml_load(&r.yaml, &kind, name, text, length, err));
  dla_status status = build(&r, image);
  if (status)
    dla_graph_free(r.graph);
  else
    *graph = r.graph;
  free(r.layers);
  yaml_document_delete(&r.yaml.document);
  return status;
}

dla_status dla_graph_file_read(const char *path, const dla_shape *image, int64_t classes,
                               dla_graph **graph, dla_error *err)
{
  char *text;
  size_t length;
  TRY(dla_read_file(path, MAX_FILE, &text, &length, err));
  dla_status status = dla_graph_text_read(path, text, length, image, classes, graph, err);
  free(text);
  return status;
}
