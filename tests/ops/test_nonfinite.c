/* NaN and infinities go on as in PyTorch, through every op of every backend: a run that blew up
 * must not look healthy. One element of one image is such a number; the loss tells. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <math.h>

#include <cmocka.h>

#include "dla/backend.h"
#include "dla/network.h"
#include "problem.h"
#include "sgd.h"

/* The image is 3x8x8 in all. Batches of 16 take Winograd's algorithm; in evaluation, batch norms
 * are folded into the convolutions, with their ReLU. */
static const char *const problems[] = {
    "mb2 in3x8x8",
    "mb2 in3x8x8 relu",
    "mb2 in3x8x8 relu relu",
    "mb2 in3x8x8 max:k2s2",
    "mb2 in3x8x8 max:k3s2p1 relu",
    "mb2 in3x8x8 avg:k2s2 relu",
    "mb2 in3x8x8 dup add relu",
    "mb2 in3x8x8 bn",
    "mb2 in3x8x8 bn relu",
    "mb2 in3x8x8 dup bn add relu",
    "mb2 in3x8x8 conv:oc8k3p1 relu",
    "mb2 in3x8x8 conv:oc8k1 bn relu",
    "mb2 in3x8x8 conv:oc8k1 bn relu conv:oc8k1 bn relu",
    "mb2 in3x8x8 conv:oc8k1 bn relu conv:oc8k3p1 bn relu",
    "mb16 in3x8x8 conv:oc8k1 bn relu conv:oc16k3p1 bn relu",
    "mb16 in3x8x8 conv:oc8k1 bn relu conv:oc16k3s2p1 bn relu",
    "mb16 in3x8x8 conv:oc8k1 bn relu dup conv:oc8k3p1 bn add relu",
    "mb2 in3x8x8 lin:16 relu",
};

enum { IMAGE = 3 * 8 * 8, MOST = 16 };

/* Of all networks that are made from here on. */
static dla_precision precision;

/* The loss of a step or an evaluation where pixel 27 of the last image is `number`. The network
 * after it is the caller's. */
static double run(const char *text, const dla_backend *backend, bool training, float number,
                  dla_network **after)
{
  dla_error err = {0};
  int64_t batch = 0;
  dla_graph *graph = problem_graph(text, &batch, &err);
  if (!graph) fail_msg("%s: %s", err.where, err.what);
  assert_true(batch <= MOST);
  const dla_network_options options = {.backend = backend->name,
                                       .device = "0",
                                       .threads = 2,
                                       .training = training,
                                       .precision = precision,
                                       .batch = batch};
  dla_network *network = NULL;
  if (dla_network_create(graph, &options, &network, &err))
    fail_msg("%s: %s: %s", backend->name, err.where, err.what);
  assert_int_equal(dla_network_initialise(network, 1, &err), DLA_OK);
  static float images[MOST * IMAGE];
  const int32_t labels[MOST] = {0};
  for (int64_t i = 0; i < batch * IMAGE; i++)
    images[i] = (float)(i * 37 % 101) / 50 - 1;
  images[(batch - 1) * IMAGE + 27] = number;
  dla_result result = {0};
  const dla_update_numbers sgd = sgd_update((sgd_numbers){.lr = 0.01f});
  dla_status status =
      training ? dla_network_train(network, images, labels, batch, &sgd, &result, &err)
               : dla_network_evaluate(network, images, labels, batch, NULL, &result, &err);
  if (status) fail_msg("%s: %s: %s", text, err.where, err.what);
  *after = network;
  return result.loss;
}

static double loss_of(const char *text, const dla_backend *backend, bool training, float number)
{
  dla_network *network = NULL;
  double loss = run(text, backend, training, number, &network);
  dla_network_free(network);
  return loss;
}

static void for_all(void (*check)(const char *problem, const dla_backend *backend, bool training))
{
  for (int b = 0; dla_backend_at(b); b++)
    for (size_t p = 0; p < sizeof problems / sizeof *problems; p++)
      for (int training = 0; training < 2; training++)
        check(problems[p], dla_backend_at(b), training);
}

static void check_nan(const char *problem, const dla_backend *backend, bool training)
{
  double loss = loss_of(problem, backend, training, NAN);
  if (!isnan(loss))
    fail_msg("%s, %s, %s: the loss is %g", backend->name, problem,
             training ? "training" : "evaluation", loss);
}

static void a_nan_goes_on(void **state)
{
  (void)state;
  for_all(check_nan);
}

/* Each of the layer's outputs is NaN for the last image, so each of its biases gets a NaN for a
 * gradient, unless ReLU's backward pass takes NaN for what it has cut. */
static void check_bias(const dla_backend *backend)
{
  dla_error err = {0};
  dla_network *network = NULL;
  run("mb2 in3x8x8 lin:16 relu", backend, true, NAN, &network);
  int seen = 0;
  for (int i = 0; i < dla_network_parameter_count(network); i++) {
    dla_parameter_info info = dla_network_parameter(network, i);
    float bias[16] = {0};
    if (info.shape.rank != 1 || info.shape.dim[0] != 16) continue;
    assert_int_equal(dla_network_read(network, i, DLA_PARAMETER_VALUE, bias, &err), DLA_OK);
    for (int k = 0; k < 16; k++)
      if (!isnan(bias[k]))
        fail_msg("%s: %s[%d] is %g", backend->name, info.name, k, (double)bias[k]);
    seen++;
  }
  assert_int_equal(seen, 1);
  dla_network_free(network);
}

static void a_nan_goes_back_through_relu(void **state)
{
  (void)state;
  for (int b = 0; dla_backend_at(b); b++)
    check_bias(dla_backend_at(b));
}

static void an_infinity_goes_on(void **state)
{
  (void)state;
  for (int b = 0; dla_backend_at(b); b++)
    for (int training = 0; training < 2; training++) {
      assert_false(isfinite(loss_of("mb2 in3x8x8 relu", dla_backend_at(b), training, INFINITY)));
      assert_false(
          isfinite(loss_of("mb2 in3x8x8 max:k2s2", dla_backend_at(b), training, INFINITY)));
    }
}

/* relu(-inf) is 0, and a maximum that is larger stays. */
static void minus_infinity_is_cut(void **state)
{
  (void)state;
  static const char *const cut[] = {"mb2 in3x8x8 relu", "mb2 in3x8x8 max:k2s2",
                                    "mb2 in3x8x8 dup add relu"};
  for (int b = 0; dla_backend_at(b); b++)
    for (size_t p = 0; p < sizeof cut / sizeof *cut; p++)
      for (int training = 0; training < 2; training++) {
        double infinite = loss_of(cut[p], dla_backend_at(b), training, -INFINITY);
        double finite = loss_of(cut[p], dla_backend_at(b), training, -1e30f);
        assert_true(isfinite(infinite) && infinite == finite);
      }
}

static int use_bf16(void **state)
{
  (void)state;
  precision = DLA_PRECISION_BF16;
  return 0;
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(a_nan_goes_on), cmocka_unit_test(a_nan_goes_back_through_relu),
      cmocka_unit_test(an_infinity_goes_on), cmocka_unit_test(minus_infinity_is_cut)};
  const int failed = cmocka_run_group_tests_name("f32", tests, NULL, NULL);
  return failed + cmocka_run_group_tests_name("bf16", tests, use_bf16, NULL);
}
