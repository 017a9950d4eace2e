/* A table of how far each op of each backend of this build is from the reference, pass by pass: the
 * largest difference in any array, relative to its root mean square. docs/backends.md shows it. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <math.h>

#include <cmocka.h>

#include "problem.h"
#include "result.h"
#include "sgd.h"

/* As in test_ops.c. */
#define TOLERANCE          2e-5
#define TOLERANCE_WINOGRAD 1e-4

enum { FORWARD, DATA, WEIGHTS, UPDATE, INFERENCE, COLUMNS };
static const char *const titles[] = {"forward", "data", "weights", "update", "inference"};

/* The first parameter's gradient has come through the op backwards; those behind it but for the
 * last layer's two are the op's own. */
typedef struct row {
  const char *op, *problem;
  dla_convolution convolution;
  bool optimise;
} row;

static const row rows[] = {
    {"conv2d, direct", "mb2 in3x9x11 conv:oc17k1 conv:oc32k3s2p1b", DLA_CONVOLUTION_DIRECT, false},
    {"conv2d, Winograd", "mb2 in3x9x11 conv:oc17k1 conv:oc32k3p1", DLA_CONVOLUTION_WINOGRAD, false},
    {"conv2d, dilated", "mb2 in3x9x11 conv:oc17k1 conv:oc32k3p2d2b", DLA_CONVOLUTION_DIRECT, false},
    {"batch_norm", "mb3 in3x7x5 conv:oc17k1 bn", DLA_CONVOLUTION_DIRECT, false},
    {"batch_norm + add + relu", "mb2 in3x6x5 conv:oc32k1 dup conv:oc32k3p1 bn add relu",
     DLA_CONVOLUTION_DIRECT, true},
    {"relu", "mb2 in3x5x7 conv:oc17k1 relu", DLA_CONVOLUTION_DIRECT, false},
    {"add", "mb2 in3x5x7 conv:oc5k1 dup relu add", DLA_CONVOLUTION_DIRECT, false},
    {"concat", "mb2 in3x5x7 conv:oc5k3p1 dup conv:oc17k1 cat:2 relu", DLA_CONVOLUTION_DIRECT,
     false},
    {"avg_pool", "mb1 in3x7x5 conv:oc16k1 avg:k3s2p1", DLA_CONVOLUTION_DIRECT, false},
    {"max_pool", "mb1 in3x7x5 conv:oc16k1 max:k3s2p1", DLA_CONVOLUTION_DIRECT, false},
    {"linear", "mb5 in1x3x3 conv:oc16k1 lin:32", DLA_CONVOLUTION_DIRECT, false},
    {"dropout", "mb2 in3x7x5 conv:oc17k1 dropout:30", DLA_CONVOLUTION_DIRECT, false},
    {"stochastic_depth", "mb7 in3x5x4 conv:oc17k1 dup relu stochastic_depth:40 add",
     DLA_CONVOLUTION_DIRECT, false},
    {"softmax_cross_entropy", "mb5 in5x3x7", DLA_CONVOLUTION_DIRECT, false},
};

typedef struct outcome {
  result gradients, updated, inference;
} outcome;

static result run(const row *r, const dla_backend *backend, dla_mode mode, result *updated)
{
  harness h;
  result out = {0};
  dla_error err = {0};
  harness_options options = {
      .mode = mode, .share = true, .convolution = r->convolution, .rewrite = !updated};
  dla_graph *graph = problem_graph(r->problem, &options.batch, &err);
  assert_non_null(graph);
  if (r->optimise || !updated) dla_graph_optimise(graph);
  dla_status status = harness_open(&h, graph, backend, options, &err);
  if (!status) status = harness_run(&h, HARNESS_GRADIENTS, &err);
  if (!status) status = result_collect(&out, &h, &err);
  if (!status && updated) {
    h.program->update.numbers = sgd_update((sgd_numbers){0.1f, 0.9f, 5e-4f, true});
    status = harness_run(&h, HARNESS_GRADIENTS | HARNESS_UPDATE, &err);
    if (!status) status = result_collect(updated, &h, &err);
  }
  if (status) fail_msg("%s, %s: %s: %s", backend->name, r->op, err.where, err.what);
  harness_close(&h);
  dla_graph_free(graph);
  return out;
}

static outcome run_all(const row *r, const dla_backend *backend)
{
  outcome o = {0};
  o.gradients = run(r, backend, DLA_MODE_TRAINING, &o.updated);
  o.inference = run(r, backend, DLA_MODE_INFERENCE, NULL);
  return o;
}

static void free_outcome(outcome *o)
{
  result_free(&o->gradients);
  result_free(&o->updated);
  result_free(&o->inference);
}

static void enter(double *cell, double difference)
{
  if (!(difference <= *cell)) *cell = difference; /* a NaN stays */
}

static bool is_gradient(const segment *s)
{
  size_t length = strlen(s->name);
  return length > 5 && strcmp(s->name + length - 5, ".grad") == 0;
}

/* Cells that an op does not have are negative. */
static void measure(const outcome *expected, const outcome *actual, double cell[COLUMNS])
{
  int gradients = 0, seen = 0;
  for (int i = 0; i < COLUMNS; i++)
    cell[i] = -1;
  for (int i = 0; i < expected->gradients.count; i++)
    gradients += is_gradient(&expected->gradients.segment[i]);
  for (int i = 0; i < expected->gradients.count; i++) {
    const segment *e = &expected->gradients.segment[i];
    double difference = segment_difference(e, &actual->gradients.segment[i]);
    if (i < 2)
      enter(&cell[FORWARD], difference);
    else if (is_gradient(e) && seen++ == 0)
      enter(&cell[DATA], difference);
    else if (is_gradient(e) && seen <= gradients - 2)
      enter(&cell[WEIGHTS], difference);
    else if (!is_gradient(e))
      enter(&cell[UPDATE],
            segment_difference(&expected->updated.segment[i], &actual->updated.segment[i]));
  }
  for (int i = 0; i < 2; i++)
    enter(&cell[INFERENCE],
          segment_difference(&expected->inference.segment[i], &actual->inference.segment[i]));
}

static int print_row(const row *r, const dla_backend *backend, const double cell[COLUMNS])
{
  double tolerance = r->convolution == DLA_CONVOLUTION_WINOGRAD ? TOLERANCE_WINOGRAD : TOLERANCE;
  int failures = 0;
  print_message("| %-23s | %-9s |", r->op, backend->name);
  for (int i = 0; i < COLUMNS; i++) {
    if (cell[i] < 0)
      print_message("       - |");
    else
      print_message(" %.1e |", cell[i]);
    if (!(cell[i] <= tolerance)) failures++;
  }
  print_message("\n");
  return failures;
}

static void every_op_of_every_backend(void **state)
{
  (void)state;
  int failures = 0;
  print_message("| op | backend |");
  for (int i = 0; i < COLUMNS; i++)
    print_message(" %s |", titles[i]);
  print_message("\n|---|---|---|---|---|---|---|\n");
  for (size_t k = 0; k < sizeof rows / sizeof *rows; k++) {
    outcome expected = run_all(&rows[k], dla_backend_find("reference"));
    for (int b = 0; dla_backend_at(b); b++) {
      double cell[COLUMNS];
      outcome actual = run_all(&rows[k], dla_backend_at(b));
      measure(&expected, &actual, cell);
      failures += print_row(&rows[k], dla_backend_at(b), cell);
      free_outcome(&actual);
    }
    free_outcome(&expected);
  }
  assert_int_equal(failures, 0);
}

static void every_op_has_a_row(void **state)
{
  (void)state;
  for (int op = 0; dla_op_at(op); op++) {
    size_t k = 0;
    while (k < sizeof rows / sizeof *rows && !problem_has(rows[k].problem, dla_op_at(op)))
      k++;
    if (k == sizeof rows / sizeof *rows)
      fail_msg("add a row for %s to tests/ops/test_table.c", dla_op_at(op));
  }
}

int main(void)
{
  const struct CMUnitTest tests[] = {cmocka_unit_test(every_op_has_a_row),
                                     cmocka_unit_test(every_op_of_every_backend)};
  return cmocka_run_group_tests(tests, NULL, harness_end);
}
