#include "export/fold.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/try.h"

static bool is(const dla_export_model *model, int layer, const char *op)
{
  return strcmp(dla_graph_layer(model->graph, layer).op, op) == 0;
}

int dla_export_norm_of(const dla_export_model *model, int layer)
{
  const dla_tensor dst = dla_graph_layer(model->graph, layer).dst;
  if (!is(model, layer, "conv2d") || dla_export_readers(model, dst) != 1) return -1;
  for (int i = layer + 1; i < model->layers; i++)
    if (model->needed[i] && is(model, i, "batch_norm") &&
        dla_graph_layer(model->graph, i).src[0] == dst)
      return i;
  return -1;
}

typedef struct norm_parameters {
  float *weight, *bias, *mean, *variance;
  double eps;
} norm_parameters;

static dla_status read_norm(const dla_export_model *model, int norm, norm_parameters *p,
                            dla_error *err)
{
  dla_shape shape;
  p->eps = dla_graph_layer_attribute(model->graph, norm, "eps");
  TRY(dla_export_parameter(model, norm, "weight", &p->weight, &shape, err));
  TRY(dla_export_parameter(model, norm, "bias", &p->bias, &shape, err));
  TRY(dla_export_parameter(model, norm, "running_mean", &p->mean, &shape, err));
  return dla_export_parameter(model, norm, "running_var", &p->variance, &shape, err);
}

static dla_status fold(const norm_parameters *p, dla_export_convolution *c, dla_error *err)
{
  const int64_t channels = c->shape.dim[0], row = dla_shape_count(&c->shape) / channels;
  if (!c->bias) c->bias = calloc((size_t)channels, sizeof *c->bias);
  if (!c->bias) return dla_fail_memory(err, "a bias");
  for (int64_t o = 0; o < channels; o++) {
    const double scale = (double)p->weight[o] / sqrt((double)p->variance[o] + p->eps);
    c->bias[o] = (float)(((double)c->bias[o] - (double)p->mean[o]) * scale + (double)p->bias[o]);
    for (int64_t i = o * row; i < (o + 1) * row; i++)
      c->weights[i] = (float)((double)c->weights[i] * scale);
  }
  return DLA_OK;
}

dla_status dla_export_convolve(const dla_export_model *model, int layer, int norm,
                               dla_export_convolution *convolution, dla_error *err)
{
  dla_shape bias;
  *convolution = (dla_export_convolution){0};
  TRY(dla_export_parameter(model, layer, "weight", &convolution->weights, &convolution->shape,
                           err));
  TRY(dla_export_parameter(model, layer, "bias", &convolution->bias, &bias, err));
  if (norm < 0) return DLA_OK;
  norm_parameters p = {0};
  dla_status status = read_norm(model, norm, &p, err);
  if (!status) status = fold(&p, convolution, err);
  free(p.weight);
  free(p.bias);
  free(p.mean);
  free(p.variance);
  return status;
}

void dla_export_convolution_free(dla_export_convolution *convolution)
{
  free(convolution->weights);
  free(convolution->bias);
}
