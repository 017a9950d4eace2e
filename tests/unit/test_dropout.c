/* What dropout and stochastic depth draw, and that nothing of them is left in evaluation. What they
 * compute with it: tests/ops. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "graph/internal.h"

enum { NUMBERS = 20000 };

typedef struct place {
  uint64_t seed;
  int64_t step, layer, first_sample, sample;
} place;

static dla_drop drop_at(place at, double p)
{
  dla_program program = {.seed = at.seed, .first_sample = at.first_sample};
  dla_instruction i = {.op = DLA_OP_DROPOUT};
  program.update.numbers.step = at.step;
  i.attr[DLA_ATTR_P] = p;
  i.attr[DLA_ATTR_LAYER] = (double)at.layer;
  return dla_program_drop(&program, &i, at.sample);
}

/* Within four standard deviations. */
static void as_many_are_dropped_as_should_be(void **state)
{
  (void)state;
  static const double p[] = {0, 0.1, 0.2, 0.5, 0.9, 1};
  for (size_t k = 0; k < sizeof p / sizeof *p; k++) {
    dla_drop drop = drop_at((place){7, 3, 2, 0, 1}, p[k]);
    int dropped = 0;
    for (int i = 0; i < NUMBERS; i++)
      dropped += dla_random_float(&drop.random) < drop.p;
    assert_true(fabs(dropped - NUMBERS * p[k]) <= 4 * sqrt(NUMBERS * p[k] * (1 - p[k])));
    assert_float_equal(drop.scale, p[k] < 1 ? 1 / (1 - p[k]) : 0, 1e-6);
  }
}

static uint32_t first_bits(place at)
{
  dla_drop drop = drop_at(at, 0.5);
  return dla_random_bits(&drop.random);
}

static void every_place_draws_its_own(void **state)
{
  (void)state;
  const place here = {7, 3, 2, 8, 1};
  const place others[] = {{8, 3, 2, 8, 1}, {7, 4, 2, 8, 1}, {7, 3, 3, 8, 1}, {7, 3, 2, 8, 2}};
  for (size_t k = 0; k < sizeof others / sizeof *others; k++)
    assert_int_not_equal(first_bits(here), first_bits(others[k]));
  /* Whoever computes it, a sample is the batch's. */
  assert_int_equal(first_bits(here), first_bits((place){7, 3, 2, 0, 9}));
}

static void evaluation_has_no_instruction_of_it(void **state)
{
  (void)state;
  dla_error err = {0};
  dla_graph *g = dla_graph_create();
  dla_tensor x = dla_input(g, 3, 4, 4);
  x = dla_stochastic_depth(g, "b", dla_dropout(g, "a", x, 0.3), 0.3);
  x = dla_linear(g, "linear", x, 5, true);
  x = dla_apply(g, "dropout", "c", &x, 1, NULL, 0);
  assert_int_equal(dla_graph_finish(g, x, &err), DLA_OK);
  dla_program *program = NULL;
  assert_int_equal(dla_lower(g, DLA_MODE_INFERENCE, 2, true, &program, &err), DLA_OK);
  assert_int_equal(program->instruction_count, 2);
  const dla_instruction *linear = &program->instruction[0];
  assert_int_equal(linear->op, DLA_OP_LINEAR);
  assert_int_equal(linear->arg[DLA_ARG_SRC], program->input);
  assert_int_equal(linear->arg[DLA_ARG_DST], program->logits);
  assert_int_equal(program->value[program->logits].kind, DLA_VALUE_LOGITS);
  dla_program_free(program);
  dla_graph_free(g);
}

/* timm: [x.item() for x in torch.linspace(0, 0.2, 5)] */
static void depth_rises_linearly(void **state)
{
  (void)state;
  static const double expected[] = {0, 0.05, 0.1, 0.15, 0.2};
  dla_error err = {0};
  dla_graph *g = dla_graph_create();
  dla_tensor x = dla_conv2d(g, "conv", dla_input(g, 3, 4, 4),
                            (dla_conv2d_options){.out_channels = 3, .kernel = 1});
  for (int i = 0; i < 5; i++)
    x = dla_stochastic_depth(g, (char[]){(char)('a' + i), 0}, x, 0.2);
  dla_graph_spread_depth(g, 0.2);
  assert_int_equal(dla_graph_finish(g, dla_linear(g, "linear", x, 5, true), &err), DLA_OK);
  for (int i = 0; i < 5; i++)
    assert_float_equal(g->node[1 + i].attr[DLA_ATTR_P], expected[i], 1e-12);
  /* Without effect, the first one is no instruction of training either. */
  dla_graph_optimise(g);
  dla_program *program = NULL;
  assert_int_equal(dla_lower(g, DLA_MODE_TRAINING, 2, true, &program, &err), DLA_OK);
  assert_string_equal(program->instruction[0].name, "conv");
  assert_string_equal(program->instruction[1].name, "b");
  dla_program_free(program);
  dla_graph_free(g);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(as_many_are_dropped_as_should_be),
      cmocka_unit_test(every_place_draws_its_own),
      cmocka_unit_test(evaluation_has_no_instruction_of_it),
      cmocka_unit_test(depth_rises_linearly),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
