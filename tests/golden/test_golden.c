/* SimpleDLA against PyTorch, number by number: see make.py. The same weights and batch must give
 * the same loss, gradient of every tensor, running statistics and logits. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "../ops/sgd.h"
#include "dla/backend.h"
#include "dla/network.h"
#include "fixed.h"
#include "model/models.h"

/* The golden numbers are float64's; beside each stands how far PyTorch's own float32 is from it. No
 * ReLU is near enough to zero to flip, so we may be off as far, times this for other orders of
 * adding, and a floor, relative to a tensor's norm, for what Winograd's transforms round. */
/* The loss's floor: test_ops.c finds Winograd's layers up to 2.6e-6 off for each two of them
 * (relative, root mean square; docs/performance.md). SimpleDLA has some 23 times two, whose errors
 * add like independent ones: 2.6e-6 sqrt(23) = 1.25e-5 of the logits. Those of an image have a norm
 * of 0.98, and the loss changes by |p - label| = 0.95 times their error: 1.2e-5 for an image, over
 * sqrt(8) for the mean of 8 images: 4.1e-6. Allowed are two and a half times that. */
static const double slack = 4, floor_of_loss = 1e-5, floor_of_tensor = 1e-4;

enum { PROJECTIONS = 3, TEST_IMAGES = 4, CLASSES = 10 };

typedef struct fixture {
  dla_network *network;
  FILE *golden;
} fixture;

/* make.py's set_weights(), for one parameter. */
static void set_weight(const dla_parameter_info *info, float *w, size_t count)
{
  float scale = 1 / sqrtf((float)count / (float)info->shape.dim[0]);
  bool weight = strcmp(info->name + strlen(info->name) - 6, "weight") == 0;
  fixed_numbers(info->name, w, count);
  for (size_t i = 0; i < count; i++)
    w[i] = info->shape.rank > 1 ? (2 * w[i] - 1) * scale : weight ? 0.5f + w[i] : w[i] - 0.5f;
}

static int parameter_named(const fixture *f, const char *name)
{
  int k = 0;
  while (strcmp(dla_network_parameter(f->network, k).name, name) != 0)
    assert_true(++k < dla_network_parameter_count(f->network));
  return k;
}

static void set_weights(dla_network *network)
{
  dla_error err = {0};
  for (int k = 0; k < dla_network_parameter_count(network); k++) {
    dla_parameter_info info = dla_network_parameter(network, k);
    if (!info.trainable) continue;
    size_t count = (size_t)dla_shape_count(&info.shape);
    float *w = malloc(count * sizeof *w);
    assert_non_null(w);
    set_weight(&info, w, count);
    /* A batch norm's bias is zero or one of the file's; only the linear layer has another. */
    if (strstr(info.name, ".bias") && strcmp(info.name, "linear.bias") != 0)
      memset(w, 0, count * sizeof *w);
    assert_int_equal(dla_network_write(network, k, DLA_PARAMETER_VALUE, w, &err), DLA_OK);
    free(w);
  }
}

/* The biases that keep the ReLUs' inputs away from zero, in steps of make.py's grid. */
static void read_biases(fixture *f)
{
  char name[128];
  dla_error err = {0};
  while (fscanf(f->golden, " shift %127s", name) == 1) {
    int k = parameter_named(f, name);
    float bias[512];
    const dla_shape shape = dla_network_parameter(f->network, k).shape;
    int64_t count = dla_shape_count(&shape);
    assert_true(count <= 512);
    for (int64_t i = 0; i < count; i++) {
      int steps = 0;
      assert_int_equal(fscanf(f->golden, "%d", &steps), 1);
      bias[i] = (float)steps / 4096;
    }
    assert_int_equal(dla_network_write(f->network, k, DLA_PARAMETER_VALUE, bias, &err), DLA_OK);
  }
}

static void setup(fixture *f, const char *backend, int batch)
{
  dla_error err = {0};
  char path[4096];
  snprintf(path, sizeof path, "%s/tests/golden/simple_dla.txt", getenv("DLA_SRCDIR"));
  f->golden = fopen(path, "r");
  dla_graph *graph = NULL;
  const dla_shape image = DLA_SHAPE3(3, 32, 32);
  assert_non_null(f->golden);
  assert_int_equal(dla_model_create("simple_dla", &image,
                                    &(dla_model_options){.classes = 10, .width = 1}, &graph, &err),
                   DLA_OK);
  long long count = 0;
  assert_int_equal(fscanf(f->golden, "parameters %lld", &count), 1);
  assert_int_equal(dla_graph_parameter_count(graph), count);
  const dla_network_options options = {
      .backend = backend, .threads = 2, .training = true, .batch = batch};
  assert_int_equal(dla_network_create(graph, &options, &f->network, &err), DLA_OK);
  assert_int_equal(dla_network_initialise(f->network, 0, &err), DLA_OK);
  set_weights(f->network);
  read_biases(f);
}

static void teardown(fixture *f)
{
  dla_network_free(f->network);
  fclose(f->golden);
}

static void assert_near(const char *what, double ours, double golden, double allowed)
{
  if (!(fabs(ours - golden) <= allowed))
    fail_msg("%s: %.9g, but PyTorch has %.9g (allowed: %.3g)", what, ours, golden, allowed);
}

/* The momentum is the gradient after one step that began with none, without weight decay. */
static double train_step(fixture *f, int count)
{
  static float images[FIXED_MOST * 3072];
  int32_t labels[FIXED_MOST];
  fixed_batch(count, images, labels, count);
  const dla_update_numbers sgd = sgd_update((sgd_numbers){1e-3f, 0.9f, 0, false});
  dla_error err = {0};
  dla_result result;
  assert_int_equal(dla_network_train(f->network, images, labels, count, &sgd, &result, &err),
                   DLA_OK);
  return result.loss;
}

/* The product with the fixed vector number j. */
static double project(const float *w, size_t count, int j)
{
  char name[32];
  double sum = 0;
  float *v = malloc(count * sizeof *v);
  assert_non_null(v);
  snprintf(name, sizeof name, "projection%d", j);
  fixed_numbers(name, v, count);
  for (size_t i = 0; i < count; i++)
    sum += (2 * (double)v[i] - 1) * w[i];
  free(v);
  return sum;
}

/* golden: the norm and the projections, of the gradient or of the running statistics. */
static void tensor_agrees(fixture *f, const char *name, const double *golden, double deviation)
{
  int k = parameter_named(f, name);
  dla_error err = {0};
  dla_parameter_info info = dla_network_parameter(f->network, k);
  dla_parameter_array array = info.trainable ? DLA_PARAMETER_STATE : DLA_PARAMETER_VALUE;
  size_t count = (size_t)dla_shape_count(&info.shape);
  float *w = malloc(count * sizeof *w);
  assert_non_null(w);
  assert_int_equal(dla_network_read(f->network, k, array, w, &err), DLA_OK);
  double squares = 0;
  for (size_t i = 0; i < count; i++)
    squares += (double)w[i] * w[i];
  double allowed = (slack * deviation + floor_of_tensor) * golden[0];
  assert_near(name, sqrt(squares), golden[0], allowed);
  /* An error's projection on a random vector is about its norm times sqrt(1/3): four times that. */
  for (int j = 0; j < PROJECTIONS; j++)
    assert_near(name, project(w, count, j), golden[1 + j], 4 * sqrt(1. / 3) * allowed);
  free(w);
}

static void tensors_agree(fixture *f)
{
  char name[128];
  double golden[1 + PROJECTIONS], deviation;
  int compared = 0;
  while (fscanf(f->golden, " tensor %127s %lf %lf %lf %lf %lf", name, &golden[0], &golden[1],
                &golden[2], &golden[3], &deviation) == 6) {
    tensor_agrees(f, name, golden, deviation);
    compared++;
  }
  assert_int_equal(compared, dla_network_parameter_count(f->network));
}

/* With the weights and the statistics that the step left. */
static void logits_agree(fixture *f)
{
  static float images[TEST_IMAGES * 3072], logits[TEST_IMAGES * CLASSES];
  const int32_t labels[TEST_IMAGES] = {0};
  dla_error err = {0};
  dla_result result;
  fixed_images("images4", images, TEST_IMAGES);
  assert_int_equal(
      dla_network_evaluate(f->network, images, labels, TEST_IMAGES, logits, &result, &err), DLA_OK);
  for (int n = 0; n < TEST_IMAGES; n++) {
    double golden[CLASSES], deviation, largest = 0;
    /* fscanf() stopped within this word when it looked for the next tensor. */
    assert_int_equal(fscanf(f->golden, n ? " logits" : "logits"), 0);
    for (int c = 0; c < CLASSES; c++) {
      assert_int_equal(fscanf(f->golden, "%lf", &golden[c]), 1);
      largest = fmax(largest, fabs(golden[c]));
    }
    assert_int_equal(fscanf(f->golden, "%lf", &deviation), 1);
    for (int c = 0; c < CLASSES; c++)
      assert_near("logit", logits[CLASSES * n + c], golden[c],
                  slack * deviation + floor_of_tensor * largest);
  }
}

/* Goes on in the file behind what was read for the batch before. */
static void batch_agrees(const char *backend, int batch, long *place)
{
  fixture f = {0};
  int number = 0;
  double loss, deviation;
  print_message("%s, batch %d\n", backend, batch);
  setup(&f, backend, batch);
  if (*place) assert_int_equal(fseek(f.golden, *place, SEEK_SET), 0);
  assert_int_equal(fscanf(f.golden, " batch %d %lf %lf", &number, &loss, &deviation), 3);
  assert_int_equal(number, batch);
  assert_near("loss", train_step(&f, batch), loss, slack * deviation + floor_of_loss);
  tensors_agree(&f);
  logits_agree(&f);
  *place = ftell(f.golden);
  teardown(&f);
}

/* The reference only where there is no other: it takes minutes. */
static void backends_agree_with_pytorch(void **state)
{
  (void)state;
  for (int b = 0; dla_backend_at(b); b++) {
    if (b > 0 && strcmp(dla_backend_at(b)->name, "reference") == 0) continue;
    /* On a processor it would take minutes; tests/cli/opencl-train.sh has a smaller network. */
    if (strcmp(dla_backend_at(b)->name, "opencl") == 0) continue;
    long place = 0;
    batch_agrees(dla_backend_at(b)->name, 8, &place);
#ifndef __SANITIZE_ADDRESS__ /* to which it is the same once more */
    batch_agrees(dla_backend_at(b)->name, 16, &place);
#endif
  }
}

int main(void)
{
  const struct CMUnitTest tests[] = {cmocka_unit_test(backends_agree_with_pytorch)};
  return cmocka_run_group_tests(tests, NULL, NULL);
}
