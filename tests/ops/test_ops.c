/* Every op, by three comparisons over a table of problems:
 *   gradients: the reference backend's against central differences of its loss;
 *   rewrites:  the optimised graph against the plain one, and a shared arena against memory of each
 *              value's own, on the reference backend;
 *   backends:  every other backend of this build against the reference, in training (gradients and
 *              two steps of SGD) and inference.
 * The tolerances are of differences relative to the root mean square of each array. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <math.h>

#include <cmocka.h>

#include "kernels/leaf.h"
#include "problem.h"
#include "problems.h"
#include "result.h"
#include "sgd.h"

/* f32 sums of at most some thousand terms; Winograd's transforms lose about another digit (Lavin
 * and Gray, "Fast Algorithms for Convolutional Neural Networks", 2015, section 6). */
#define TOLERANCE          2e-5
#define TOLERANCE_WINOGRAD 1e-4
#define TOLERANCE_REWRITE  2e-5
/* Central differences: the logits are f32, so the loss is good to about 1e-7 and a small step is
 * noisy; within a large one ReLU and max_pool have kinks. A probe may choose among the steps. */
static const double steps[] = {4e-3, 1e-3, 2.5e-4, 6e-5};
#define TOLERANCE_GRADIENT 2e-2
#define MAX_PROBES         12 /* single elements of a parameter */

static int failures;

/* What is being computed, so that a crash says where. */
static struct {
  const char *problem, *backend;
} under_way;

static int say_where_it_ended(void **state)
{
  (void)state;
  if (under_way.problem)
    print_error("%s: ended the test on %s\n", under_way.problem, under_way.backend);
  under_way.problem = NULL;
  return 0;
}

/* Sanitizers look at memory: every way through the code once is enough, and slow. */
#ifdef __SANITIZE_ADDRESS__
static const bool is_sanitized = true;
#else
static const bool is_sanitized = false;
#endif

/* `make check-isa-short` repeats this for each lower instruction set, and wants no more than what
 * depends on it. The reference and OpenCL have kernels of their own, which do not. */
static bool only_instruction_set(void)
{
  const char *only = getenv("DLA_TEST_ISA_ONLY");
  return only && *only;
}

static bool is_wanted(const dla_backend *backend)
{
  return !only_instruction_set() ||
         (strcmp(backend->name, "reference") != 0 && strcmp(backend->name, "opencl") != 0);
}

static void check(bool ok, const char *problem, const char *what, const char *where, double value)
{
  if (ok) return;
  failures++;
  print_error("%s: %s: %s: %g\n", problem, what, where, value);
}

static void check_status(dla_status status, const char *problem, const dla_error *err)
{
  if (status) check(false, problem, err->where, err->what, status);
}

static dla_graph *make_graph(const char *problem, bool optimise, int64_t *batch)
{
  dla_error err = {0};
  dla_graph *graph = problem_graph(problem, batch, &err);
  if (!graph) fail_msg("%s: %s: %s", problem, err.where, err.what);
  if (optimise) dla_graph_optimise(graph);
  return graph;
}

/* One forward and backward pass, and `updates` steps of SGD after as many. */
static result compute(const char *problem, bool optimise, const dla_backend *backend,
                      harness_options options, int updates)
{
  result r = {0};
  harness h;
  dla_error err = {0};
  under_way.problem = problem, under_way.backend = backend->name;
  dla_graph *graph = make_graph(problem, optimise, &options.batch);
  dla_status status = harness_open(&h, graph, backend, options, &err);
  for (int i = 0; !status && i < updates; i++)
    status = harness_run(&h, HARNESS_GRADIENTS | HARNESS_UPDATE, &err);
  if (!status) status = harness_run(&h, HARNESS_GRADIENTS, &err);
  if (!status) status = result_collect(&r, &h, &err);
  check_status(status, problem, &err);
  harness_close(&h);
  dla_graph_free(graph);
  under_way.problem = NULL;
  return r;
}

/* `actual`, the backend's, is freed. */
static void compare(const char *problem, const dla_backend *backend, const char *what,
                    const result *expected, result actual, double tolerance)
{
  const char *where;
  char text[64];
  double difference = result_difference(expected, &actual, &where);
  snprintf(text, sizeof text, "%s, %s", backend->name, what);
  check(difference <= tolerance, problem, text, where, difference);
  result_free(&actual);
}

/* ---- gradients ---------------------------------------------------------------------------------
 */

/* The loss's central difference along a direction. */
static double slope(harness *h, const segment *value, int parameter, const float *direction,
                    double step)
{
  double loss[2] = {0};
  dla_error err = {0};
  float *moved = harness_memory(value->count * sizeof *moved, 0);
  for (int side = 0; side < 2; side++) {
    for (size_t i = 0; i < value->count; i++)
      moved[i] = value->data[i] + (float)((side ? step : -step) * direction[i]);
    assert_int_equal(harness_write(h, DLA_VALUE_PARAMETER, parameter, moved, &err), DLA_OK);
    assert_int_equal(harness_run(h, HARNESS_FORWARD, &err), DLA_OK);
    loss[side] = harness_loss(h);
  }
  assert_int_equal(harness_write(h, DLA_VALUE_PARAMETER, parameter, value->data, &err), DLA_OK);
  free(moved);
  return (loss[1] - loss[0]) / (2 * step);
}

/* How far the slope is from `expected`: by the first step that is within the tolerance, or the
 * closest. */
static double slope_error(harness *h, const segment *value, int parameter, const float *direction,
                          double expected, double tolerance)
{
  double least = INFINITY;
  for (size_t i = 0; i < sizeof steps / sizeof *steps && least > tolerance; i++) {
    double error = fabs(slope(h, value, parameter, direction, steps[i]) - expected);
    if (error < least) least = error;
  }
  return least;
}

/* Some single elements, then the gradient's own direction, which sees all of them. */
static void probe_parameter(harness *h, const char *problem, const segment *value,
                            const segment *gradient, int parameter)
{
  size_t count = value->count, stride = count / MAX_PROBES + 1;
  double rms = root_mean_square(gradient->data, count), length = rms * sqrt((double)count);
  double tolerance = TOLERANCE_GRADIENT * rms + 5e-5;
  float *direction = harness_memory(count * sizeof *direction, 0);
  for (size_t i = 0; i < count; i += stride) {
    direction[i] = 1;
    double error = slope_error(h, value, parameter, direction, gradient->data[i], tolerance);
    check(error <= tolerance, problem, "element", gradient->name, error / rms);
    direction[i] = 0;
  }
  for (size_t i = 0; length > 0 && i < count; i++)
    direction[i] = (float)(gradient->data[i] / length);
  tolerance = TOLERANCE_GRADIENT * length + 5e-5;
  double error = slope_error(h, value, parameter, direction, length, tolerance);
  check(error <= tolerance, problem, "direction", gradient->name, error / length);
  free(direction);
}

static void probe_problem(const char *problem, bool optimise)
{
  harness h;
  result r = {0};
  dla_error err = {0};
  harness_options options = {.mode = DLA_MODE_TRAINING};
  under_way.problem = problem, under_way.backend = "reference";
  dla_graph *graph = make_graph(problem, optimise, &options.batch);
  dla_status status = harness_open(&h, graph, dla_backend_find("reference"), options, &err);
  if (!status) status = harness_run(&h, HARNESS_GRADIENTS, &err);
  if (!status) status = result_collect(&r, &h, &err);
  check_status(status, problem, &err);
  int at = 2; /* behind loss and logits */
  for (int p = 0; !status && p < graph->parameter_count; p++) {
    if (graph->parameter[p].trainable)
      probe_parameter(&h, problem, &r.segment[at], &r.segment[at + 1], p);
    at += graph->parameter[p].trainable ? 2 : 1;
  }
  if (!status) check(fabs(harness_loss(&h) - r.segment[0].data[0]) < 1e-2, problem, "loss", "", 0);
  result_free(&r);
  harness_close(&h);
  dla_graph_free(graph);
  under_way.problem = NULL;
}

static void every_op_has_a_problem(void **state)
{
  (void)state;
  for (int op = 0; dla_op_at(op); op++) {
    int i = 0;
    while (op_problems[i] && !problem_has(op_problems[i], dla_op_at(op)))
      i++;
    if (!op_problems[i]) fail_msg("add problems with %s to tests/ops/problems.c", dla_op_at(op));
  }
}

static void gradients_are_the_slopes_of_the_loss(void **state)
{
  (void)state;
  if (only_instruction_set() || is_sanitized) return; /* numbers of the reference alone */
  failures = 0;
  for (int i = 0; op_problems[i]; i++) {
    probe_problem(op_problems[i], false);
    probe_problem(op_problems[i], true);
  }
  assert_int_equal(failures, 0);
}

/* ---- rewrites and memory
 * ------------------------------------------------------------------------- */

static void rewrite(const char *problem, dla_mode mode)
{
  const dla_backend *reference = dla_backend_find("reference");
  harness_options own = {.mode = mode}, share = {.mode = mode, .share = true}, folded = share;
  folded.rewrite = true; /* of training: recomputing_changes_no_bit() */
  result plain = compute(problem, false, reference, own, 0);
  result optimised = compute(problem, true, reference, own, 0);
  compare(problem, reference, "in an arena", &plain, compute(problem, false, reference, share, 0),
          0);
  compare(problem, reference, "optimised, in an arena", &optimised,
          compute(problem, true, reference, share, 0), 0);
  if (mode == DLA_MODE_INFERENCE)
    compare(problem, reference, "folded", &optimised, compute(problem, true, reference, folded, 0),
            TOLERANCE_REWRITE);
  compare(problem, reference, "optimised", &plain, optimised, TOLERANCE_REWRITE);
  result_free(&plain);
}

static void rewrites_change_nothing(void **state)
{
  (void)state;
  if (only_instruction_set() || is_sanitized) return; /* likewise */
  failures = 0;
  for (int i = 0; op_problems[i]; i++) {
    rewrite(op_problems[i], DLA_MODE_TRAINING);
    rewrite(op_problems[i], DLA_MODE_INFERENCE);
  }
  assert_int_equal(failures, 0);
}

static void compare_recomputed(const char *problem, const dla_backend *backend)
{
  harness_options keep = {.mode = DLA_MODE_TRAINING, .share = true}, again = keep;
  again.rewrite = true;
  for (int optimise = 0; optimise < 2; optimise++) {
    result kept = compute(problem, optimise, backend, keep, 1);
    compare(problem, backend, "recomputed", &kept, compute(problem, optimise, backend, again, 1),
            0);
    result_free(&kept);
  }
}

static void recomputing_changes_no_bit(void **state)
{
  (void)state;
  failures = 0;
  for (int b = 0; dla_backend_at(b); b++) {
    if (!is_wanted(dla_backend_at(b))) continue;
    for (int i = 0; op_problems[i]; i++)
      compare_recomputed(op_problems[i], dla_backend_at(b));
    compare_recomputed(deep_problem, dla_backend_at(b));
  }
  assert_int_equal(failures, 0);
}

/* ---- backends
 * ------------------------------------------------------------------------------------ */

/* What the reference finds for a problem. */
typedef struct truth {
  const char *problem;
  bool optimise;
  result training, inference;
} truth;

static void compare_backend(const truth *t, const dla_backend *backend, dla_convolution convolution)
{
  double tolerance = convolution == DLA_CONVOLUTION_DIRECT ? TOLERANCE : TOLERANCE_WINOGRAD;
  harness_options training = {.mode = DLA_MODE_TRAINING, .share = true, .convolution = convolution};
  harness_options inference = {
      .mode = DLA_MODE_INFERENCE, .share = true, .convolution = convolution};
  harness_options folded = inference;
  folded.rewrite = true;
  compare(t->problem, backend, t->optimise ? "training, optimised" : "training", &t->training,
          compute(t->problem, t->optimise, backend, training, 0), tolerance);
  compare(t->problem, backend, t->optimise ? "inference, optimised" : "inference", &t->inference,
          compute(t->problem, t->optimise, backend, inference, 0), tolerance);
  compare(t->problem, backend, t->optimise ? "folded, optimised" : "folded", &t->inference,
          compute(t->problem, t->optimise, backend, folded, 0), tolerance);
}

static void compare_backends(const char *problem, bool optimise)
{
  static const dla_convolution convolutions[] = {DLA_CONVOLUTION_DIRECT, DLA_CONVOLUTION_AUTO,
                                                 DLA_CONVOLUTION_WINOGRAD};
  const dla_backend *reference = dla_backend_find("reference");
  const harness_options training = {.mode = DLA_MODE_TRAINING, .share = true};
  const harness_options inference = {.mode = DLA_MODE_INFERENCE, .share = true};
  truth t = {problem, optimise, compute(problem, optimise, reference, training, 0),
             compute(problem, optimise, reference, inference, 0)};
  for (int b = 0; dla_backend_at(b); b++) {
    const dla_backend *backend = dla_backend_at(b);
    if (backend == reference || !is_wanted(backend)) continue;
    /* OpenCL has one algorithm for all values of backend.convolution. */
    int algorithms = strcmp(backend->name, "opencl") == 0 ? 1 : 3;
    for (int i = 0; i < algorithms; i++)
      compare_backend(&t, backend, convolutions[i]);
  }
  result_free(&t.training);
  result_free(&t.inference);
}

static void backends_agree_with_the_reference(void **state)
{
  (void)state;
  failures = 0;
  for (int i = 0; op_problems[i]; i++) {
    compare_backends(op_problems[i], false);
    compare_backends(op_problems[i], true);
  }
  assert_int_equal(failures, 0);
}

/* ---- Winograd
 * ------------------------------------------------------------------------------------ */

/* How far the arrays are apart altogether, relative to their size: root of the sums of squares. */
static double relative_distance(const result *expected, const result *actual)
{
  double worst = 0;
  for (int i = 0; i < expected->count; i++) {
    double squares = 0, apart = 0;
    for (size_t k = 0; k < expected->segment[i].count; k++) {
      double e = expected->segment[i].data[k], a = actual->segment[i].data[k];
      squares += e * e;
      apart += (e - a) * (e - a);
    }
    if (squares > 0 && sqrt(apart / squares) > worst) worst = sqrt(apart / squares);
  }
  return worst;
}

/* Of the logits and all gradients, against `expected`. */
static double distance(const result *expected, const char *problem, const dla_backend *backend,
                       dla_convolution convolution)
{
  harness_options options = {.mode = DLA_MODE_TRAINING, .share = true, .convolution = convolution};
  result actual = compute(problem, true, backend, options, 0);
  double found = relative_distance(expected, &actual);
  result_free(&actual);
  return found;
}

/* The shapes of SimpleDLA's 3x3 layers, behind a small one: oneDNN has only plain loops for source
 * images that are not in blocks. The figures are quoted in docs/performance.md. */
static const char *const layers[] = {
    "mb1 in16x32x32 conv:oc64k1 conv:oc64k3p1 conv:oc64k3p1 avg:k32",
    "mb1 in16x16x16 conv:oc128k1 conv:oc128k3p1 conv:oc128k3p1 avg:k16",
    "mb2 in16x8x8 conv:oc256k1 conv:oc256k3p1 conv:oc256k3p1 avg:k8",
    "mb1 in16x32x32 conv:oc64k1 conv:oc128k3s2p1 conv:oc256k3s2p1 avg:k8",
    "mb4 in16x8x8 conv:oc256k1 conv:oc512k3s2p1 avg:k4",
    NULL,
};
/* With fewer pixels, where the reference takes long and another run has those: under sanitizers, to
 * which an error's size says nothing, and with lower instruction sets. */
static const char *const small_layers[] = {
    "mb1 in16x8x8 conv:oc64k1 conv:oc64k3p1 conv:oc64k3p1 avg:k8",
    "mb1 in16x4x4 conv:oc128k1 conv:oc128k3p1 conv:oc128k3p1 avg:k4",
    "mb1 in16x8x8 conv:oc64k1 conv:oc128k3s2p1 conv:oc256k3s2p1 avg:k2",
    NULL,
};

static void winograd_is_as_good_as_f32(void **state)
{
  (void)state;
  const bool small = only_instruction_set() || is_sanitized;
  const char *const *problems = small ? small_layers : layers;
  const dla_backend *backend = dla_backend_at(0);
  failures = 0;
  const harness_options options = {.mode = DLA_MODE_TRAINING, .share = true};
  for (int i = 0; problems[i]; i++) {
    /* The reference sums in double. */
    result expected = compute(problems[i], true, dla_backend_find("reference"), options, 0);
    double direct = distance(&expected, problems[i], backend, DLA_CONVOLUTION_DIRECT);
    double winograd = distance(&expected, problems[i], backend, DLA_CONVOLUTION_WINOGRAD);
    result_free(&expected);
    print_message("%s: %.1e direct, %.1e with Winograd\n", problems[i], direct, winograd);
    check(winograd < 1e-5, problems[i], "relative distance", "", winograd);
  }
  assert_int_equal(failures, 0);
}

/* ---- bfloat16
 * ------------------------------------------------------------------------------------ */

/* Where products are of floats, an instruction on images of BF16 gives the bits of converting
 * around it. Where the processor multiplies bfloat16, its operands are rounded, too, which leaves
 * an angle whose cosine is 0.999; but not behind a ReLU, whose kink a digit more or less can fall
 * beside. */
static void compare_halves(const char *problem, const dla_backend *backend,
                           dla_convolution convolution, bool inference)
{
  harness_options native = {.mode = inference ? DLA_MODE_INFERENCE : DLA_MODE_TRAINING,
                            .share = true,
                            .convolution = convolution,
                            .rewrite = true,
                            .bf16 = true};
  harness_options around = native;
  around.convert = true;
  dla_isa isa = DLA_ISA_GENERIC;
  dla_error err = {0};
  assert_int_equal(dla_isa_choose(&isa, &err), DLA_OK);
  const bool rounds = dla_leaf(isa, DLA_BF16)->deep > 1;
  if (rounds && strstr(problem, "relu")) return;
  const double tolerance = rounds ? 0.045 : 0;
  result expected = compute(problem, true, backend, around, 0);
  result actual = compute(problem, true, backend, native, 0);
  const double apart = relative_distance(&expected, &actual);
  check(apart <= tolerance, problem, backend->name, inference ? "inference" : "training", apart);
  result_free(&expected);
  result_free(&actual);
}

static void bf16_is_rounded_f32(void **state)
{
  (void)state;
  failures = 0;
  for (int b = 0; dla_backend_at(b); b++) {
    if (!dla_backend_at(b)->takes_bf16) continue;
    for (int i = 0; op_problems[i]; i++)
      for (int inference = 0; inference < 2; inference++) {
        if (!is_sanitized)
          compare_halves(op_problems[i], dla_backend_at(b), DLA_CONVOLUTION_DIRECT, inference);
        compare_halves(op_problems[i], dla_backend_at(b), DLA_CONVOLUTION_WINOGRAD, inference);
      }
  }
  assert_int_equal(failures, 0);
}

/* ---- sgd
 * ----------------------------------------------------------------------------------------- */

/* The documentation of torch.optim.SGD, with dampening 0, for one element. */
static void expected_step(const sgd_numbers *sgd, double *parameter, double *momentum,
                          double gradient)
{
  gradient += (double)sgd->weight_decay * *parameter;
  *momentum = (double)sgd->momentum * *momentum + gradient;
  *parameter -=
      (double)sgd->lr * (sgd->nesterov ? gradient + (double)sgd->momentum * *momentum : *momentum);
}

static void put(harness *h, float *memory, const float *values, size_t bytes)
{
  dla_error err = {0};
  assert_int_equal(dla_memory_write(&h->engine, memory, values, bytes, &err), DLA_OK);
}

static void check_span(harness *h, const sgd_numbers *sgd, const dla_update_span *span)
{
  dla_error err = {0};
  double *parameter = harness_memory(2 * span->count * sizeof *parameter, 0);
  double *momentum = parameter + span->count;
  size_t bytes = span->count * sizeof(float);
  float *values = harness_memory(bytes, 0), *velocities = harness_memory(bytes, 0);
  float *gradients = harness_memory(bytes, 0);
  for (size_t i = 0; i < span->count; i++)
    parameter[i] = values[i] = harness_pattern("parameter", i);
  put(h, span->parameters, values, bytes);
  put(h, span->state[SGD_MOMENTUM_BUFFER], velocities, bytes);
  for (size_t step = 0; step < 3; step++) {
    for (size_t i = 0; i < span->count; i++) {
      gradients[i] = harness_pattern("gradient", i + step * span->count);
      expected_step(sgd, &parameter[i], &momentum[i], gradients[i]);
    }
    /* This test takes the place of what fills them. */
    put(h, (float *)span->gradients, gradients, bytes);
    assert_int_equal(harness_run(h, HARNESS_UPDATE, &err), DLA_OK);
  }
  assert_int_equal(dla_memory_read(&h->engine, span->parameters, values, bytes, &err), DLA_OK);
  assert_int_equal(
      dla_memory_read(&h->engine, span->state[SGD_MOMENTUM_BUFFER], velocities, bytes, &err),
      DLA_OK);
  const char *name = h->engine.backend->name;
  for (size_t i = 0; i < span->count; i++) {
    check(fabs(values[i] - parameter[i]) < 1e-6, name, "sgd", "parameter",
          values[i] - parameter[i]);
    check(fabs(velocities[i] - momentum[i]) < 2e-6, name, "sgd", "momentum",
          velocities[i] - momentum[i]);
  }
  free(parameter);
  free(values);
  free(velocities);
  free(gradients);
}

static void check_sgd(const dla_backend *backend, sgd_numbers sgd)
{
  harness h;
  dla_error err = {0};
  harness_options options = {.mode = DLA_MODE_TRAINING};
  dla_graph *graph = make_graph("mb2 in3x4x5 conv:oc5k3 bn", true, &options.batch);
  assert_int_equal(harness_open(&h, graph, backend, options, &err), DLA_OK);
  h.program->update.numbers = sgd_update(sgd);
  assert_int_equal(h.program->update.count, 5); /* conv, batch norm twice, linear twice */
  for (int k = 0; k < h.program->update.count; k++) {
    dla_update_span span = dla_program_update_span(h.program, k);
    check_span(&h, &sgd, &span);
  }
  harness_close(&h);
  dla_graph_free(graph);
}

static void sgd_is_pytorchs(void **state)
{
  (void)state;
  failures = 0;
  for (int b = 0; dla_backend_at(b); b++) {
    check_sgd(dla_backend_at(b), (sgd_numbers){.lr = 0.1f});
    check_sgd(dla_backend_at(b),
              (sgd_numbers){.lr = 0.1f, .momentum = 0.9f, .weight_decay = 5e-4f});
    check_sgd(dla_backend_at(b), (sgd_numbers){0.05f, 0.9f, 1e-2f, true});
  }
  assert_int_equal(failures, 0);
}

/* Steps of training agree too: what the update leaves is what the next forward pass reads. */
static void backends_train_alike(void **state)
{
  (void)state;
  failures = 0;
  const char *problem = "mb3 in3x6x5 conv:oc17k3p1 bn relu dup conv:oc17k3p1 bn add relu avg:k2";
  harness_options options = {
      .mode = DLA_MODE_TRAINING, .share = true, .convolution = DLA_CONVOLUTION_DIRECT};
  result expected = compute(problem, false, dla_backend_find("reference"), options, 2);
  for (int b = 0; dla_backend_at(b); b++)
    compare(problem, dla_backend_at(b), "two steps", &expected,
            compute(problem, true, dla_backend_at(b), options, 2), 2e-4);
  result_free(&expected);
  assert_int_equal(failures, 0);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(every_op_has_a_problem),
      cmocka_unit_test_teardown(gradients_are_the_slopes_of_the_loss, say_where_it_ended),
      cmocka_unit_test_teardown(rewrites_change_nothing, say_where_it_ended),
      cmocka_unit_test_teardown(recomputing_changes_no_bit, say_where_it_ended),
      cmocka_unit_test_teardown(backends_agree_with_the_reference, say_where_it_ended),
      cmocka_unit_test_teardown(winograd_is_as_good_as_f32, say_where_it_ended),
      cmocka_unit_test_teardown(bf16_is_rounded_f32, say_where_it_ended),
      cmocka_unit_test(sgd_is_pytorchs),
      cmocka_unit_test_teardown(backends_train_alike, say_where_it_ended),
  };
  return cmocka_run_group_tests(tests, NULL, harness_end);
}
