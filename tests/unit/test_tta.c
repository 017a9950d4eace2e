/* Test-time augmentation, against PyTorch 1.13 with infer_mirror() and infer_mirror_translate() of
 * airbench94's program on the same network and images. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "train/tta.h"

enum { IMAGES = 2, CHANNELS = 2, SIDE = 4, WIDTH = 4, CLASSES = 3 };

/* Numbers that are exact in binary, and have no symmetry. */
static void fill(float *values, int count, int step, int modulus, float unit)
{
  for (int i = 0; i < count; i++)
    values[i] = (float)(i * step % modulus - modulus / 2) * unit;
}

static void set(dla_network *network, const char *name, const float *values)
{
  dla_error err = {0};
  for (int i = 0; i < dla_network_parameter_count(network); i++)
    if (strcmp(dla_network_parameter(network, i).name, name) == 0) {
      assert_int_equal(dla_network_write(network, i, DLA_PARAMETER_VALUE, values, &err), DLA_OK);
      return;
    }
  fail_msg("no parameter %s", name);
}

static dla_network *make_network(void)
{
  const dla_conv2d_options whole = {.out_channels = WIDTH, .kernel = SIDE};
  const dla_network_options options = {.backend = "reference", .threads = 1, .batch = IMAGES};
  float conv[WIDTH * CHANNELS * SIDE * SIDE], linear[CLASSES * WIDTH];
  dla_error err = {0};
  dla_network *network = NULL;
  dla_graph *g = dla_graph_create();
  dla_tensor x = dla_conv2d(g, "conv", dla_input(g, CHANNELS, SIDE, SIDE), whole);
  x = dla_linear(g, "linear", dla_relu(g, "relu", x), CLASSES, true);
  assert_int_equal(dla_graph_finish(g, x, &err), DLA_OK);
  assert_int_equal(dla_network_create(g, &options, &network, &err), DLA_OK);
  fill(conv, WIDTH * CHANNELS * SIDE * SIDE, 7, 11, 1 / 16.0f);
  fill(linear, CLASSES * WIDTH, 5, 7, 1 / 8.0f);
  set(network, "conv.weight", conv);
  set(network, "linear.weight", linear);
  set(network, "linear.bias", (const float[]){0, 0.25f, 0.5f});
  return network;
}

static void logits_are_pytorchs(void **state)
{
  (void)state;
  static const int32_t labels[IMAGES] = {0, 2};
  static const struct {
    dla_tta tta;
    float logits[IMAGES * CLASSES];
    double loss;
  } golden[] = {
      {DLA_TTA_NONE,
       {-0.0234375f, 0.21484375f, 0.53515625f, 0.0498046875f, 0.40234375f, 0.556640625f},
       1.14526439},
      {DLA_TTA_MIRROR,
       {-0.35546875f, 0.339355469f, 0.825683594f, 0.0581054688f, 0.301269531f, 0.4453125f},
       1.38423479},
      {DLA_TTA_MULTI_CROP,
       {-0.152587891f, 0.300170898f, 0.647827148f, -0.0433349609f, 0.277709961f, 0.548339844f},
       1.20420039},
  };
  float images[IMAGES * CHANNELS * SIDE * SIDE], logits[IMAGES * CLASSES];
  const dla_batch batch = {
      .count = IMAGES, .counts = true, .total = IMAGES, .images = images, .labels = labels};
  dla_network *network = make_network();
  fill(images, IMAGES * CHANNELS * SIDE * SIDE, 13, 17, 1 / 8.0f);
  for (size_t k = 0; k < sizeof golden / sizeof *golden; k++) {
    double loss;
    dla_error err = {0};
    assert_int_equal(dla_tta_evaluate(network, golden[k].tta, &batch, logits, &loss, &err), DLA_OK);
    for (int i = 0; i < IMAGES * CLASSES; i++)
      assert_true(fabsf(logits[i] - golden[k].logits[i]) < 1e-6f);
    assert_true(fabs(loss - golden[k].loss) < 1e-6);
  }
  dla_network_free(network);
}

int main(void)
{
  const struct CMUnitTest tests[] = {cmocka_unit_test(logits_are_pytorchs)};
  return cmocka_run_group_tests(tests, NULL, NULL);
}
