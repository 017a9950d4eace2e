/* Compares each optimizer's kernel for the instruction set with its rule computed in double. */
#include <stdlib.h>
#include <string.h>

#include "base/philox.h"
#include "selftest/fixture.h"
#include "selftest/parts.h"

#define TOLERANCE 1e-5

enum { COUNT = 1003, STEPS = 3, ARRAYS = DLA_OPTIMIZER_STATES + 2 };

typedef struct arrays {
  float array[ARRAYS][COUNT]; /* parameters, gradients, states */
} arrays;

static dla_update_span span_of(arrays *a)
{
  dla_update_span span = {.parameters = a->array[0], .gradients = a->array[1], .count = COUNT};
  for (int k = 0; k < DLA_OPTIMIZER_STATES; k++)
    span.state[k] = a->array[2 + k];
  return span;
}

/* Keeps gradients away from 0, where the sign of a step would depend on rounding. */
static void fill(arrays *a, uint64_t step)
{
  dla_random random = dla_random_at(1, DLA_RANDOM_SHUFFLE, step, 0);
  for (int i = 0; i < COUNT; i++) {
    const float size = 0.1f + dla_random_float(&random);
    a->array[1][i] = i % 3 ? size : -size;
  }
}

static dla_update_kernel *kernel_of(const dla_optimizer *rule, dla_isa isa)
{
  return rule->kernel[isa] ? rule->kernel[isa] : rule->kernel[DLA_ISA_GENERIC];
}

static void test_rule(dla_selftest *test, const dla_optimizer *rule, arrays *a, arrays *right)
{
  char name[32] = "update ";
  double largest = 0;
  dla_update_numbers numbers = {0};
  for (int k = 0; k < dla_optimizer_number_count(rule); k++)
    numbers.value[k] = rule->number[k].initial;
  memset(a, 0, sizeof *a);
  memset(right, 0, sizeof *right);
  fill(a, 0);
  memcpy(a->array[0], a->array[1], sizeof a->array[0]);
  memcpy(right->array[0], a->array[0], sizeof a->array[0]);
  for (numbers.step = 1; numbers.step <= STEPS; numbers.step++) {
    fill(a, (uint64_t)numbers.step);
    fill(right, (uint64_t)numbers.step);
    const dla_update_span span = span_of(a), wanted = span_of(right);
    kernel_of(rule, test->isa)(&span, &numbers);
    rule->reference(&wanted, &numbers);
  }
  for (int k = 0; k < 2 + dla_optimizer_state_count(rule); k++) {
    const double d = selftest_difference(a->array[k], right->array[k], COUNT);
    if (!(d <= largest)) largest = d;
  }
  strncat(name, rule->name, sizeof name - strlen(name) - 1);
  selftest_tell(test, largest <= TOLERANCE, name, "see docs/doctor.md",
                "off its rule by %.0e; up to %.0e is rounding", largest, TOLERANCE);
}

void selftest_rules(dla_selftest *test)
{
  arrays *both = malloc(2 * sizeof *both);
  dla_error err = {0};
  if (!both) {
    dla_fail_memory(&err, "numbers");
    selftest_tell_error(test, "update", &err);
    return;
  }
  for (int i = 0; dla_optimizer_at(i) && !test->ended; i++)
    test_rule(test, dla_optimizer_at(i), &both[0], &both[1]);
  free(both);
}
