/* Tests each op in a small network: compares logits, loss and every parameter's gradient with the
 * reference backend's. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/try.h"
#include "selftest/fixture.h"
#include "selftest/parts.h"

/* The tolerances of this program's tests: for sums of some thousand products. Winograd's loses one
 * more digit (Lavin and Gray, "Fast Algorithms for Convolutional Neural Networks", 2015). */
#define TOLERANCE          1e-4
#define TOLERANCE_WINOGRAD 1e-3
#define TOLERANCE_BF16     5e-2 /* 8 bits, rounded a few times in a row */

enum { WIDTH = 16 };

typedef struct op_case {
  const char *name;
  dla_tensor (*add)(dla_graph *graph, dla_tensor x); /* NULL: conv */
  dla_conv2d_options conv;
  dla_convolution convolution;
  double clip, smooth;
  dla_precision precision;
} op_case;

static dla_tensor batch_norm(dla_graph *g, dla_tensor x)
{
  return dla_batch_norm(g, "op", x);
}

static dla_tensor relu(dla_graph *g, dla_tensor x)
{
  return dla_relu(g, "op", x);
}

static dla_tensor add(dla_graph *g, dla_tensor x)
{
  const dla_tensor y = dla_conv2d(
      g, "left", x, (dla_conv2d_options){.out_channels = WIDTH, .kernel = 3, .padding = 1});
  return dla_add(g, "op", x, y);
}

/* A residual block: tests the fusion of batch norm, addition and ReLU. */
static dla_tensor block(dla_graph *g, dla_tensor x)
{
  const dla_tensor y = dla_conv2d(
      g, "left", x, (dla_conv2d_options){.out_channels = WIDTH, .kernel = 3, .padding = 1});
  return dla_relu(g, "relu", dla_add(g, "op", dla_batch_norm(g, "norm", y), x));
}

static dla_tensor concat(dla_graph *g, dla_tensor x)
{
  const dla_tensor both[] = {x, dla_relu(g, "left", x)};
  return dla_concat(g, "op", both, 2);
}

static dla_tensor avg_pool(dla_graph *g, dla_tensor x)
{
  return dla_avg_pool(g, "op", x, 2, 2, 0);
}

static dla_tensor max_pool(dla_graph *g, dla_tensor x)
{
  return dla_max_pool(g, "op", x, 3, 2, 1);
}

static dla_tensor linear(dla_graph *g, dla_tensor x)
{
  return dla_linear(g, "op", dla_avg_pool(g, "pool", x, SELFTEST_SIDE, 0, 0), 20, true);
}

static dla_tensor dropout(dla_graph *g, dla_tensor x)
{
  return dla_dropout(g, "op", x, 0.3);
}

static dla_tensor stochastic_depth(dla_graph *g, dla_tensor x)
{
  return dla_add(g, "sum", x, dla_stochastic_depth(g, "op", dla_batch_norm(g, "norm", x), 0.5));
}

static const op_case cases[] = {
    {"conv2d 3x3", .conv = {.out_channels = 24, .kernel = 3, .padding = 1},
     .convolution = DLA_CONVOLUTION_DIRECT},
    {"conv2d Winograd", .conv = {.out_channels = 24, .kernel = 3, .padding = 1},
     .convolution = DLA_CONVOLUTION_WINOGRAD},
    {"conv2d 1x1", .conv = {.out_channels = 40, .kernel = 1, .bias = true}},
    {"conv2d stride", .conv = {.out_channels = 32, .kernel = 3, .padding = 1, .stride = 2}},
    {"conv2d groups", .conv = {.out_channels = 32, .kernel = 3, .padding = 1, .groups = 4}},
    {"conv2d dilation", .conv = {.out_channels = 16, .kernel = 3, .padding = 2, .dilation = 2}},
    {"batch_norm", .add = batch_norm},
    {"relu", .add = relu},
    {"add", .add = add},
    {"residual block", .add = block},
    {"concat", .add = concat},
    {"avg_pool", .add = avg_pool},
    {"max_pool", .add = max_pool},
    {"linear", .add = linear},
    {"dropout", .add = dropout},
    {"stochastic_depth", .add = stochastic_depth},
    {"softmax", .add = batch_norm, .smooth = 0.1},
    {"clip_grad_norm", .add = batch_norm, .clip = 0.05},
    {"conv2d Winograd bf16", .conv = {.out_channels = 24, .kernel = 3, .padding = 1},
     .convolution = DLA_CONVOLUTION_WINOGRAD, .precision = DLA_PRECISION_BF16},
    {"conv2d 1x1 bf16", .conv = {.out_channels = 40, .kernel = 1, .bias = true},
     .precision = DLA_PRECISION_BF16},
    {"batch_norm bf16", .add = batch_norm, .precision = DLA_PRECISION_BF16},
};

static dla_status make_graph(const op_case *c, dla_graph **graph, dla_error *err)
{
  dla_graph *g = *graph = dla_graph_create();
  if (!g) return dla_fail_memory(err, "a graph");
  dla_tensor x = dla_input(g, SELFTEST_CHANNELS, SELFTEST_SIDE, SELFTEST_SIDE);
  x = dla_conv2d(g, "stem", x,
                 (dla_conv2d_options){.out_channels = WIDTH, .kernel = 3, .padding = 1});
  x = c->add ? c->add(g, x) : dla_conv2d(g, "op", x, c->conv);
  x = dla_linear(g, "head", x, SELFTEST_CLASSES, true);
  dla_status status = dla_graph_finish(g, x, err);
  if (status) {
    dla_graph_free(g);
    *graph = NULL;
    return status;
  }
  if (c->smooth > 0) dla_graph_smooth_labels(g, c->smooth);
  return DLA_OK;
}

/* The numbers that are compared, in one array: logits, losses, then for each parameter its gradient
 * (which is SGD's momentum after the first step) or its running statistics. */
typedef struct outcome {
  float *numbers; /* owned */
  size_t count;
} outcome;

static size_t count_of(dla_network *network)
{
  size_t count = SELFTEST_LOGITS + 2;
  for (int i = 0; i < dla_network_parameter_count(network); i++) {
    const dla_parameter_info p = dla_network_parameter(network, i);
    count += (size_t)dla_shape_count(&p.shape);
  }
  return count;
}

static dla_status read_parameters(dla_network *network, float *to, dla_error *err)
{
  for (int i = 0; i < dla_network_parameter_count(network); i++) {
    const dla_parameter_info p = dla_network_parameter(network, i);
    TRY(dla_network_read(network, i, p.trainable ? DLA_PARAMETER_STATE : DLA_PARAMETER_VALUE, to,
                         err));
    to += dla_shape_count(&p.shape);
  }
  return DLA_OK;
}

static dla_status compute(dla_network *network, const selftest_batch *batch, outcome *o,
                          dla_error *err)
{
  const dla_update_numbers numbers = selftest_numbers(0, 1);
  dla_result step, test;
  TRY(dla_network_evaluate(network, batch->images, batch->labels, SELFTEST_BATCH, o->numbers, &test,
                           err));
  TRY(dla_network_train(network, batch->images, batch->labels, SELFTEST_BATCH, &numbers, &step,
                        err));
  o->numbers[SELFTEST_LOGITS] = (float)test.loss;
  o->numbers[SELFTEST_LOGITS + 1] = (float)step.loss;
  return read_parameters(network, o->numbers + SELFTEST_LOGITS + 2, err);
}

static dla_status run_case(const dla_selftest *test, const op_case *c, const char *backend,
                           outcome *o, dla_error *err)
{
  dla_graph *graph;
  dla_network *network;
  selftest_batch batch;
  const dla_network_options options = {.backend = backend,
                                       .device = test->device,
                                       .threads = 2,
                                       .batch = SELFTEST_BATCH,
                                       .training = true,
                                       .clip_grad_norm = c->clip,
                                       .convolution = c->convolution,
                                       .precision = c->precision,
                                       .recompute = true};
  *o = (outcome){0};
  TRY(make_graph(c, &graph, err));
  TRY(selftest_network(graph, &options, &network, err));
  o->count = count_of(network);
  o->numbers = malloc(o->count * sizeof *o->numbers);
  selftest_fill(&batch);
  dla_status status =
      o->numbers ? compute(network, &batch, o, err) : dla_fail_memory(err, "numbers");
  dla_network_free(network);
  return status;
}

/* Compares logits and losses, and then the parameters' numbers, each relative to their own size. */
static double compare(const outcome *o, const outcome *right)
{
  const size_t at = SELFTEST_LOGITS + 2;
  const double first = selftest_difference(o->numbers, right->numbers, at);
  const double rest = selftest_difference(o->numbers + at, right->numbers + at, o->count - at);
  return rest <= first ? first : rest; /* also for NaN */
}

static void test_case(dla_selftest *test, const op_case *c)
{
  outcome right, o;
  dla_error err = {0};
  char said[128] = "";
  bool good = true;
  int index = 0;
  const double tolerance = c->precision == DLA_PRECISION_BF16           ? TOLERANCE_BF16
                           : c->convolution == DLA_CONVOLUTION_WINOGRAD ? TOLERANCE_WINOGRAD
                                                                        : TOLERANCE;
  dla_status status = run_case(test, c, "reference", &right, &err);
  for (const dla_backend *b; !status && (b = selftest_backend(test, &index));) {
    status = run_case(test, c, b->name, &o, &err);
    const double difference = status ? 0 : compare(&o, &right);
    const size_t length = strlen(said);
    if (status == DLA_E_UNSUPPORTED) {
      snprintf(said + length, sizeof said - length, "%s%s has none", length ? ", " : "", b->name);
      status = DLA_OK;
    } else if (!status)
      snprintf(said + length, sizeof said - length, "%s%s %.0e", length ? ", " : "", b->name,
               difference);
    good &= difference <= tolerance; /* false for NaN */
    free(o.numbers);
  }
  free(right.numbers);
  if (status)
    selftest_tell_error(test, c->name, &err);
  else
    selftest_tell(test, good, c->name, "see docs/doctor.md",
                  "off the reference by %s; up to %.0e is rounding", said, tolerance);
}

void selftest_ops(dla_selftest *test)
{
  int index = 0;
  if (!selftest_backend(test, &index)) {
    selftest_tell(test, true, "ops", NULL, "there is no backend but the reference to compare");
    return;
  }
  for (size_t i = 0; i < sizeof cases / sizeof *cases && !test->ended; i++)
    test_case(test, &cases[i]);
}
