/* SimpleDLA against PyTorch, number by number: see make.py. The same weights and batches must give
 * the same losses, the same change of every tensor and the same logits. */
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
#include "fixed.h"
#include "model/models.h"

/* The golden numbers are float64's; beside each stands how far PyTorch's own float32 is from it: a
 * ReLU that flips near zero is amplified by every step. We may be off as far, times this, and a
 * floor. */
static const double slack = 4, floor_of_loss = 1e-6, floor_of_change = 1e-3, floor_of_logit = 1e-3;

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
    assert_int_equal(dla_network_write(network, k, DLA_PARAMETER_VALUE, w, &err), DLA_OK);
    free(w);
  }
}

static void setup(fixture *f, const char *backend)
{
  dla_error err = {0};
  char path[4096];
  snprintf(path, sizeof path, "%s/tests/golden/simple_dla.txt", getenv("DLA_SRCDIR"));
  f->golden = fopen(path, "r");
  dla_graph *graph = NULL;
  const dla_shape image = DLA_SHAPE3(3, 32, 32);
  assert_non_null(f->golden);
  assert_int_equal(dla_model_create("simple_dla", &image, 10, &graph, &err), DLA_OK);
  long long count = 0;
  assert_int_equal(fscanf(f->golden, "parameters %lld", &count), 1);
  assert_int_equal(dla_graph_parameter_count(graph), count);
  const dla_network_options options = {
      .backend = backend, .threads = 2, .training = true, .batch = 8};
  assert_int_equal(dla_network_create(graph, &options, &f->network, &err), DLA_OK);
  assert_int_equal(dla_network_initialise(f->network, 0, &err), DLA_OK);
  set_weights(f->network);
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

static double train_step(fixture *f, int step, int count, double lr)
{
  static float images[8 * 3072];
  int32_t labels[8];
  fixed_batch(step, images, labels, count);
  const dla_sgd sgd = {(float)lr, 0.9f, 0.05f, false};
  dla_error err = {0};
  dla_result result;
  assert_int_equal(dla_network_train(f->network, images, labels, count, &sgd, &result, &err),
                   DLA_OK);
  return result.loss;
}

static void losses_agree(fixture *f)
{
  double worst = 0;
  for (int step = 0; step < 10; step++) {
    int number = -1;
    double lr, loss, deviation;
    assert_int_equal(fscanf(f->golden, " step %d %lf %lf %lf", &number, &lr, &loss, &deviation), 4);
    assert_int_equal(number, step);
    if (deviation > worst) worst = deviation;
    double ours = train_step(f, step, step < 9 ? 8 : 5, lr);
    print_message("step %d: loss %.7f, PyTorch %.7f\n", step, ours, loss);
    assert_near("loss", ours, loss, slack * worst + floor_of_loss);
  }
}

/* The parameter as it started: what set_weights() and the initialisation made it. */
static void starting_values(const dla_parameter_info *info, float *w, size_t count)
{
  size_t length = strlen(info->name);
  if (info->trainable) {
    set_weight(info, w, count);
    return;
  }
  bool variance = strcmp(info->name + length - 3, "var") == 0;
  for (size_t i = 0; i < count; i++)
    w[i] = variance ? 1 : 0;
}

static void tensor_agrees(fixture *f, const char *name, double sum, double norm, double deviation)
{
  int k = 0;
  dla_error err = {0};
  while (strcmp(dla_network_parameter(f->network, k).name, name) != 0)
    assert_true(++k < dla_network_parameter_count(f->network));
  dla_parameter_info info = dla_network_parameter(f->network, k);
  size_t count = (size_t)dla_shape_count(&info.shape);
  float *w = malloc(count * sizeof *w), *start = malloc(count * sizeof *start);
  assert_true(w && start);
  assert_int_equal(dla_network_read(f->network, k, DLA_PARAMETER_VALUE, w, &err), DLA_OK);
  starting_values(&info, start, count);
  double ours = 0, squares = 0;
  for (size_t i = 0; i < count; i++) {
    double change = (double)w[i] - start[i];
    ours += change;
    squares += change * change;
  }
  /* By the triangle inequality, and Cauchy and Schwarz, this is what a deviation of the whole
   * tensor allows of its norm and its sum. */
  double allowed = (slack * deviation + floor_of_change) * norm;
  assert_near(name, sqrt(squares), norm, allowed);
  assert_near(name, ours, sum, allowed * sqrt((double)count));
  free(w);
  free(start);
}

static void changes_agree(fixture *f)
{
  char name[128];
  double sum, norm, deviation;
  int compared = 0;
  while (fscanf(f->golden, " tensor %127s %lf %lf %lf", name, &sum, &norm, &deviation) == 4) {
    tensor_agrees(f, name, sum, norm, deviation);
    compared++;
  }
  assert_int_equal(compared, dla_network_parameter_count(f->network));
}

static void logits_agree(fixture *f)
{
  static float images[4 * 3072], logits[40];
  const int32_t labels[4] = {0};
  dla_error err = {0};
  dla_result result;
  fixed_images("test", images, 4);
  assert_int_equal(dla_network_evaluate(f->network, images, labels, 4, logits, &result, &err),
                   DLA_OK);
  for (int n = 0; n < 4; n++) {
    double golden[10], deviation;
    /* fscanf() stopped within this word when it looked for the next tensor. */
    assert_int_equal(fscanf(f->golden, n ? " logits" : "logits"), 0);
    for (int c = 0; c < 10; c++)
      assert_int_equal(fscanf(f->golden, "%lf", &golden[c]), 1);
    assert_int_equal(fscanf(f->golden, "%lf", &deviation), 1);
    for (int c = 0; c < 10; c++)
      assert_near("logit", logits[10 * n + c], golden[c], slack * deviation + floor_of_logit);
  }
}

/* The reference only where there is no other: it takes minutes. */
static void backends_agree_with_pytorch(void **state)
{
  (void)state;
  for (int b = 0; dla_backend_at(b); b++) {
    if (b > 0 && strcmp(dla_backend_at(b)->name, "reference") == 0) continue;
    /* On a processor it would take minutes; tests/cli/opencl-train.sh has a smaller network. */
    if (strcmp(dla_backend_at(b)->name, "opencl") == 0) continue;
    fixture f = {0};
    print_message("%s\n", dla_backend_at(b)->name);
    setup(&f, dla_backend_at(b)->name);
    losses_agree(&f);
    changes_agree(&f);
    logits_agree(&f);
    teardown(&f);
  }
}

int main(void)
{
  const struct CMUnitTest tests[] = {cmocka_unit_test(backends_agree_with_pytorch)};
  return cmocka_run_group_tests(tests, NULL, NULL);
}
