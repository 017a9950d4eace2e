/* Graphs: shapes, errors that name the layer, and what the rewrites leave. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "graph/internal.h"

static dla_graph *graph_with_input(dla_tensor *x)
{
  dla_graph *g = dla_graph_create();
  assert_non_null(g);
  *x = dla_input(g, 3, 9, 7);
  return g;
}

/* The graph failed: at this layer, for a reason that mentions this. Frees it. */
static void assert_failed(dla_graph *g, dla_tensor x, const char *where, const char *what)
{
  dla_error err = {0};
  assert_int_equal(dla_graph_finish(g, x, &err), DLA_E_INPUT);
  assert_string_equal(err.where, where);
  if (!strstr(err.what, what)) fail_msg("'%s' does not mention '%s'", err.what, what);
  dla_graph_free(g);
}

static dla_tensor conv(dla_graph *g, const char *name, dla_tensor x, int64_t out, int64_t kernel)
{
  return dla_conv2d(g, name, x, (dla_conv2d_options){.out_channels = out, .kernel = kernel});
}

static void assert_shape(const dla_graph *g, dla_tensor x, dla_shape expected)
{
  dla_shape shape = dla_graph_shape(g, x);
  assert_true(dla_shape_equal(&shape, &expected));
}

static void shapes_are_pytorchs(void **state)
{
  (void)state;
  dla_tensor x;
  dla_graph *g = graph_with_input(&x);
  dla_tensor y =
      dla_conv2d(g, "a", x,
                 (dla_conv2d_options){
                     .out_channels = 5, .kernel = 3, .stride = 2, .padding = 1, .bias = true});
  assert_shape(g, y, DLA_SHAPE3(5, 5, 4));
  assert_shape(g, dla_avg_pool(g, "b", y, 2, 0, 0), DLA_SHAPE3(5, 2, 2));
  assert_shape(g, dla_max_pool(g, "c", y, 3, 2, 1), DLA_SHAPE3(5, 3, 2));
  const dla_tensor both[] = {y, dla_batch_norm(g, "d", y)};
  assert_shape(g, dla_concat(g, "e", both, 2), DLA_SHAPE3(10, 5, 4));
  assert_shape(g, dla_linear(g, "f", y, 7, true), DLA_SHAPE1(7));
  assert_int_equal(dla_graph_parameter_count(g), 5 * 3 * 9 + 5 + 2 * 5 + 7 * 100 + 7);
  dla_graph_free(g);
}

static void errors_name_the_layer(void **state)
{
  (void)state;
  dla_tensor x;
  dla_graph *g = graph_with_input(&x);
  assert_failed(g, conv(g, "base.conv", x, 4, 8), "base.conv", "kernel of 8");
  g = graph_with_input(&x);
  assert_failed(g, conv(g, "none", x, 0, 1), "none", "out_channels is 0");
  g = graph_with_input(&x);
  assert_failed(g, dla_add(g, "sum", x, conv(g, "c", x, 4, 1)), "sum", "3x9x7 and 4x9x7");
  g = graph_with_input(&x);
  const dla_tensor different[] = {x, conv(g, "c", x, 4, 3)};
  assert_failed(g, dla_concat(g, "cat", different, 2), "cat", "3x9x7 and 4x7x5");
  g = graph_with_input(&x);
  assert_failed(g, dla_max_pool(g, "pool", x, 3, 2, 2), "pool", "half of the kernel");
  g = graph_with_input(&x);
  assert_failed(g, dla_avg_pool(g, "pool", x, 8, 0, 0), "pool", "larger than its source 3x9x7");
  g = graph_with_input(&x);
  assert_failed(g, dla_batch_norm(g, "bn", dla_linear(g, "l", x, 4, true)), "bn",
                "its source is 4");
  g = graph_with_input(&x);
  assert_failed(g, conv(g, "same", conv(g, "same", x, 4, 1), 4, 1), "same.weight",
                "two parameters");
}

static void errors_name_the_input(void **state)
{
  (void)state;
  dla_tensor x;
  dla_graph *g = graph_with_input(&x);
  assert_failed(g, dla_input(g, 3, 9, 7), "input", "one input");
  g = dla_graph_create();
  assert_failed(g, dla_input(g, 3, 0, 7), "input", "3x0x7");
  g = dla_graph_create();
  assert_failed(g, dla_relu(g, "r", DLA_NO_TENSOR), "r", "no tensor");
  g = graph_with_input(&x);
  assert_failed(g, x, "loss", "3x9x7");
}

/* Later calls change nothing about the first failure. */
static void first_error_is_kept(void **state)
{
  (void)state;
  dla_tensor x;
  dla_graph *g = graph_with_input(&x);
  x = conv(g, "first", x, 4, 100);
  assert_int_equal(x, DLA_NO_TENSOR);
  x = dla_relu(g, "second", conv(g, "third", x, 4, 200));
  assert_int_equal(x, DLA_NO_TENSOR);
  assert_failed(g, dla_linear(g, "last", x, 4, true), "first", "100");
}

static void attributes_are_checked(void **state)
{
  (void)state;
  dla_tensor x;
  const dla_attribute kernel = {"kernel", 1.5}, unknown = {"colour", 1};
  dla_graph *g = graph_with_input(&x);
  assert_failed(g, dla_apply(g, "avg_pool", "p", &x, 1, &kernel, 1), "p", "whole number");
  g = graph_with_input(&x);
  assert_failed(g, dla_apply(g, "avg_pool", "p", &x, 1, NULL, 0), "p", "needs the attribute");
  g = graph_with_input(&x);
  assert_failed(g, dla_apply(g, "relu", "r", &x, 1, &unknown, 1), "r", "'colour'");
  g = graph_with_input(&x);
  assert_failed(g, dla_apply(g, "gelu", "r", &x, 1, NULL, 0), "r", "'gelu'");
  g = graph_with_input(&x);
  assert_failed(g, dla_apply(g, "add", "a", &x, 1, NULL, 0), "a", "2 inputs");
}

static int count_forward(const dla_program *program, dla_op_kind op)
{
  int count = 0;
  for (int i = 0; i < program->instruction_count; i++)
    count += program->instruction[i].op == op && program->instruction[i].pass == DLA_PASS_FORWARD;
  return count;
}

/* A block and a concat in front of a convolution: nothing is left of relu, add and concat. */
static void rewrites_fuse(void **state)
{
  (void)state;
  dla_tensor x, y;
  dla_error err = {0};
  dla_program *program = NULL;
  dla_graph *g = graph_with_input(&x);
  x = conv(g, "c1", x, 4, 1);
  y = dla_relu(g, "r1", dla_batch_norm(g, "b1", conv(g, "c2", x, 4, 1)));
  y = dla_relu(g, "r2", dla_add(g, "a", dla_batch_norm(g, "b2", conv(g, "c3", y, 4, 1)), x));
  const dla_tensor both[] = {x, y};
  x = conv(g, "c4", dla_concat(g, "cat", both, 2), 5, 1);
  assert_int_equal(dla_graph_finish(g, dla_linear(g, "l", x, 3, true), &err), DLA_OK);
  int64_t parameters = dla_graph_parameter_count(g);
  dla_graph_optimise(g);
  assert_int_equal(dla_graph_parameter_count(g), parameters);
  assert_int_equal(dla_lower(g, DLA_MODE_INFERENCE, 2, false, &program, &err), DLA_OK);
  assert_int_equal(count_forward(program, DLA_OP_RELU), 0);
  assert_int_equal(count_forward(program, DLA_OP_ADD), 0);
  assert_int_equal(count_forward(program, DLA_OP_CONCAT), 0);
  assert_int_equal(count_forward(program, DLA_OP_BATCH_NORM), 2);
  assert_int_equal(count_forward(program, DLA_OP_CONV2D), 5); /* c4 has two sources */
  dla_program_free(program);
  dla_graph_free(g);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(shapes_are_pytorchs),    cmocka_unit_test(errors_name_the_layer),
      cmocka_unit_test(errors_name_the_input),  cmocka_unit_test(first_error_is_kept),
      cmocka_unit_test(attributes_are_checked), cmocka_unit_test(rewrites_fuse),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
