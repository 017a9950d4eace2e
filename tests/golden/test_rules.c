/* Adam, AdamW and Lion against PyTorch's arithmetic, over 20 steps from given gradients: see
 * make_adam.py. Every instruction set's kernel, and the reference. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "dla/update_rule.h"
#include "fixed.h"

enum { COUNT = 19, STEPS = 20 }; /* make_adam.py's */

/* Parameters are below 2 and move by 0.01 a step; each step rounds a few times. */
#define ALLOWED 4e-6

typedef struct golden_case {
  const dla_optimizer *rule;
  dla_update_numbers numbers;
  double parameters[STEPS][COUNT], state[DLA_OPTIMIZER_STATES][COUNT];
} golden_case;

static void read_numbers(FILE *golden, const char *word, double *out)
{
  char found[32];
  assert_int_equal(fscanf(golden, " %31s", found), 1);
  assert_string_equal(found, word);
  for (int i = 0; i < COUNT; i++)
    assert_int_equal(fscanf(golden, "%lf", &out[i]), 1);
}

static void set_number(golden_case *c, const char *name, double value)
{
  int place = dla_optimizer_number_find(c->rule, name);
  if (place >= 0) c->numbers.value[place] = value;
}

static bool read_case(FILE *golden, golden_case *c)
{
  char name[32];
  double beta1, beta2, eps, decay;
  *c = (golden_case){0};
  if (fscanf(golden, " case %31s %lf %lf %lf %lf", name, &beta1, &beta2, &eps, &decay) != 5)
    return false;
  c->rule = dla_optimizer_find(name);
  assert_non_null(c->rule);
  set_number(c, "lr", 0.01);
  set_number(c, "beta1", beta1);
  set_number(c, "beta2", beta2);
  set_number(c, "eps", eps);
  set_number(c, "weight_decay", decay);
  for (int step = 0; step < STEPS; step++)
    read_numbers(golden, "parameters", c->parameters[step]);
  for (int k = 0; k < dla_optimizer_state_count(c->rule); k++)
    read_numbers(golden, "state", c->state[k]);
  return true;
}

static void fill(const char *name, float *out)
{
  fixed_numbers(name, out, COUNT);
  for (int i = 0; i < COUNT; i++)
    out[i] = 2 * out[i] - 1;
}

static void assert_near(const char *what, const char *isa, const float *ours, const double *golden)
{
  for (int i = 0; i < COUNT; i++)
    if (!(fabs(ours[i] - golden[i]) <= ALLOWED))
      fail_msg("%s, %s, number %d: %.9g, but PyTorch has %.9g", what, isa, i, (double)ours[i],
               golden[i]);
}

static void steps_agree(const golden_case *c, dla_update_kernel *kernel, const char *isa)
{
  char name[32];
  float parameters[COUNT], gradients[COUNT], state[DLA_OPTIMIZER_STATES][COUNT] = {{0}};
  dla_update_span span = {.parameters = parameters, .gradients = gradients, .count = COUNT};
  for (int k = 0; k < DLA_OPTIMIZER_STATES; k++)
    span.state[k] = state[k];
  fill("parameters", parameters);
  dla_update_numbers numbers = c->numbers;
  for (int step = 0; step < STEPS; step++) {
    snprintf(name, sizeof name, "gradients%d", step);
    fill(name, gradients);
    numbers.step = step + 1;
    kernel(&span, &numbers);
    assert_near(c->rule->name, isa, parameters, c->parameters[step]);
  }
  for (int k = 0; k < dla_optimizer_state_count(c->rule); k++)
    assert_near(c->rule->state[k].name, isa, state[k], c->state[k]);
}

static void updates_are_pytorchs(void **state)
{
  (void)state;
  char path[4096];
  golden_case c;
  int cases = 0;
  snprintf(path, sizeof path, "%s/tests/golden/adam.txt", getenv("DLA_SRCDIR"));
  FILE *golden = fopen(path, "r");
  assert_non_null(golden);
  for (; read_case(golden, &c); cases++) {
    steps_agree(&c, c.rule->reference, "reference");
    for (int isa = 0; isa < DLA_ISA_COUNT; isa++)
      if (c.rule->kernel[isa] && dla_isa_has((dla_isa)isa))
        steps_agree(&c, c.rule->kernel[isa], dla_isa_name((dla_isa)isa));
  }
  assert_int_equal(cases, 6);
  fclose(golden);
}

/* What is no number stays none, so that the step's check finds it. */
static void nan_stays(void **state)
{
  (void)state;
  for (int i = 0; dla_optimizer_at(i); i++) {
    const dla_optimizer *rule = dla_optimizer_at(i);
    float parameter = 1, gradient = NAN, kept[DLA_OPTIMIZER_STATES] = {0};
    dla_update_span span = {.parameters = &parameter, .gradients = &gradient, .count = 1};
    dla_update_numbers numbers = {.step = 1};
    for (int k = 0; k < DLA_OPTIMIZER_STATES; k++)
      span.state[k] = &kept[k];
    for (int k = 0; k < dla_optimizer_number_count(rule); k++)
      numbers.value[k] = rule->number[k].initial;
    rule->kernel[DLA_ISA_GENERIC](&span, &numbers);
    assert_true(isnan(parameter));
  }
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(updates_are_pytorchs),
      cmocka_unit_test(nan_stays),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
