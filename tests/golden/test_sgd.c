/* SGD's update and the learning-rate schedules against PyTorch's, step by step: see make_sgd.py.
 * Every backend gets the same gradients, so no network's rounding is in it. */
#include <float.h>
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "../ops/harness.h"
#include "../ops/problem.h"
#include "../ops/sgd.h"
#include "fixed.h"
#include "optim/schedule.h"

enum { COUNT = 19, EPOCHS = 5, STEPS = 2 }; /* make_sgd.py's */

typedef struct sgd_case {
  dla_schedule schedule;
  sgd_numbers sgd;
} sgd_case;

/* How far float32 may be from the numbers, at most: the errors of each operation, carried on. */
typedef struct bound {
  double parameter, momentum;
} bound;

static void numbers(const char *name, float *out, size_t count)
{
  fixed_numbers(name, out, COUNT);
  for (size_t i = 0; i < COUNT; i++)
    out[i] = 2 * out[i] - 1;
  memset(out + COUNT, 0, (count - COUNT) * sizeof *out);
}

static double read_numbers(FILE *golden, double *out)
{
  double largest = 0;
  for (int i = 0; i < COUNT; i++) {
    assert_int_equal(fscanf(golden, "%lf", &out[i]), 1);
    largest = fmax(largest, fabs(out[i]));
  }
  return largest;
}

/* Of one step more, where no number is above these. A product and a sum round once each, and a
 * coefficient is rounded before: three halves of an epsilon of what they result in. */
static void widen(bound *b, const sgd_numbers *sgd, double parameter, double velocity)
{
  const double rounding = 1.5 * FLT_EPSILON, gradient = 1 + sgd->weight_decay * parameter;
  double of_gradient = sgd->weight_decay * b->parameter + rounding * gradient;
  b->momentum = sgd->momentum * b->momentum + of_gradient + rounding * velocity;
  double of_step = b->momentum, step = velocity;
  if (sgd->nesterov) {
    step = gradient + sgd->momentum * velocity;
    of_step = of_gradient + sgd->momentum * b->momentum + rounding * step;
  }
  b->parameter += sgd->lr * of_step + rounding * (parameter + sgd->lr * step);
}

static void assert_near(harness *h, const char *what, float *memory, const double *golden,
                        double allowed)
{
  float values[COUNT];
  dla_error err = {0};
  assert_int_equal(dla_memory_read(&h->engine, memory, values, sizeof values, &err), DLA_OK);
  for (int i = 0; i < COUNT; i++)
    if (!(fabs(values[i] - golden[i]) <= allowed))
      fail_msg("%s: %s %d: %.9g, but PyTorch has %.9g (allowed: %.2g)", h->engine.backend->name,
               what, i, values[i], golden[i], allowed);
}

static void put(harness *h, float *memory, const char *name, size_t count)
{
  dla_error err = {0};
  float *values = harness_memory(count * sizeof *values, 0);
  if (name) numbers(name, values, count);
  assert_int_equal(dla_memory_write(&h->engine, memory, values, count * sizeof *values, &err),
                   DLA_OK);
  free(values);
}

static void step_agrees(harness *h, const sgd_case *c, int number, bound *b, FILE *golden)
{
  char name[32];
  double rate, parameters[COUNT], velocities[COUNT], velocity = 0;
  dla_error err = {0};
  dla_update_span span = dla_program_update_span(h->program, 0);
  assert_int_equal(fscanf(golden, " step %lf", &rate), 1);
  double ours = dla_schedule_lr(&c->schedule, 0.1, number / STEPS, number % STEPS, STEPS);
  if (fabs(ours - rate) > 1e-15)
    fail_msg("step %d: rate %.17g, but PyTorch has %.17g", number, ours, rate);
  snprintf(name, sizeof name, "gradients%d", number);
  put(h, (float *)span.gradients, name, span.count);
  sgd_numbers sgd = c->sgd;
  sgd.lr = (float)ours;
  h->program->update.numbers = sgd_update(sgd);
  assert_int_equal(harness_run(h, HARNESS_UPDATE, &err), DLA_OK);
  double parameter = read_numbers(golden, parameters);
  if (c->sgd.momentum > 0) {
    assert_int_equal(fscanf(golden, " momentum"), 0);
    velocity = read_numbers(golden, velocities);
  }
  /* Within the step they may be larger than behind it, by the step. */
  velocity = fmax(velocity, 1 + c->sgd.weight_decay * parameter);
  widen(b, &sgd, parameter + rate * 2 * velocity, 2 * velocity);
  assert_near(h, "parameter", span.parameters, parameters, b->parameter);
  if (c->sgd.momentum > 0)
    assert_near(h, "momentum", span.state[SGD_MOMENTUM_BUFFER], velocities, b->momentum);
}

static bool read_case(FILE *golden, sgd_case *c)
{
  char name[32], schedule[32];
  int nesterov;
  *c = (sgd_case){0};
  if (fscanf(golden, " case %31s %31s %f %f %d", name, schedule, &c->sgd.momentum,
             &c->sgd.weight_decay, &nesterov) != 5)
    return false;
  c->sgd.nesterov = nesterov;
  c->schedule.t_max = EPOCHS;
  c->schedule.step_size = 2;
  c->schedule.gamma = 0.1;
  c->schedule.name = strcmp(schedule, "cosine") == 0 ? DLA_SCHEDULE_COSINE
                     : strcmp(schedule, "step") == 0 ? DLA_SCHEDULE_STEP
                                                     : DLA_SCHEDULE_CONSTANT;
  return true;
}

static void cases_agree(const dla_backend *backend)
{
  char path[4096];
  int count = 0;
  sgd_case c;
  snprintf(path, sizeof path, "%s/tests/golden/sgd.txt", getenv("DLA_SRCDIR"));
  FILE *golden = fopen(path, "r");
  assert_non_null(golden);
  for (; read_case(golden, &c); count++) {
    harness h;
    dla_error err = {0};
    bound b = {0};
    harness_options options = {.mode = DLA_MODE_TRAINING};
    dla_graph *graph = problem_graph("mb2 in3x4x5 conv:oc5k3", &options.batch, &err);
    assert_non_null(graph);
    assert_int_equal(harness_open(&h, graph, backend, options, &err), DLA_OK);
    dla_update_span span = dla_program_update_span(h.program, 0);
    assert_true(span.count >= COUNT);
    put(&h, span.parameters, "parameters", span.count);
    put(&h, span.state[SGD_MOMENTUM_BUFFER], NULL, span.count);
    for (int number = 0; number < EPOCHS * STEPS; number++)
      step_agrees(&h, &c, number, &b, golden);
    harness_close(&h);
    dla_graph_free(graph);
  }
  assert_int_equal(count, 5);
  fclose(golden);
}

static void updates_are_pytorchs(void **state)
{
  (void)state;
  for (int b = 0; dla_backend_at(b); b++)
    cases_agree(dla_backend_at(b));
}

int main(void)
{
  const struct CMUnitTest tests[] = {cmocka_unit_test(updates_are_pytorchs)};
  return cmocka_run_group_tests(tests, NULL, harness_end);
}
