/* Clipping by norm, on every backend: against torch.nn.utils.clip_grad_norm_ of PyTorch 1.13, and
 * against the same step without it. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "../ops/sgd.h"
#include "dla/backend.h"
#include "dla/network.h"

enum { IMAGES = 2, CHANNELS = 2, SIDE = 4, WIDTH = 5, LAST = 6, CLASSES = 3 };
enum { MOST = WIDTH * LAST * SIDE * SIDE, TENSORS = 5, BIAS = 4 };

typedef float parameters[TENSORS][MOST];

static void fill(float *values, int64_t count, int step, int modulus, float unit)
{
  for (int i = 0; i < count; i++)
    values[i] = (float)(i * step % modulus - modulus / 2) * unit;
}

/* With channels that fill no block. */
static dla_graph *make_graph(void)
{
  const dla_conv2d_options padded = {
      .out_channels = WIDTH, .kernel = 3, .padding = 1, .bias = true};
  dla_error err = {0};
  dla_graph *g = dla_graph_create();
  dla_tensor x = dla_conv2d(g, "conv1", dla_input(g, CHANNELS, SIDE, SIDE), padded);
  x = dla_conv2d(g, "conv2", dla_relu(g, "relu1", x),
                 (dla_conv2d_options){.out_channels = LAST, .kernel = SIDE});
  x = dla_linear(g, "linear", dla_relu(g, "relu2", x), CLASSES, true);
  assert_int_equal(dla_graph_finish(g, x, &err), DLA_OK);
  return g;
}

static dla_status create(const char *backend, int threads, double most, dla_network **network,
                         dla_error *err)
{
  const dla_network_options options = {.backend = backend,
                                       .device = "0",
                                       .threads = threads,
                                       .batch = IMAGES,
                                       .training = true,
                                       .clip_grad_norm = most};
  return dla_network_create(make_graph(), &options, network, err);
}

/* What a step at a rate of 1 makes of the parameters; returns the norm that it tells. */
static double step(const char *backend, int threads, double most, parameters after)
{
  static const int32_t labels[IMAGES] = {0, 2};
  const dla_update_numbers sgd = sgd_update((sgd_numbers){.lr = 1});
  float images[IMAGES * CHANNELS * SIDE * SIDE], values[MOST];
  dla_result result;
  dla_error err = {0};
  dla_network *network = NULL;
  assert_int_equal(create(backend, threads, most, &network, &err), DLA_OK);
  assert_int_equal(dla_network_parameter_count(network), TENSORS);
  memset(after, 0, sizeof(parameters));
  for (int i = 0; i < TENSORS; i++) {
    const dla_shape shape = dla_network_parameter(network, i).shape;
    fill(values, dla_shape_count(&shape), 7, 11, 1 / 16.0f);
    assert_int_equal(dla_network_write(network, i, DLA_PARAMETER_VALUE, values, &err), DLA_OK);
  }
  fill(images, IMAGES * CHANNELS * SIDE * SIDE, 13, 17, 1 / 8.0f);
  assert_int_equal(dla_network_train(network, images, labels, IMAGES, &sgd, &result, &err), DLA_OK);
  for (int i = 0; i < TENSORS; i++)
    assert_int_equal(dla_network_read(network, i, DLA_PARAMETER_VALUE, after[i], &err), DLA_OK);
  dla_network_free(network);
  return result.grad_norm;
}

static void near(double a, double b)
{
  if (!(fabs(a - b) < 2e-6)) fail_msg("%.9g, not %.9g", a, b);
}

static void check(const char *backend)
{
  static const double bias[] = {-0.194395795, -0.0786958933, -0.0394083411};
  static const double weight[] = {-0.316944003, 0.149356306, -0.0718433857};
  parameters free, clipped, others;
  assert_true(step(backend, 1, 0, free) < 0);
  near(step(backend, 1, 0.5, clipped), 0.971934199);
  for (int i = 0; i < 3; i++) {
    near(clipped[BIAS][i], bias[i]);
    near(clipped[0][i], weight[i]);
  }
  near(step(backend, 3, 0.5, others), 0.971934199);
  for (int i = 0; i < 3; i++)
    near(others[BIAS][i], bias[i]);
  /* A norm that is not reached: the bits of no clipping. */
  near(step(backend, 1, 1, others), 0.971934199);
  assert_memory_equal(free, others, sizeof free);
}

static void every_backend_clips(void **state)
{
  (void)state;
  for (int b = 0; dla_backend_at(b); b++) {
    const char *name = dla_backend_at(b)->name;
    dla_error err = {0};
    dla_network *network = NULL;
    if (strcmp(name, "opencl") != 0) {
      check(name);
      continue;
    }
    assert_int_equal(create(name, 1, 0.5, &network, &err), DLA_E_UNSUPPORTED);
  }
}

/* All parameters of a step, not only some, are scaled by one factor. */
static void one_factor_for_all(void **state)
{
  (void)state;
  static const int counts[TENSORS] = {WIDTH * CHANNELS * 9, WIDTH, LAST * WIDTH * SIDE * SIDE,
                                      CLASSES * LAST, CLASSES};
  parameters free, clipped;
  float values[MOST];
  const double norm = step("reference", 1, 0, free) < 0 ? step("reference", 1, 0.25, clipped) : 0;
  double sum = 0;
  fill(values, MOST, 7, 11, 1 / 16.0f);
  for (int i = 0; i < TENSORS; i++)
    for (int k = 0; k < counts[i]; k++) {
      const double gradient = (double)values[k] - free[i][k];
      sum += gradient * gradient;
      near(clipped[i][k], values[k] - gradient * 0.25 / (norm + 1e-6));
    }
  near(sqrt(sum), norm);
}

int main(void)
{
  const struct CMUnitTest tests[] = {cmocka_unit_test(every_backend_clips),
                                     cmocka_unit_test(one_factor_for_all)};
  return cmocka_run_group_tests(tests, NULL, NULL);
}
