/* SimpleDLA against PyTorch, number by number: see make.py. The same weights and batches must give the
 * same losses, tensors and logits, to the tolerances below: the convolutions sum in another order
 * (and by Winograd), and ten steps on random labels amplify the last bits. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "dla/network.h"
#include "model/models.h"

/* Relative. Losses of the first steps show the forward and backward pass, the later ones and the
 * norms the optimizer and the running statistics. */
static const double first_loss_tolerance = 1e-5, loss_tolerance = 2e-3, norm_tolerance = 1e-3,
                    logits_tolerance = 2e-2;

typedef struct fixture {
  dla_network *network;
  FILE *golden;
} fixture;

/* make.py's fixed(). */
static void fixed(const char *name, float *out, size_t count)
{
  uint32_t seed = 0x811C9DC5u;
  for (; *name; name++)
    seed = (seed ^ (unsigned char)*name) * 0x01000193u;
  for (size_t i = 0; i < count; i++) {
    uint32_t x = (uint32_t)i + seed;
    x ^= x >> 16;
    x *= 0x7FEB352Du;
    x ^= x >> 15;
    x *= 0x846CA68Bu;
    x ^= x >> 16;
    out[i] = (float)(x >> 8) / (float)(1 << 24);
  }
}

static void set_weights(dla_network *network)
{
  dla_error err = {0};
  for (int k = 0; k < dla_network_parameter_count(network); k++) {
    dla_parameter_info info = dla_network_parameter(network, k);
    if (!info.trainable) continue;
    size_t count = (size_t)dla_shape_count(&info.shape), length = strlen(info.name);
    float *w = malloc(count * sizeof *w);
    assert_non_null(w);
    fixed(info.name, w, count);
    float scale = 1 / sqrtf((float)count / (float)info.shape.dim[0]);
    bool weight = strcmp(info.name + length - 6, "weight") == 0;
    for (size_t i = 0; i < count; i++)
      w[i] = info.shape.rank > 1 ? (2 * w[i] - 1) * scale : weight ? 0.5f + w[i] : w[i] - 0.5f;
    assert_int_equal(dla_network_write(network, k, DLA_PARAMETER_VALUE, w, &err), DLA_OK);
    free(w);
  }
}

static int setup(void **state)
{
  static fixture f;
  dla_error err = {0};
  char path[4096];
  snprintf(path, sizeof path, "%s/tests/golden/simple_dla.txt", getenv("DLA_SRCDIR"));
  f.golden = fopen(path, "r");
  dla_graph *graph = NULL;
  const dla_shape image = DLA_SHAPE3(3, 32, 32);
  if (!f.golden || dla_model_create("simple_dla", &image, 10, &graph, &err)) return -1;
  long long count = 0;
  if (fscanf(f.golden, "parameters %lld", &count) != 1 || dla_graph_parameter_count(graph) != count)
    return -1;
  const dla_network_options options = {.threads = 2, .training = true, .batch = 8};
  if (dla_network_create(graph, &options, &f.network, &err)) return -1;
  if (dla_network_initialise(f.network, 0, &err)) return -1;
  set_weights(f.network);
  *state = &f;
  return 0;
}

static int teardown(void **state)
{
  fixture *f = *state;
  dla_network_free(f->network);
  fclose(f->golden);
  return 0;
}

static void assert_near(const char *what, double ours, double golden, double scale, double tolerance)
{
  if (fabs(ours - golden) > tolerance * scale)
    fail_msg("%s: %.9g, but PyTorch has %.9g (allowed: %.3g)", what, ours, golden,
             tolerance * scale);
}

static void losses_agree(void **state)
{
  fixture *f = *state;
  for (int step = 0; step < 10; step++) {
    dla_error err = {0};
    int number = -1, count = step < 9 ? 8 : 5;
    double lr = 0, loss = 0;
    char name[32];
    static float images[8 * 3072], classes[8];
    int32_t labels[8];
    assert_int_equal(fscanf(f->golden, " step %d %lf %lf", &number, &lr, &loss), 3);
    snprintf(name, sizeof name, "images%d", step);
    fixed(name, images, (size_t)count * 3072);
    for (int i = 0; i < count * 3072; i++)
      images[i] = 4 * images[i] - 2;
    snprintf(name, sizeof name, "labels%d", step);
    fixed(name, classes, (size_t)count);
    for (int i = 0; i < count; i++)
      labels[i] = (int32_t)(classes[i] * 10);
    const dla_sgd sgd = {(float)lr, 0.9f, 5e-4f, false};
    dla_result result;
    assert_int_equal(dla_network_train(f->network, images, labels, count, &sgd, &result, &err),
                     DLA_OK);
    print_message("step %d: loss %.7f, PyTorch %.7f\n", step, result.loss, loss);
    snprintf(name, sizeof name, "loss of step %d", step);
    assert_near(name, result.loss, loss, loss, step < 2 ? first_loss_tolerance : loss_tolerance);
  }
}

static void tensors_agree(void **state)
{
  fixture *f = *state;
  char name[128];
  double sum, norm, first;
  int compared = 0;
  while (fscanf(f->golden, " tensor %127s %lf %lf %lf", name, &sum, &norm, &first) == 4) {
    int k = 0;
    dla_error err = {0};
    while (strcmp(dla_network_parameter(f->network, k).name, name) != 0)
      assert_true(++k < dla_network_parameter_count(f->network));
    dla_parameter_info info = dla_network_parameter(f->network, k);
    size_t count = (size_t)dla_shape_count(&info.shape);
    float *w = malloc(count * sizeof *w);
    assert_int_equal(dla_network_read(f->network, k, DLA_PARAMETER_VALUE, w, &err), DLA_OK);
    double ours = 0, squares = 0;
    for (size_t i = 0; i < count; i++) {
      ours += w[i];
      squares += (double)w[i] * w[i];
    }
    assert_near(name, sqrt(squares), norm, norm, norm_tolerance);
    assert_near(name, ours, sum, norm * sqrt((double)count), norm_tolerance);
    assert_near(name, w[0], first, norm / sqrt((double)count), 50 * norm_tolerance);
    free(w);
    compared++;
  }
  assert_int_equal(compared, dla_network_parameter_count(f->network));
}

static void logits_agree(void **state)
{
  fixture *f = *state;
  static float images[4 * 3072], logits[40];
  const int32_t labels[4] = {0};
  dla_error err = {0};
  dla_result result;
  fixed("test", images, 4 * 3072);
  for (int i = 0; i < 4 * 3072; i++)
    images[i] = 4 * images[i] - 2;
  assert_int_equal(dla_network_evaluate(f->network, images, labels, 4, logits, &result, &err),
                   DLA_OK);
  for (int n = 0; n < 4; n++) {
    char word[16];
    assert_int_equal(fscanf(f->golden, " %15s", word), 1);
    for (int c = 0; c < 10; c++) {
      double golden;
      assert_int_equal(fscanf(f->golden, "%lf", &golden), 1);
      assert_near("logit", logits[10 * n + c], golden, 1, logits_tolerance);
    }
  }
}

int main(void)
{
  const struct CMUnitTest tests[] = {cmocka_unit_test(losses_agree), cmocka_unit_test(tensors_agree),
                                     cmocka_unit_test(logits_agree)};
  return cmocka_run_group_tests(tests, setup, teardown);
}
