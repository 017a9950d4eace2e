/* A step in parts against the same step at once, of a network without batch norms: also what it
 * drops is the same. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "../ops/sgd.h"
#include "base/philox.h"
#include "dla/backend.h"
#include "dla/network.h"

enum { CHANNELS = 3, SIDE = 8, CLASSES = 5, BATCH = 7, STEPS = 3 };

typedef struct samples {
  float images[BATCH * CHANNELS * SIDE * SIDE];
  int32_t own[BATCH], partners[BATCH];
} samples;

static void draw(samples *s)
{
  dla_random random = dla_random_at(1, DLA_RANDOM_WEIGHTS, 0, 0);
  for (size_t i = 0; i < sizeof s->images / sizeof *s->images; i++)
    s->images[i] = 4 * dla_random_float(&random) - 2;
  for (int n = 0; n < BATCH; n++) {
    s->own[n] = (int32_t)dla_random_below(&random, CLASSES);
    s->partners[n] = (int32_t)dla_random_below(&random, CLASSES);
  }
}

static dla_graph *make_graph(void)
{
  dla_error err = {0};
  dla_graph *g = dla_graph_create();
  assert_non_null(g);
  dla_tensor x = dla_input(g, CHANNELS, SIDE, SIDE);
  x = dla_conv2d(g, "conv", x,
                 (dla_conv2d_options){.out_channels = 20, .kernel = 3, .padding = 1, .bias = true});
  x = dla_avg_pool(g, "pool", dla_relu(g, "relu", x), 4, 0, 0);
  dla_tensor branch = dla_dropout(g, "dropout", x, 0.5);
  branch = dla_stochastic_depth(g, "drop_path", branch, 0.4);
  x = dla_add(g, "add", x, branch);
  assert_int_equal(dla_graph_finish(g, dla_linear(g, "linear", x, CLASSES, true), &err), DLA_OK);
  return g;
}

static dla_status make_network(const char *backend, int parts, dla_network **network,
                               dla_error *err)
{
  const dla_network_options options = {.backend = backend,
                                       .threads = 2,
                                       .batch = BATCH,
                                       .training = true,
                                       .mixed_labels = true,
                                       .clip_grad_norm = 0.5,
                                       .accumulate = parts};
  return dla_network_create(make_graph(), &options, network, err);
}

/* Some steps on `count` of the samples; their losses, and norms of the gradients, are added to
 * *loss. */
static dla_network *train(const char *backend, int parts, int64_t count, const samples *s,
                          double *loss)
{
  const dla_batch_labels labels = {s->own, s->partners, 0.3};
  const dla_batch_share share = {true, count};
  const dla_update_numbers sgd =
      sgd_update((sgd_numbers){.lr = 0.1f, .momentum = 0.9f, .weight_decay = 1e-3f});
  dla_error err = {0};
  dla_network *network = NULL;
  if (make_network(backend, parts, &network, &err)) fail_msg("%s", err.what);
  assert_int_equal(dla_network_initialise(network, 1, &err), DLA_OK);
  for (int step = 0; step < STEPS; step++) {
    dla_result result;
    if (dla_network_train_share(network, s->images, &labels, count, &share, &sgd, &result, &err))
      fail_msg("%s", err.what);
    *loss += result.loss + result.grad_norm;
  }
  return network;
}

static void compare(dla_network *a, dla_network *b)
{
  dla_error err = {0};
  for (int i = 0; i < dla_network_parameter_count(a); i++) {
    const dla_parameter_info info = dla_network_parameter(a, i);
    const int64_t count = dla_shape_count(&info.shape);
    float *x = calloc(2 * (size_t)count, sizeof *x), *y = x + count;
    assert_non_null(x);
    assert_int_equal(dla_network_read(a, i, DLA_PARAMETER_VALUE, x, &err), DLA_OK);
    assert_int_equal(dla_network_read(b, i, DLA_PARAMETER_VALUE, y, &err), DLA_OK);
    for (int64_t k = 0; k < count; k++)
      assert_float_equal(x[k], y[k], 2e-6);
    free(x);
  }
}

static void parts_are_the_batch(void **state)
{
  (void)state;
  static const int parts[] = {2, 3, 4, 16};
  samples s;
  draw(&s);
  for (int b = 0; dla_backend_at(b); b++)
    for (size_t p = 0; p < sizeof parts / sizeof *parts && !dla_backend_at(b)->memory; p++)
      for (int64_t count = BATCH - 2; count <= BATCH; count++) {
        double whole_loss = 0, loss = 0;
        dla_network *whole = train(dla_backend_at(b)->name, 1, count, &s, &whole_loss);
        dla_network *cut = train(dla_backend_at(b)->name, parts[p], count, &s, &loss);
        compare(whole, cut);
        assert_float_equal(loss, whole_loss, 1e-5);
        assert_true(dla_network_arena_bytes(cut) < dla_network_arena_bytes(whole));
        dla_network_free(whole);
        dla_network_free(cut);
      }
}

static void a_device_refuses(void **state)
{
  (void)state;
  for (int b = 0; dla_backend_at(b); b++) {
    dla_error err = {0};
    dla_network *network = NULL;
    if (!dla_backend_at(b)->memory) continue;
    assert_int_equal(make_network(dla_backend_at(b)->name, 2, &network, &err), DLA_E_UNSUPPORTED);
    assert_string_equal(err.where, "train.accumulate");
  }
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(parts_are_the_batch),
      cmocka_unit_test(a_device_refuses),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
