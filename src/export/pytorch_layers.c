#include "export/pytorch_layers.h"

#include <inttypes.h>
#include <string.h>

#include "base/number.h"

typedef struct writer {
  const dla_export_model *model;
  dla_strbuf *out;
} writer;

static int64_t attribute(const writer *w, int index, const char *name)
{
  return (int64_t)dla_graph_layer_attribute(w->model->graph, index, name);
}

static const char *truth(const writer *w, int index, const char *name)
{
  return attribute(w, index, name) ? "True" : "False";
}

static dla_shape source(const writer *w, const dla_layer_info *layer)
{
  return dla_graph_shape(w->model->graph, layer->src[0]);
}

/* ---- Modules ---- */

static void make_conv2d(const writer *w, int index, const dla_layer_info *layer)
{
  dla_strbuf_printf(w->out,
                    "nn.Conv2d(%" PRId64 ", %" PRId64 ", %" PRId64 ", stride=%" PRId64
                    ", padding=%" PRId64 ", groups=%" PRId64 ", dilation=%" PRId64 ", bias=%s)",
                    source(w, layer).dim[0], layer->output.dim[0], attribute(w, index, "kernel"),
                    attribute(w, index, "stride"), attribute(w, index, "padding"),
                    attribute(w, index, "groups"), attribute(w, index, "dilation"),
                    truth(w, index, "bias"));
}

static void make_dropout(const writer *w, int index, const dla_layer_info *layer)
{
  (void)layer;
  dla_strbuf_printf(w->out, "nn.Dropout(");
  dla_number_write(dla_graph_layer_attribute(w->model->graph, index, "p"), w->out);
  dla_strbuf_printf(w->out, ")");
}

static void make_batch_norm(const writer *w, int index, const dla_layer_info *layer)
{
  dla_strbuf_printf(w->out, "nn.BatchNorm2d(%" PRId64 ", eps=", layer->output.dim[0]);
  dla_number_write(dla_graph_layer_attribute(w->model->graph, index, "eps"), w->out);
  dla_strbuf_printf(w->out, ", momentum=");
  dla_number_write(dla_graph_layer_attribute(w->model->graph, index, "momentum"), w->out);
  dla_strbuf_printf(w->out, ")");
}

static bool is_as_conv2d(const writer *w, int index, const dla_layer_info *layer)
{
  return attribute(w, index, "as_conv2d") && source(w, layer).rank == 3;
}

static void make_linear(const writer *w, int index, const dla_layer_info *layer)
{
  const dla_shape src = source(w, layer);
  const int64_t out = layer->output.dim[0];
  if (is_as_conv2d(w, index, layer))
    dla_strbuf_printf(w->out,
                      "nn.Conv2d(%" PRId64 ", %" PRId64 ", (%" PRId64 ", %" PRId64 "), bias=%s)",
                      src.dim[0], out, src.dim[1], src.dim[2], truth(w, index, "bias"));
  else
    dla_strbuf_printf(w->out, "nn.Linear(%" PRId64 ", %" PRId64 ", bias=%s)", dla_shape_count(&src),
                      out, truth(w, index, "bias"));
}

/* ---- The lines of forward() ---- */

static void put_tensor(const writer *w, dla_tensor tensor)
{
  const int producer = dla_export_producer(w->model, tensor);
  dla_strbuf_printf(w->out, producer < 0 ? "x" : "t%d", producer);
}

/* Writes a call up to the end of its source. */
static void begin_call(const writer *w, const dla_layer_info *layer)
{
  dla_strbuf_printf(w->out, "layer(");
  dla_strbuf_json_string(w->out, layer->name);
  dla_strbuf_printf(w->out, ")(");
  put_tensor(w, layer->src[0]);
}

static void call_module(const writer *w, int index, const dla_layer_info *layer)
{
  (void)index;
  begin_call(w, layer);
  dla_strbuf_printf(w->out, ")");
}

static void call_linear(const writer *w, int index, const dla_layer_info *layer)
{
  begin_call(w, layer);
  dla_strbuf_printf(w->out, is_as_conv2d(w, index, layer) ? ").flatten(1)" : ".flatten(1))");
}

static void call_relu(const writer *w, int index, const dla_layer_info *layer)
{
  (void)index;
  dla_strbuf_printf(w->out, "F.relu(");
  put_tensor(w, layer->src[0]);
  dla_strbuf_printf(w->out, ")");
}

static void call_add(const writer *w, int index, const dla_layer_info *layer)
{
  (void)index;
  put_tensor(w, layer->src[0]);
  dla_strbuf_printf(w->out, " + ");
  put_tensor(w, layer->src[1]);
}

static void call_concat(const writer *w, int index, const dla_layer_info *layer)
{
  (void)index;
  dla_strbuf_printf(w->out, "torch.cat([");
  for (int k = 0; k < layer->src_count; k++) {
    dla_strbuf_printf(w->out, k ? ", " : "");
    put_tensor(w, layer->src[k]);
  }
  dla_strbuf_printf(w->out, "], 1)");
}

static void call_pool(const writer *w, int index, const dla_layer_info *layer)
{
  dla_strbuf_printf(w->out, "F.%s2d(", layer->op);
  put_tensor(w, layer->src[0]);
  dla_strbuf_printf(w->out, ", %" PRId64 ", stride=%" PRId64 ", padding=%" PRId64 ")",
                    attribute(w, index, "kernel"), attribute(w, index, "stride"),
                    attribute(w, index, "padding"));
}

/* torchvision.ops.StochasticDepth(p, "row"). */
static void call_stochastic_depth(const writer *w, int index, const dla_layer_info *layer)
{
  const double p = dla_graph_layer_attribute(w->model->graph, index, "p");
  put_tensor(w, layer->src[0]);
  dla_strbuf_printf(w->out, " * F.dropout(x.new_ones(len(x), 1, 1, 1), ");
  dla_number_write(p, w->out);
  dla_strbuf_printf(w->out, ", self.training)");
}

/* ---- All of them ---- */

typedef void put(const writer *w, int index, const dla_layer_info *layer);

static const struct row {
  const char *op;
  put *make; /* writes its module; NULL: it needs none */
  put *call;
} table[] = {
    {"conv2d", make_conv2d, call_module},
    {"batch_norm", make_batch_norm, call_module},
    {"relu", NULL, call_relu},
    {"add", NULL, call_add},
    {"concat", NULL, call_concat},
    {"avg_pool", NULL, call_pool},
    {"max_pool", NULL, call_pool},
    {"linear", make_linear, call_linear},
    {"dropout", make_dropout, call_module},
    {"stochastic_depth", NULL, call_stochastic_depth},
};

static const struct row *find(const dla_layer_info *layer, dla_error *err)
{
  for (size_t i = 0; i < sizeof table / sizeof table[0]; i++)
    if (strcmp(table[i].op, layer->op) == 0) return &table[i];
  dla_fail(err, DLA_E_UNSUPPORTED, layer->name, NULL, "%s is not exported to PyTorch", layer->op);
  return NULL;
}

dla_status dla_pytorch_modules(const dla_export_model *model, dla_strbuf *out, dla_error *err)
{
  const writer w = {model, out};
  for (int i = 0; i < model->layers; i++) {
    const dla_layer_info layer = dla_graph_layer(model->graph, i);
    const struct row *row = find(&layer, err);
    if (!row) return DLA_E_UNSUPPORTED;
    if (!row->make) continue;
    dla_strbuf_printf(out, "        add(self, ");
    dla_strbuf_json_string(out, layer.name);
    dla_strbuf_printf(out, ", ");
    row->make(&w, i, &layer);
    dla_strbuf_printf(out, ")\n");
  }
  return DLA_OK;
}

dla_status dla_pytorch_forward(const dla_export_model *model, dla_strbuf *out, dla_error *err)
{
  const writer w = {model, out};
  for (int i = 0; i < model->layers; i++) {
    if (!model->needed[i]) continue;
    const dla_layer_info layer = dla_graph_layer(model->graph, i);
    const struct row *row = find(&layer, err);
    if (!row) return DLA_E_UNSUPPORTED;
    dla_strbuf_printf(out, "        t%d = ", i);
    row->call(&w, i, &layer);
    dla_strbuf_printf(out, "\n");
  }
  dla_strbuf_printf(out, "        return ");
  put_tensor(&w, dla_graph_logits(model->graph));
  dla_strbuf_printf(out, "\n");
  return DLA_OK;
}
