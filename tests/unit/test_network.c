/* What a network does beside computing: parameters of dead layers, and batches that it refuses. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "../ops/sgd.h"
#include "base/strbuf.h"
#include "dla/backend.h"
#include "dla/checkpoint.h"
#include "dla/network.h"
#include "dla/tuning.h"
#include "scratch.h"

enum { CHANNELS = 1, SIDE = 4, CLASSES = 3, WIDTH = 4 };

/* With a layer whose output nobody reads, and a batch norm on one value of each image. */
static dla_graph *make_graph(void)
{
  dla_error err = {0};
  dla_graph *g = dla_graph_create();
  assert_non_null(g);
  dla_tensor x = dla_input(g, CHANNELS, SIDE, SIDE);
  x = dla_conv2d(g, "conv", x, (dla_conv2d_options){.out_channels = WIDTH, .kernel = SIDE});
  dla_batch_norm(g, "dead", x);
  dla_conv2d(g, "unused", x,
             (dla_conv2d_options){.out_channels = WIDTH, .kernel = 1, .bias = true});
  x = dla_batch_norm(g, "bn", x);
  assert_int_equal(dla_graph_finish(g, dla_linear(g, "linear", x, CLASSES, true), &err), DLA_OK);
  return g;
}

static dla_network *make_network(bool training)
{
  dla_error err = {0};
  dla_network *network = NULL;
  const dla_network_options options = {
      .backend = "reference", .threads = 1, .batch = 2, .training = training};
  if (dla_network_create(make_graph(), &options, &network, &err)) fail_msg("%s", err.what);
  assert_int_equal(dla_network_initialise(network, 1, &err), DLA_OK);
  return network;
}

static int index_of(const dla_network *network, const char *name)
{
  for (int i = 0; i < dla_network_parameter_count(network); i++)
    if (strcmp(dla_network_parameter(network, i).name, name) == 0) return i;
  fail_msg("no parameter %s", name);
  return -1;
}

/* The memory that a parameter is read into holds something else before. */
static void check_value(dla_network *network, const char *name, dla_parameter_array array,
                        float expected)
{
  float values[WIDTH];
  dla_error err = {0};
  memset(values, 0x55, sizeof values);
  assert_int_equal(dla_network_read(network, index_of(network, name), array, values, &err), DLA_OK);
  for (int i = 0; i < WIDTH; i++)
    if (values[i] != expected) fail_msg("%s[%d] is %g", name, i, (double)values[i]);
}

static void dead_layers_keep_their_parameters(void **state)
{
  (void)state;
  const float kept[WIDTH] = {7, 7, 7, 7};
  char *folder = scratch_new();
  const char *path = scratch_path(folder, "c.safetensors");
  dla_error err = {0};
  dla_checkpoint *checkpoint = NULL;
  dla_network *network = make_network(true);
  check_value(network, "dead.weight", DLA_PARAMETER_VALUE, 1);
  check_value(network, "dead.running_mean", DLA_PARAMETER_VALUE, 0);
  check_value(network, "dead.weight", DLA_PARAMETER_STATE, 0);
  int bias = index_of(network, "unused.bias");
  assert_int_equal(dla_network_write(network, bias, DLA_PARAMETER_VALUE, kept, &err), DLA_OK);
  assert_int_equal(dla_checkpoint_capture(network, &(dla_train_state){0}, &checkpoint, &err),
                   DLA_OK);
  assert_int_equal(dla_checkpoint_write(checkpoint, path, &err), DLA_OK);
  dla_checkpoint_free(checkpoint);
  dla_network_free(network);
  /* A network that only evaluates has them, too. */
  network = make_network(false);
  assert_int_equal(dla_checkpoint_read(path, "", &checkpoint, &err), DLA_OK);
  assert_int_equal(dla_checkpoint_restore(checkpoint, path, network, &err), DLA_OK);
  check_value(network, "unused.bias", DLA_PARAMETER_VALUE, 7);
  dla_checkpoint_free(checkpoint);
  dla_network_free(network);
  scratch_remove(folder);
}

static void one_value_is_not_normalised(void **state)
{
  (void)state;
  static const float images[2 * CHANNELS * SIDE * SIDE] = {1, 2};
  static const int32_t labels[2] = {0, 1};
  const dla_update_numbers sgd = sgd_update((sgd_numbers){.lr = 1e-3f});
  dla_result result;
  dla_error err = {0};
  dla_network *network = make_network(true);
  assert_int_equal(dla_network_check_batch(network, 2, &err), DLA_OK);
  assert_int_equal(dla_network_check_batch(network, 1, &err), DLA_E_INPUT);
  assert_string_equal(err.where, "bn");
  assert_int_equal(dla_network_train(network, images, labels, 1, &sgd, &result, &err), DLA_E_INPUT);
  assert_int_equal(dla_network_train(network, images, labels, 2, &sgd, &result, &err), DLA_OK);
  assert_int_equal(dla_network_evaluate(network, images, labels, 1, NULL, &result, &err), DLA_OK);
  dla_network_free(network);
}

/* Convolutions that oneDNN does, and that take a batch norm's bias when the network evaluates. */
static dla_graph *make_folded_graph(void)
{
  dla_error err = {0};
  dla_graph *g = dla_graph_create();
  assert_non_null(g);
  dla_tensor x = dla_input(g, CHANNELS, 8, 8);
  x = dla_conv2d(g, "first", x, (dla_conv2d_options){.out_channels = 16, .kernel = 1});
  x = dla_relu(g, "relu", dla_batch_norm(g, "bn1", x));
  dla_tensor y = dla_conv2d(g, "second", x, (dla_conv2d_options){.out_channels = 16, .kernel = 1});
  x = dla_conv2d(g, "third", x, (dla_conv2d_options){.out_channels = 16, .kernel = 1});
  x = dla_add(g, "add", dla_batch_norm(g, "bn2", y), x);
  x = dla_avg_pool(g, "pool", x, 8, 0, 0);
  assert_int_equal(dla_graph_finish(g, dla_linear(g, "linear", x, CLASSES, true), &err), DLA_OK);
  return g;
}

/* A step and an evaluation, with that tuning table (NULL: none); the loss, and the table after. */
static float tuned_loss(const char *tuning, dla_strbuf *after, bool *changed)
{
  static const float images[2 * CHANNELS * 8 * 8] = {1, -2, 3};
  static const int32_t labels[2] = {0, 1};
  const dla_update_numbers sgd = sgd_update((sgd_numbers){.lr = 1e-2f});
  dla_result result;
  dla_error err = {0};
  dla_network *network = NULL;
  const dla_network_options options = {
      .backend = "onednn", .threads = 1, .batch = 2, .training = true, .tuning = tuning};
  if (dla_network_create(make_folded_graph(), &options, &network, &err)) fail_msg("%s", err.what);
  assert_int_equal(dla_network_initialise(network, 1, &err), DLA_OK);
  assert_int_equal(dla_network_train(network, images, labels, 2, &sgd, &result, &err), DLA_OK);
  assert_int_equal(dla_network_evaluate(network, images, labels, 2, NULL, &result, &err), DLA_OK);
  const dla_tuning *found = dla_network_tuning(network);
  if (found) dla_tuning_to_text(found, after);
  if (found) *changed = dla_tuning_changed(found);
  dla_network_free(network);
  return (float)result.loss;
}

static int lines_with(const char *text, const char *a, const char *b)
{
  int count = 0;
  for (const char *line = text, *end; (end = strchr(line, '\n')); line = end + 1) {
    const char *found = strstr(line, a), *also = strstr(line, b);
    count += found && found < end && also && also < end;
  }
  return count;
}

static void autotune_times_folded_convolutions(void **state)
{
  (void)state;
  dla_strbuf found = {0}, again = {0};
  bool changed = false;
  if (!dla_backend_find("onednn")) skip();
  float plain = tuned_loss(NULL, NULL, NULL), tuned = tuned_loss("", &found, &changed);
  assert_false(found.failed);
  assert_true(tuned > plain - 1e-5f && tuned < plain + 1e-5f);
  /* Each of the shapes, without a bias in training; none where oneDNN has but one implementation.
   */
  int shapes = lines_with(dla_strbuf_text(&found), "forward", " p0\t");
  assert_true(changed == (shapes > 0));
  assert_int_equal(lines_with(dla_strbuf_text(&found), " bias", " inference\t"), shapes);
  float known = tuned_loss(dla_strbuf_text(&found), &again, &changed);
  assert_false(changed);
  assert_true(known == tuned);
  assert_string_equal(dla_strbuf_text(&again), dla_strbuf_text(&found));
  dla_strbuf_free(&found);
  dla_strbuf_free(&again);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(dead_layers_keep_their_parameters),
      cmocka_unit_test(one_value_is_not_normalised),
      cmocka_unit_test(autotune_times_folded_convolutions),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
