#include "result.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static segment *add(result *r, const char *name, const char *suffix, size_t count)
{
  segment *s = &r->segment[r->count++];
  snprintf(s->name, sizeof s->name, "%s%s", name, suffix);
  s->count = count;
  s->data = harness_memory(count * sizeof *s->data, 0);
  return s;
}

static void copy_value(result *r, const harness *h, const char *name, int value)
{
  const dla_value *v = &h->program->value[value];
  segment *s = &r->segment[r->count++];
  snprintf(s->name, sizeof s->name, "%s", name);
  s->count = (size_t)dla_shape_count(&v->shape);
  s->data = harness_elements(h, v);
}

dla_status result_collect(result *r, harness *h, dla_error *err)
{
  const dla_graph *graph = h->graph;
  dla_status status = DLA_OK;
  *r = (result){.segment = calloc((size_t)graph->parameter_count * 2 + 2, sizeof(segment))};
  if (!r->segment) return dla_fail_memory(err, "the result");
  copy_value(r, h, "loss", h->program->loss);
  copy_value(r, h, "logits", h->program->logits);
  for (int p = 0; !status && p < graph->parameter_count; p++) {
    const dla_parameter *parameter = &graph->parameter[p];
    size_t count = (size_t)dla_shape_count(&parameter->shape);
    segment *s = add(r, parameter->name, "", count);
    status = harness_read(h, parameter->trainable ? DLA_VALUE_PARAMETER : DLA_VALUE_STATE, p,
                          s->data, err);
    if (status || !parameter->trainable || h->program->mode != DLA_MODE_TRAINING) continue;
    s = add(r, parameter->name, ".grad", count);
    status = harness_read(h, DLA_VALUE_PARAMETER_GRADIENT, p, s->data, err);
  }
  return status;
}

void result_free(result *r)
{
  for (int i = 0; i < r->count; i++)
    free(r->segment[i].data);
  free(r->segment);
  *r = (result){0};
}

double root_mean_square(const float *data, size_t count)
{
  double squares = 0;
  for (size_t i = 0; i < count; i++)
    squares += (double)data[i] * data[i];
  return sqrt(squares / (double)count);
}

double segment_difference(const segment *expected, const segment *actual)
{
  double scale = root_mean_square(expected->data, expected->count), largest = 0;
  if (scale < 1e-6) scale = 1e-6; /* all but zero: compare absolutely */
  for (size_t i = 0; i < expected->count; i++) {
    double difference = fabs((double)expected->data[i] - actual->data[i]) / scale;
    if (!(difference <= largest)) largest = difference; /* a NaN stays */
  }
  return largest;
}

double result_difference(const result *expected, const result *actual, const char **where)
{
  double largest = 0;
  *where = "number of arrays";
  if (expected->count != actual->count) return INFINITY;
  *where = "";
  for (int i = 0; i < expected->count; i++) {
    double difference = segment_difference(&expected->segment[i], &actual->segment[i]);
    if (difference <= largest) continue;
    *where = expected->segment[i].name;
    largest = difference;
    if (isnan(largest)) return INFINITY;
  }
  return largest;
}
