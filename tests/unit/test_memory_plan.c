/* The memory plan: whatever the graph, values that live at the same time do not overlap. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "dla/backend.h"
#include "graph/internal.h"

#define MAX_VALUES 8192

static uint64_t next_random(uint64_t *state)
{
  *state = *state * 6364136223846793005u + 1442695040888963407u; /* Knuth's MMIX */
  return *state >> 33;
}

static dla_tensor conv_norm(dla_graph *g, int *names, dla_tensor x, int64_t out, int64_t kernel,
                            int64_t stride)
{
  char name[32];
  snprintf(name, sizeof name, "conv%d", *names);
  x = dla_conv2d(
      g, name, x,
      (dla_conv2d_options){
          .out_channels = out, .kernel = kernel, .stride = stride, .padding = kernel / 2});
  snprintf(name, sizeof name, "norm%d", (*names)++);
  return dla_batch_norm(g, name, x);
}

static dla_tensor relu(dla_graph *g, int *names, dla_tensor x)
{
  char name[32];
  snprintf(name, sizeof name, "relu%d", (*names)++);
  return dla_relu(g, name, x);
}

static dla_tensor block(dla_graph *g, int *names, dla_tensor x, int64_t out, int64_t stride)
{
  char name[32];
  dla_tensor y = relu(g, names, conv_norm(g, names, x, out, 3, stride));
  y = conv_norm(g, names, y, out, 3, 1);
  if (stride != 1 || dla_graph_shape(g, x).dim[0] != out)
    x = conv_norm(g, names, x, out, 1, stride);
  snprintf(name, sizeof name, "add%d", (*names)++);
  return relu(g, names, dla_add(g, name, y, x));
}

/* Simple deep layer aggregation: left and right are blocks or trees, joined by root. */
static dla_tensor tree(dla_graph *g, int *names, dla_tensor x, int64_t out, int level,
                       int64_t stride)
{
  char name[32];
  dla_tensor both[2];
  both[0] = level > 1 ? tree(g, names, x, out, level - 1, stride) : block(g, names, x, out, stride);
  both[1] =
      level > 1 ? tree(g, names, both[0], out, level - 1, 1) : block(g, names, both[0], out, 1);
  snprintf(name, sizeof name, "cat%d", (*names)++);
  return relu(g, names, conv_norm(g, names, dla_concat(g, name, both, 2), out, 1, 1));
}

static dla_graph *finished(dla_graph *g, dla_tensor x)
{
  dla_error err = {0};
  if (dla_graph_finish(g, dla_linear(g, "linear", x, 10, true), &err))
    fail_msg("%s: %s", err.where, err.what);
  return g;
}

static dla_graph *simple_dla(void)
{
  int names = 0;
  dla_graph *g = dla_graph_create();
  assert_non_null(g);
  dla_tensor x = dla_input(g, 3, 16, 16);
  x = relu(g, &names, conv_norm(g, &names, x, 8, 3, 1));
  x = tree(g, &names, x, 16, 1, 1);
  x = tree(g, &names, x, 24, 2, 2);
  x = tree(g, &names, x, 32, 2, 2);
  return finished(g, dla_avg_pool(g, "pool", x, 4, 0, 0));
}

/* Ops on tensors chosen at random among all before; one shape, so that any two go together. */
static dla_graph *random_graph(uint64_t *state)
{
  enum { OPS = 25 };
  dla_tensor made[OPS + 1];
  dla_graph *g = dla_graph_create();
  assert_non_null(g);
  made[0] = dla_input(g, 4, 5, 5);
  for (int i = 0; i < OPS; i++) {
    char name[32];
    uint64_t recent = (uint64_t)(i < 6 ? i + 1 : 6);
    dla_tensor src[2] = {made[i - (int)(next_random(state) % recent)],
                         made[(int)(next_random(state) % (uint64_t)(i + 1))]};
    snprintf(name, sizeof name, "op%d", i);
    switch (next_random(state) % 6) {
    case 0:
      made[i + 1] = dla_relu(g, name, src[0]);
      break;
    case 1:
      made[i + 1] = dla_add(g, name, src[0], src[1]);
      break;
    case 2:
      made[i + 1] = dla_max_pool(g, name, src[0], 3, 1, 1);
      break;
    case 3:
      made[i + 1] = dla_batch_norm(g, name, src[0]);
      break;
    default:
      if (next_random(state) % 2) {
        char cat[40];
        snprintf(cat, sizeof cat, "%s.cat", name);
        src[0] = dla_concat(g, cat, src, 2);
      }
      made[i + 1] =
          dla_conv2d(g, name, src[0], (dla_conv2d_options){.out_channels = 4, .kernel = 1});
    }
  }
  return finished(g, made[OPS]);
}

/* Of each value, views counted as their base: between which instructions it is needed. */
typedef struct lifetime {
  int first, last;
} lifetime;

static void find_lifetimes(const dla_program *program, lifetime *lifetimes)
{
  int end = program->instruction_count - 1;
  for (int i = 0; i < program->value_count; i++)
    lifetimes[i] = (lifetime){-1, -1};
  for (int i = 0; i <= end; i++)
    for (int k = 0; k < DLA_ARG_COUNT; k++) {
      int value = program->instruction[i].arg[k];
      if (value >= 0 && program->value[value].view_of >= 0) value = program->value[value].view_of;
      if (value < 0) continue;
      if (lifetimes[value].first < 0) lifetimes[value].first = i;
      lifetimes[value].last = i;
    }
  lifetimes[program->input].first = lifetimes[program->labels].first = 0;
  lifetimes[program->logits].last = lifetimes[program->loss].last = end;
  for (int k = 0; k < program->update.count; k++)
    lifetimes[program->update.pair[k].gradient].last = end;
}

static bool in_arena(const dla_value *value)
{
  return value->kind != DLA_VALUE_PARAMETER && value->kind != DLA_VALUE_STATE && value->view_of < 0;
}

static void check_pair(const dla_program *program, const lifetime *lifetimes, int i, int k)
{
  const dla_value *a = &program->value[i], *b = &program->value[k];
  bool together =
      lifetimes[i].first <= lifetimes[k].last && lifetimes[k].first <= lifetimes[i].last;
  bool overlap = a->offset < b->offset + b->bytes && b->offset < a->offset + a->bytes;
  if (together && overlap) fail_msg("%s (%d) and %s (%d) overlap", a->name, i, b->name, k);
}

static void check_plan(const dla_program *program)
{
  static lifetime lifetimes[MAX_VALUES];
  size_t end = 0;
  assert_true(program->value_count <= MAX_VALUES);
  find_lifetimes(program, lifetimes);
  for (int i = 0; i < program->value_count; i++) {
    const dla_value *value = &program->value[i];
    if (!in_arena(value) || lifetimes[i].first < 0) continue;
    assert_int_equal(value->offset % DLA_ALIGNMENT, 0);
    size_t value_end = value->offset + dla_align(value->bytes);
    if (value_end > end) end = value_end;
    for (int k = 0; k < i; k++)
      if (in_arena(&program->value[k]) && lifetimes[k].first >= 0)
        check_pair(program, lifetimes, i, k);
  }
  assert_int_equal(program->arena_bytes, end);
}

/* Sizes that are no multiples of anything, and scratchpads for some instructions. */
static void invent_sizes(dla_program *program, uint64_t *state)
{
  for (int i = 0; i < program->value_count; i++)
    program->value[i].bytes += next_random(state) % 3 ? 0 : next_random(state) % 200;
  for (int i = 0; i < program->instruction_count; i++)
    program->instruction[i].scratchpad_bytes =
        next_random(state) % 2 ? 0 : (size_t)(next_random(state) % 5000);
}

static void check_graph(const dla_graph *graph, uint64_t *state)
{
  const dla_backend *backend = dla_backend_find("reference");
  dla_error err = {0};
  for (int variant = 0; variant < 3; variant++) {
    void *plan = NULL;
    dla_program *program = NULL;
    dla_mode mode = variant == 0 ? DLA_MODE_INFERENCE : DLA_MODE_TRAINING;
    assert_int_equal(dla_lower(graph, mode, 3, variant == 2, &program, &err), DLA_OK);
    assert_int_equal(backend->plan(NULL, program, &plan, &err), DLA_OK);
    invent_sizes(program, state);
    assert_int_equal(dla_plan_memory(program, &err), DLA_OK);
    check_plan(program);
    dla_program_free(program);
  }
}

static void simple_dla_does_not_overlap(void **state)
{
  (void)state;
  uint64_t random = 1;
  dla_graph *graph = simple_dla();
  check_graph(graph, &random);
  dla_graph_optimise(graph);
  check_graph(graph, &random);
  dla_graph_free(graph);
}

static void random_graphs_do_not_overlap(void **state)
{
  (void)state;
  uint64_t random = 7;
  for (int i = 0; i < 100; i++) {
    dla_graph *graph = random_graph(&random);
    check_graph(graph, &random);
    dla_graph_optimise(graph);
    check_graph(graph, &random);
    dla_graph_free(graph);
  }
}

/* What makes planning worth it: values share memory. */
static void memory_is_shared(void **state)
{
  (void)state;
  void *plan;
  dla_program *program = NULL;
  dla_error err = {0};
  dla_graph *graph = simple_dla();
  dla_graph_optimise(graph);
  assert_int_equal(dla_lower(graph, DLA_MODE_INFERENCE, 4, false, &program, &err), DLA_OK);
  assert_int_equal(dla_backend_find("reference")->plan(NULL, program, &plan, &err), DLA_OK);
  assert_int_equal(dla_plan_memory(program, &err), DLA_OK);
  size_t sum = 0;
  for (int i = 0; i < program->value_count; i++)
    if (in_arena(&program->value[i])) sum += program->value[i].bytes;
  assert_true(program->arena_bytes * 3 < sum);
  dla_program_free(program);
  dla_graph_free(graph);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(simple_dla_does_not_overlap),
      cmocka_unit_test(random_graphs_do_not_overlap),
      cmocka_unit_test(memory_is_shared),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
