/* Trains a small network for three steps, and compares the losses with stored ones. */
#include <math.h>
#include <stdio.h>

#include "base/try.h"
#include "selftest/fixture.h"
#include "selftest/parts.h"

enum { STEPS = 3 };
#define TOLERANCE 1e-4

/* Losses of the reference backend: SGD with a rate of 0.05 and a momentum of 0.9; the last one is
 * the evaluation's loss after the steps. */
static const double golden[STEPS + 1] = {1.571270585, 1.516630769, 1.428853273, 1.535107970};

static dla_status make_graph(dla_graph **graph, dla_error *err)
{
  dla_graph *g = *graph = dla_graph_create();
  if (!g) return dla_fail_memory(err, "a graph");
  const dla_conv2d_options wide = {.out_channels = 16, .kernel = 3, .padding = 1};
  dla_tensor x = dla_input(g, SELFTEST_CHANNELS, SELFTEST_SIDE, SELFTEST_SIDE);
  x = dla_relu(g, "relu0", dla_batch_norm(g, "norm0", dla_conv2d(g, "conv0", x, wide)));
  x = dla_max_pool(g, "pool0", x, 2, 2, 0);
  const dla_tensor y = dla_batch_norm(g, "norm1", dla_conv2d(g, "conv1", x, wide));
  x = dla_relu(g, "relu1", dla_add(g, "add1", y, x));
  x = dla_avg_pool(g, "pool1", x, SELFTEST_SIDE / 2, 0, 0);
  x = dla_linear(g, "head", x, SELFTEST_CLASSES, true);
  dla_status status = dla_graph_finish(g, x, err);
  if (status) {
    dla_graph_free(g);
    *graph = NULL;
  }
  return status;
}

dla_status selftest_small_network(const dla_selftest *test, const char *backend,
                                  dla_network **network, dla_error *err)
{
  dla_graph *graph;
  const dla_network_options options = {.backend = backend,
                                       .device = test->device,
                                       .threads = 2,
                                       .batch = SELFTEST_BATCH,
                                       .training = true,
                                       .recompute = true};
  TRY(make_graph(&graph, err));
  return selftest_network(graph, &options, network, err);
}

static dla_status take_steps(dla_network *network, double loss[STEPS + 1], dla_error *err)
{
  selftest_batch batch;
  dla_result result;
  selftest_fill(&batch);
  for (int i = 0; i < STEPS; i++) {
    const dla_update_numbers numbers = selftest_numbers(0.05, i + 1);
    TRY(dla_network_train(network, batch.images, batch.labels, SELFTEST_BATCH, &numbers, &result,
                          err));
    loss[i] = result.loss;
  }
  TRY(dla_network_evaluate(network, batch.images, batch.labels, SELFTEST_BATCH, NULL, &result,
                           err));
  loss[STEPS] = result.loss;
  return DLA_OK;
}

static void test_backend(dla_selftest *test, const char *backend)
{
  dla_network *network;
  dla_error err = {0};
  char name[48];
  double loss[STEPS + 1], largest = 0;
  snprintf(name, sizeof name, "training %s", backend);
  dla_status status = selftest_small_network(test, backend, &network, &err);
  if (!status) {
    status = take_steps(network, loss, &err);
    dla_network_free(network);
  }
  if (status) {
    selftest_tell_error(test, name, &err);
    return;
  }
  for (int i = 0; i <= STEPS; i++) {
    const double d = fabs(loss[i] / golden[i] - 1);
    if (!(d <= largest)) largest = d;
  }
  selftest_tell(test, largest <= TOLERANCE, name, "see docs/doctor.md",
                "losses %.6f, %.6f, %.6f, then %.6f: off by %.0e; up to %.0e is rounding", loss[0],
                loss[1], loss[2], loss[3], largest, TOLERANCE);
}

void selftest_steps(dla_selftest *test)
{
  int index = 0;
  test_backend(test, "reference");
  for (const dla_backend *b; !test->ended && (b = selftest_backend(test, &index));)
    test_backend(test, b->name);
}
