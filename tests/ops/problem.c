#include "problem.h"

#include "graph/internal.h"

#include <stdlib.h>
#include <string.h>

#define MAX_DEPTH 16
#define MAX_TEXT  256

typedef struct machine {
  dla_graph *graph;
  int64_t batch;
  double smoothing;
  char freeze[MAX_TEXT]; /* a JSON array under way: ["2","5" */
  bool mix;
  dla_tensor stack[MAX_DEPTH];
  int depth;
} machine;

/* The number behind a letter (or two) among the options, or `missing`. */
static int64_t option(const char *options, const char *key, int64_t missing)
{
  const char *at = strstr(options, key);
  if (!at) return missing;
  at += strlen(key);
  return *at >= '0' && *at <= '9' ? strtoll(at, NULL, 10) : 1;
}

static dla_tensor pop(machine *m)
{
  return m->depth > 0 ? m->stack[--m->depth] : DLA_NO_TENSOR;
}

static void push(machine *m, dla_tensor tensor)
{
  if (m->depth < MAX_DEPTH) m->stack[m->depth++] = tensor;
}

static void push_input(machine *m, const char *text)
{
  char *end;
  int64_t channels = strtoll(text, &end, 10);
  int64_t height = *end ? strtoll(end + 1, &end, 10) : 0;
  int64_t width = *end ? strtoll(end + 1, &end, 10) : 0;
  push(m, dla_input(m->graph, channels, height, width));
}

static void concat(machine *m, const char *name, int count)
{
  dla_tensor src[MAX_DEPTH];
  for (int i = count - 1; i >= 0; i--)
    src[i] = pop(m);
  push(m, dla_concat(m->graph, name, src, count));
}

static dla_tensor conv(machine *m, const char *name, const char *options)
{
  return dla_conv2d(m->graph, name, pop(m),
                    (dla_conv2d_options){.out_channels = option(options, "oc", 1),
                                         .kernel = option(options, "k", 1),
                                         .stride = option(options, "s", 1),
                                         .padding = option(options, "p", 0),
                                         .groups = option(options, "g", 1),
                                         .dilation = option(options, "d", 1),
                                         .bias = option(options, "b", 0) != 0});
}

static dla_tensor pool(machine *m, const char *op, const char *name, const char *options)
{
  int64_t kernel = option(options, "k", 1), stride = option(options, "s", 0);
  int64_t padding = option(options, "p", 0);
  return op[0] == 'a' ? dla_avg_pool(m->graph, name, pop(m), kernel, stride, padding)
                      : dla_max_pool(m->graph, name, pop(m), kernel, stride, padding);
}

static dla_tensor drop(machine *m, const char *word, const char *name, const char *options)
{
  const dla_attribute p = {"p", (double)strtoll(options, NULL, 10) / 100};
  const dla_tensor src = pop(m);
  return dla_apply(m->graph, word[0] == 'd' ? "dropout" : "stochastic_depth", name, &src, 1, &p, 1);
}

/* An op of one source and no attribute, by its name. Fails if there is no such op. */
static dla_tensor apply(machine *m, const char *op, const char *name)
{
  const dla_tensor src = pop(m);
  return dla_apply(m->graph, op, name, &src, 1, NULL, 0);
}

/* What only moves tensors about; false: it is something else. */
static bool rearrange(machine *m, const char *word)
{
  if (strcmp(word, "dup") == 0) {
    dla_tensor top = pop(m);
    push(m, top);
    push(m, top);
  } else if (strcmp(word, "swap") == 0) {
    dla_tensor top = pop(m), below = pop(m);
    push(m, top);
    push(m, below);
  } else if (strcmp(word, "drop") == 0) {
    pop(m);
  } else if (strcmp(word, "rot") == 0) {
    dla_tensor c = pop(m), b = pop(m), a = pop(m);
    push(m, b);
    push(m, c);
    push(m, a);
  } else {
    return false;
  }
  return true;
}

static void step(machine *m, const char *word, const char *name)
{
  const char *colon = strchr(word, ':'), *options = colon ? colon + 1 : "";
  if (rearrange(m, word)) return;
  if (strncmp(word, "frz", 3) == 0) {
    size_t length = strlen(m->freeze);
    snprintf(m->freeze + length, sizeof m->freeze - length, "%s\"%s\"", length ? "," : "[",
             options);
  } else if (strncmp(word, "smooth", 6) == 0)
    m->smoothing = (double)strtoll(options, NULL, 10) / 100;
  else if (strcmp(word, "mix") == 0)
    m->mix = true;
  else if (strncmp(word, "mb", 2) == 0)
    m->batch = strtoll(word + 2, NULL, 10);
  else if (strncmp(word, "in", 2) == 0)
    push_input(m, word + 2);
  else if (strncmp(word, "conv", 4) == 0)
    push(m, conv(m, name, options));
  else if (strcmp(word, "bn") == 0)
    push(m, dla_batch_norm(m->graph, name, pop(m)));
  else if (strncmp(word, "dropout", 7) == 0 || strncmp(word, "stochastic_depth", 16) == 0)
    push(m, drop(m, word, name, options));
  else if (strcmp(word, "add") == 0) {
    dla_tensor b = pop(m), a = pop(m);
    push(m, dla_add(m->graph, name, a, b));
  } else if (strncmp(word, "cat", 3) == 0)
    concat(m, name, (int)strtol(options, NULL, 10));
  else if (strncmp(word, "avg", 3) == 0 || strncmp(word, "max", 3) == 0)
    push(m, pool(m, word, name, options));
  else if (strncmp(word, "lin", 3) == 0)
    push(m, dla_linear(m->graph, name, pop(m), strtoll(options, NULL, 10), true));
  else
    push(m, apply(m, word, name));
}

bool problem_has(const char *text, const char *op)
{
  dla_error err = {0};
  int64_t batch;
  bool has = false;
  dla_graph *graph = problem_graph(text, &batch, &err);
  for (int i = 0; graph && i < graph->node_count; i++)
    has |= strcmp(graph->node[i].op->name, op) == 0;
  dla_graph_free(graph);
  return has;
}

dla_graph *problem_graph(const char *text, int64_t *batch, dla_error *err)
{
  machine m = {.graph = dla_graph_create(), .batch = 1};
  char copy[MAX_TEXT], name[32], *rest = copy;
  if (!m.graph || strlen(text) >= sizeof copy) {
    dla_fail(err, DLA_E_INTERNAL, text, NULL, "no memory, or the text is too long");
    dla_graph_free(m.graph);
    return NULL;
  }
  strcpy(copy, text);
  int words = 0;
  for (char *word; (word = strtok_r(rest, " ", &rest)); words++) {
    snprintf(name, sizeof name, "%d", words);
    step(&m, word, name);
  }
  dla_tensor logits = dla_linear(m.graph, "classifier", pop(&m), 7, true);
  *batch = m.batch;
  if (*m.freeze) strncat(m.freeze, "]", sizeof m.freeze - strlen(m.freeze) - 1);
  if (!dla_graph_finish(m.graph, logits, err) && !dla_graph_freeze(m.graph, m.freeze, err)) {
    dla_graph_smooth_labels(m.graph, m.smoothing);
    if (m.mix) dla_graph_mix_labels(m.graph);
    return m.graph;
  }
  dla_graph_free(m.graph);
  return NULL;
}
