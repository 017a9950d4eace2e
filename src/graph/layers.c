/* The typed layer calls of dla/graph.h, made of dla_apply(). */
#include "dla/graph.h"

#define COUNT(array) ((int)(sizeof(array) / sizeof(array)[0]))

dla_tensor dla_conv2d(dla_graph *graph, const char *name, dla_tensor src, dla_conv2d_options o)
{
  const dla_attribute a[] = {{"out_channels", (double)o.out_channels},
                             {"kernel", (double)o.kernel},
                             {"stride", o.stride ? (double)o.stride : 1},
                             {"padding", (double)o.padding},
                             {"bias", o.bias},
                             {"groups", o.groups ? (double)o.groups : 1},
                             {"dilation", o.dilation ? (double)o.dilation : 1},
                             {"dirac", o.dirac},
                             {"whiten", o.whiten}};
  return dla_apply(graph, "conv2d", name, &src, 1, a, COUNT(a));
}

dla_tensor dla_batch_norm(dla_graph *graph, const char *name, dla_tensor src)
{
  return dla_apply(graph, "batch_norm", name, &src, 1, NULL, 0);
}

dla_tensor dla_relu(dla_graph *graph, const char *name, dla_tensor src)
{
  return dla_apply(graph, "relu", name, &src, 1, NULL, 0);
}

dla_tensor dla_add(dla_graph *graph, const char *name, dla_tensor a, dla_tensor b)
{
  const dla_tensor src[] = {a, b};
  return dla_apply(graph, "add", name, src, 2, NULL, 0);
}

dla_tensor dla_concat(dla_graph *graph, const char *name, const dla_tensor *src, int count)
{
  return dla_apply(graph, "concat", name, src, count, NULL, 0);
}

static dla_tensor pool(dla_graph *graph, const char *op, const char *name, dla_tensor src,
                       int64_t kernel, int64_t stride, int64_t padding)
{
  const dla_attribute a[] = {{"kernel", (double)kernel},
                             {"stride", stride ? (double)stride : (double)kernel},
                             {"padding", (double)padding}};
  return dla_apply(graph, op, name, &src, 1, a, COUNT(a));
}

dla_tensor dla_avg_pool(dla_graph *graph, const char *name, dla_tensor src, int64_t kernel,
                        int64_t stride, int64_t padding)
{
  return pool(graph, "avg_pool", name, src, kernel, stride, padding);
}

dla_tensor dla_max_pool(dla_graph *graph, const char *name, dla_tensor src, int64_t kernel,
                        int64_t stride, int64_t padding)
{
  return pool(graph, "max_pool", name, src, kernel, stride, padding);
}

dla_tensor dla_linear(dla_graph *graph, const char *name, dla_tensor src, int64_t out_features,
                      bool bias)
{
  const dla_attribute a[] = {{"out_features", (double)out_features}, {"bias", bias}};
  return dla_apply(graph, "linear", name, &src, 1, a, COUNT(a));
}

dla_tensor dla_dropout(dla_graph *graph, const char *name, dla_tensor src, double p)
{
  return dla_apply(graph, "dropout", name, &src, 1, &(dla_attribute){"p", p}, 1);
}

dla_tensor dla_stochastic_depth(dla_graph *graph, const char *name, dla_tensor src, double p)
{
  return dla_apply(graph, "stochastic_depth", name, &src, 1, &(dla_attribute){"p", p}, 1);
}

dla_tensor dla_linear_as_conv2d(dla_graph *graph, const char *name, dla_tensor src,
                                int64_t out_features)
{
  const dla_attribute a[] = {{"out_features", (double)out_features}, {"as_conv2d", 1}};
  return dla_apply(graph, "linear", name, &src, 1, a, COUNT(a));
}
