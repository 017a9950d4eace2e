/* What a network starts from, where its layers ask for it: filters that whiten the images, and
 * filters that hand their channel on. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "train/whiten.h"

enum { IMAGES = 300, SIDE = 8, KERNEL = 2, PATCH = KERNEL * KERNEL, FILTERS = 2 * PATCH + 1 };

static uint8_t pixels[IMAGES * SIDE * SIDE];
static int32_t labels[IMAGES];
static const dla_dataset dataset = {.count = IMAGES,
                                    .channels = 1,
                                    .height = SIDE,
                                    .width = SIDE,
                                    .classes = 2,
                                    .images = pixels,
                                    .labels = labels};
static const dla_loader_options options = {
    .channels = 1, .height = SIDE, .width = SIDE, .seed = 3, .mean = {0.5f}, .std = {0.25f}};

/* Neighbours are alike, as in pictures. */
static int fill_images(void **state)
{
  (void)state;
  uint32_t random = 1;
  int level = 128;
  for (size_t i = 0; i < sizeof pixels; i++) {
    random = random * 1664525 + 1013904223;
    level = (3 * level + (int)(random >> 24)) / 4;
    pixels[i] = (uint8_t)level;
  }
  return 0;
}

static dla_network *make_network(void)
{
  dla_error err = {0};
  dla_network *network = NULL;
  dla_graph *g = dla_graph_create();
  const dla_attribute first[] = {{"out_channels", FILTERS}, {"kernel", KERNEL}, {"whiten", 1}};
  const dla_attribute second[] = {
      {"out_channels", FILTERS + 2}, {"kernel", 3}, {"padding", 1}, {"dirac", 1}};
  dla_tensor x = dla_input(g, 1, SIDE, SIDE);
  x = dla_apply(g, "conv2d", "first", &x, 1, first, 3);
  x = dla_apply(g, "conv2d", "second", &x, 1, second, 4);
  assert_int_equal(dla_graph_finish(g, dla_linear(g, "linear", x, 2, true), &err), DLA_OK);
  const dla_network_options made = {.backend = "reference", .threads = 1, .batch = 1};
  assert_int_equal(dla_network_create(g, &made, &network, &err), DLA_OK);
  assert_int_equal(dla_network_initialise(network, 1, &err), DLA_OK);
  return network;
}

static double pixel(int image, int y, int x)
{
  return (pixels[(image * SIDE + y) * SIDE + x] / 255.0 - 0.5) / 0.25;
}

/* The mean product of two filters' outputs. */
static double covariance(const float *a, const float *b)
{
  double sum = 0;
  int count = 0;
  for (int n = 0; n < IMAGES; n++)
    for (int y = 0; y + KERNEL <= SIDE; y++)
      for (int x = 0; x + KERNEL <= SIDE; x++, count++) {
        double of_a = 0, of_b = 0;
        for (int k = 0; k < PATCH; k++) {
          const double p = pixel(n, y + k / KERNEL, x + k % KERNEL);
          of_a += a[k] * p;
          of_b += b[k] * p;
        }
        sum += of_a * of_b;
      }
  return sum / count;
}

static void outputs_of_the_first_layer_are_white(void **state)
{
  (void)state;
  dla_error err = {0};
  float drawn[FILTERS * PATCH], w[FILTERS * PATCH];
  dla_network *network = make_network();
  assert_int_equal(dla_network_read(network, 0, DLA_PARAMETER_VALUE, drawn, &err), DLA_OK);
  assert_int_equal(dla_whiten(network, &dataset, &options, &err), DLA_OK);
  assert_int_equal(dla_network_read(network, 0, DLA_PARAMETER_VALUE, w, &err), DLA_OK);
  double norm = 0;
  for (int i = 0; i < PATCH; i++) {
    const float *filter = w + 2 * i * PATCH;
    double length = 0;
    for (int k = 0; k < PATCH; k++) {
      length += filter[k] * filter[k];
      assert_true(filter[k] == -filter[PATCH + k]);
    }
    assert_true(length > norm); /* the eigenvalues fall */
    norm = length;
    for (int j = 0; j <= i; j++) /* less than one by the epsilon's share */
      assert_true(fabs(covariance(filter, w + 2 * j * PATCH) - (i == j)) < 0.02);
  }
  assert_memory_equal(w + (FILTERS - 1) * PATCH, drawn + (FILTERS - 1) * PATCH, PATCH * sizeof *w);
  dla_network_free(network);
}

static void the_second_layer_hands_its_channels_on(void **state)
{
  (void)state;
  enum { PLANE = 9 };
  static float w[(FILTERS + 2) * FILTERS * PLANE];
  dla_error err = {0};
  dla_network *network = make_network();
  assert_int_equal(dla_network_read(network, 1, DLA_PARAMETER_VALUE, w, &err), DLA_OK);
  for (int i = 0; i < FILTERS * FILTERS * PLANE; i++) {
    const int filter = i / (FILTERS * PLANE), channel = i / PLANE % FILTERS;
    assert_true(w[i] == (filter == channel && i % PLANE == PLANE / 2));
  }
  assert_true(w[FILTERS * FILTERS * PLANE] != 0); /* drawn */
  dla_network_free(network);
}

static void only_the_images_are_whitened(void **state)
{
  (void)state;
  dla_error err = {0};
  dla_graph *g = dla_graph_create();
  const dla_attribute whiten[] = {{"out_channels", 4}, {"kernel", 1}, {"whiten", 1}};
  dla_tensor x = dla_relu(g, "relu", dla_input(g, 1, SIDE, SIDE));
  x = dla_apply(g, "conv2d", "conv", &x, 1, whiten, 3);
  assert_int_equal(dla_graph_finish(g, dla_linear(g, "linear", x, 2, true), &err), DLA_E_INPUT);
  assert_string_equal(err.where, "conv");
  dla_graph_free(g);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(outputs_of_the_first_layer_are_white),
      cmocka_unit_test(the_second_layer_hands_its_channels_on),
      cmocka_unit_test(only_the_images_are_whitened),
  };
  return cmocka_run_group_tests(tests, fill_images, NULL);
}
