/* What the gradients do not show: running statistics, inference, what padding counts in a pool, the
 * number of right predictions. Each is computed here a second time, from its definition in
 * PyTorch's documentation, for every backend. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <math.h>

#include <cmocka.h>

#include "harness.h"
#include "kernels/leaf.h"
#include "problem.h"

enum { CHANNELS = 3, PIXELS = 20, BATCH = 2, FEATURES = CHANNELS * PIXELS, CLASSES = 7 };
#define IMAGE "mb2 in3x4x5"

typedef struct fixture {
  harness h;
  dla_graph *graph;
} fixture;

static void open_fixture_in(fixture *f, const char *problem, const dla_backend *backend,
                            harness_options options)
{
  dla_error err = {0};
  options.share = true;
  f->graph = problem_graph(problem, &options.batch, &err);
  if (!f->graph) fail_msg("%s: %s", err.where, err.what);
  if (harness_open(&f->h, f->graph, backend, options, &err))
    fail_msg("%s: %s: %s", backend->name, err.where, err.what);
}

static void open_fixture(fixture *f, const char *problem, const dla_backend *backend, dla_mode mode)
{
  open_fixture_in(f, problem, backend, (harness_options){.mode = mode});
}

static void close_fixture(fixture *f)
{
  harness_close(&f->h);
  dla_graph_free(f->graph);
}

static void run(fixture *f, unsigned passes)
{
  dla_error err = {0};
  if (harness_run(&f->h, passes, &err)) fail_msg("%s: %s", err.where, err.what);
}

/* A whole parameter by its name. */
static void get(fixture *f, const char *name, float *plain)
{
  dla_error err = {0};
  for (int p = 0; p < f->graph->parameter_count; p++) {
    const dla_parameter *parameter = &f->graph->parameter[p];
    if (strcmp(parameter->name, name) != 0) continue;
    dla_value_kind kind = parameter->trainable ? DLA_VALUE_PARAMETER : DLA_VALUE_STATE;
    assert_int_equal(harness_read(&f->h, kind, p, plain, &err), DLA_OK);
    return;
  }
  fail_msg("no parameter %s", name);
}

/* The logits are what the classifier makes of these features. */
static void assert_classified(fixture *f, const double *features, int count)
{
  static float weight[CLASSES * FEATURES], bias[CLASSES];
  float *logits = harness_elements(&f->h, &f->h.program->value[f->h.program->logits]);
  assert_true(count <= FEATURES);
  get(f, "classifier.weight", weight);
  get(f, "classifier.bias", bias);
  for (int n = 0; n < BATCH; n++)
    for (int k = 0; k < CLASSES; k++) {
      double sum = bias[k];
      for (int i = 0; i < count; i++)
        sum += weight[k * count + i] * features[n * count + i];
      assert_true(fabs(sum - logits[n * CLASSES + k]) < 1e-5);
    }
  free(logits);
}

/* The image is the harness's pattern, and remains so as long as nothing overwrites its memory. */
static double image(int n, int c, int pixel)
{
  return harness_pattern("input", (size_t)((n * CHANNELS + c) * PIXELS + pixel));
}

static void check_running_statistics(const dla_backend *backend)
{
  fixture f;
  float mean[2][CHANNELS], variance[2][CHANNELS];
  open_fixture(&f, IMAGE " bn", backend, DLA_MODE_TRAINING);
  get(&f, "2.running_mean", mean[0]);
  get(&f, "2.running_var", variance[0]);
  run(&f, HARNESS_FORWARD);
  get(&f, "2.running_mean", mean[1]);
  get(&f, "2.running_var", variance[1]);
  for (int c = 0; c < CHANNELS; c++) {
    double sum = 0, squares = 0;
    for (int i = 0; i < BATCH * PIXELS; i++)
      sum += image(i / PIXELS, c, i % PIXELS);
    double batch_mean = sum / (BATCH * PIXELS);
    for (int i = 0; i < BATCH * PIXELS; i++)
      squares += pow(image(i / PIXELS, c, i % PIXELS) - batch_mean, 2);
    double unbiased = squares / (BATCH * PIXELS - 1);
    assert_true(fabs(0.9 * mean[0][c] + 0.1 * batch_mean - mean[1][c]) < 1e-6);
    assert_true(fabs(0.9 * variance[0][c] + 0.1 * unbiased - variance[1][c]) < 1e-6);
  }
  close_fixture(&f);
}

static void check_inference(const dla_backend *backend)
{
  fixture f;
  float mean[CHANNELS], variance[CHANNELS], weight[CHANNELS], bias[CHANNELS];
  static double features[BATCH * FEATURES];
  open_fixture(&f, IMAGE " bn", backend, DLA_MODE_INFERENCE);
  get(&f, "2.running_mean", mean);
  get(&f, "2.running_var", variance);
  get(&f, "2.weight", weight);
  get(&f, "2.bias", bias);
  run(&f, HARNESS_FORWARD);
  for (int i = 0; i < BATCH * FEATURES; i++) {
    int c = i / PIXELS % CHANNELS;
    double x = image(i / FEATURES, c, i % PIXELS);
    features[i] = (x - mean[c]) / sqrt(variance[c] + 1e-5) * weight[c] + bias[c];
  }
  assert_classified(&f, features, FEATURES);
  close_fixture(&f);
}

/* {4, 5}, kernel 3, stride 2, padding 1: {2, 3}. */
static double pooled(int n, int c, int y, int x, bool largest)
{
  double sum = 0, most = -INFINITY;
  for (int row = 2 * y - 1; row < 2 * y + 2; row++)
    for (int column = 2 * x - 1; column < 2 * x + 2; column++) {
      if (row < 0 || row >= 4 || column < 0 || column >= 5) continue;
      double value = image(n, c, row * 5 + column);
      sum += value;
      if (value > most) most = value;
    }
  return largest ? most : sum / 9;
}

static void check_pool(const dla_backend *backend, const char *problem, bool largest, dla_mode mode)
{
  enum { POOLED = CHANNELS * 6 };
  fixture f;
  double features[BATCH * POOLED];
  open_fixture(&f, problem, backend, mode);
  run(&f, HARNESS_FORWARD);
  for (int i = 0; i < BATCH * POOLED; i++)
    features[i] = pooled(i / POOLED, i / 6 % CHANNELS, i % 6 / 3, i % 3, largest);
  assert_classified(&f, features, POOLED);
  close_fixture(&f);
}

/* {4, 5}, kernel 2, dilation 3, padding 1: {3, 4}. Channel o's weight [i][u][v]. */
static double convolved(const float *weight, int n, int o, int y, int x)
{
  double sum = 0;
  for (int i = 0; i < CHANNELS; i++)
    for (int u = 0; u < 2; u++)
      for (int v = 0; v < 2; v++) {
        int row = y - 1 + 3 * u, column = x - 1 + 3 * v;
        if (row < 0 || row >= 4 || column < 0 || column >= 5) continue;
        sum += (double)weight[((o * CHANNELS + i) * 2 + u) * 2 + v] * image(n, i, row * 5 + column);
      }
  return sum;
}

static void check_dilation(const dla_backend *backend)
{
  enum { OUT = 2, CONVOLVED = OUT * 12 };
  fixture f;
  float weight[OUT * CHANNELS * 4];
  double features[BATCH * CONVOLVED];
  open_fixture(&f, IMAGE " conv:oc2k2p1d3", backend, DLA_MODE_TRAINING);
  get(&f, "2.weight", weight);
  run(&f, HARNESS_FORWARD);
  for (int i = 0; i < BATCH * CONVOLVED; i++)
    features[i] = convolved(weight, i / CONVOLVED, i / 12 % OUT, i % 12 / 4, i % 4);
  assert_classified(&f, features, CONVOLVED);
  close_fixture(&f);
}

/* Enough samples that some are right. The labels survive: nothing is planned over them later. */
static void check_loss(const dla_backend *backend)
{
  fixture f;
  open_fixture(&f, "mb40 in3x4x5", backend, DLA_MODE_INFERENCE);
  run(&f, HARNESS_FORWARD);
  const dla_program *program = f.h.program;
  float *loss = harness_elements(&f.h, &program->value[program->loss]);
  float *logits = harness_elements(&f.h, &program->value[program->logits]);
  int32_t *labels = harness_elements(&f.h, &program->value[program->labels]);
  int right = 0;
  for (int n = 0; n < 40; n++) {
    const float *row = logits + (size_t)n * CLASSES;
    bool beaten = false;
    for (int k = 0; k < CLASSES; k++)
      beaten |= row[k] > row[labels[n]];
    right += !beaten;
  }
  assert_in_range(right, 1, 39); /* or it shows nothing */
  assert_int_equal((int)loss[1], right);
  assert_true(fabs(harness_loss(&f.h) - loss[0]) < 1e-6);
  free(loss);
  free(logits);
  free(labels);
  close_fixture(&f);
}

static void running_statistics_are_pytorchs(void **state)
{
  (void)state;
  for (int b = 0; dla_backend_at(b); b++)
    check_running_statistics(dla_backend_at(b));
}

static void inference_uses_running_statistics(void **state)
{
  (void)state;
  for (int b = 0; dla_backend_at(b); b++)
    check_inference(dla_backend_at(b));
}

static void pools_treat_padding_as_pytorch(void **state)
{
  (void)state;
  for (int b = 0; dla_backend_at(b); b++)
    for (int mode = 0; mode < 2; mode++) {
      dla_mode m = mode ? DLA_MODE_INFERENCE : DLA_MODE_TRAINING;
      check_pool(dla_backend_at(b), IMAGE " avg:k3s2p1", false, m);
      check_pool(dla_backend_at(b), IMAGE " max:k3s2p1", true, m);
    }
}

static void dilation_is_pytorchs(void **state)
{
  (void)state;
  for (int b = 0; dla_backend_at(b); b++)
    check_dilation(dla_backend_at(b));
}

static void loss_counts_right_predictions(void **state)
{
  (void)state;
  for (int b = 0; dla_backend_at(b); b++)
    check_loss(dla_backend_at(b));
}

/* The op tests say nothing of an instruction set whose kernels they do not run. */
static void check_instruction_set(const dla_backend *backend, const char *isa, bool bf16)
{
  fixture f;
  open_fixture_in(&f, "mb16 in3x8x8 conv:oc16k1 conv:oc16k3p1 conv:oc16k1", backend,
                  (harness_options){.mode = DLA_MODE_TRAINING, .bf16 = bf16});
  int own = 0;
  for (int i = 0; i < f.h.program->instruction_count; i++) {
    const char *name = backend->implementation(f.h.plan, i), *kernel = strchr(name, ':');
    if (strncmp(name, "winograd:", 9) != 0 && strncmp(name, "pointwise:", 10) != 0) continue;
    own++;
    if (strncmp(kernel + 1, isa, strlen(isa)) != 0 ||
        (kernel[1 + strlen(isa)] && strcmp(kernel + 1 + strlen(isa), ", bf16") != 0))
      fail_msg("%s computes with %s, but %s is asked for", backend->name, name, isa);
  }
  if (!own) fail_msg("%s: no convolution of our own", backend->name);
  close_fixture(&f);
}

static void kernels_are_those_of_the_instruction_set(void **state)
{
  (void)state;
  static const char *const backends[] = {"onednn", "openblas"};
  dla_isa isa = DLA_ISA_GENERIC;
  dla_error err = {0};
  assert_int_equal(dla_isa_choose(&isa, &err), DLA_OK);
  for (size_t b = 0; b < sizeof backends / sizeof *backends; b++)
    for (int bf16 = 0; bf16 < 2; bf16++)
      if (dla_backend_find(backends[b]))
        check_instruction_set(dla_backend_find(backends[b]),
                              dla_leaf(isa, bf16 ? DLA_BF16 : DLA_F32)->name, bf16);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(running_statistics_are_pytorchs),
      cmocka_unit_test(inference_uses_running_statistics),
      cmocka_unit_test(pools_treat_padding_as_pytorch),
      cmocka_unit_test(dilation_is_pytorchs),
      cmocka_unit_test(loss_counts_right_predictions),
      cmocka_unit_test(kernels_are_those_of_the_instruction_set),
  };
  return cmocka_run_group_tests(tests, NULL, harness_end);
}
