/* Each instruction set's convolutions against plain loops in double precision, on sizes that are no
 * multiple of anything; and their bits where threads of the team do not come. */
#define _GNU_SOURCE /* sched_setaffinity */
#include <sched.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "kernel_fixture.h"
#include "kernels/pointwise.h"
#include "kernels/winograd.h"

/* Three threads twice: with a processor for each, as far as there are so many, and with one for all
 * of them, where the others rarely come. */
static dla_team *team_of_three, *team_on_one_processor;

typedef struct size {
  int kernel; /* 3: Winograd's algorithm, 1: pointwise */
  int stride;
  int64_t batch, in, out, height, width;
} size;

static const size sizes[] = {
    {3, 1, 1, 1, 1, 1, 1},     {3, 1, 3, 3, 5, 7, 7},   {3, 1, 2, 17, 33, 7, 5},
    {3, 1, 19, 9, 16, 4, 4},   {3, 1, 2, 40, 7, 13, 1}, {3, 2, 1, 1, 1, 1, 1},
    {3, 2, 3, 3, 5, 7, 7},     {3, 2, 2, 17, 33, 8, 7}, {3, 2, 5, 33, 9, 2, 2},
    {1, 1, 1, 1, 1, 1, 1},     {1, 1, 3, 3, 5, 7, 7},   {1, 1, 2, 17, 33, 5, 1},
    {1, 1, 130, 10, 50, 1, 1}, {1, 2, 2, 17, 9, 7, 7},  {1, 2, 3, 33, 17, 8, 5},
};

static const size large_sizes[] = {
    /* More weights than a cache holds, and more tiles than threads work on at once. */
    {3, 1, 130, 520, 264, 1, 1},
    {3, 2, 70, 264, 520, 1, 1},
};

enum { FORWARD, BACKWARD_DATA, BACKWARD_WEIGHTS, PASSES };
static const char *const pass_names[] = {"forward", "backward_data", "backward_weights"};

typedef struct arrays {
  float *src, *weights, *dst;
} arrays;

/* What the pass computes from the other two. */
static float **result_of(arrays *a, int pass)
{
  return pass == FORWARD ? &a->dst : pass == BACKWARD_DATA ? &a->src : &a->weights;
}

static int64_t shrunk(const size *s, int64_t length)
{
  return (length - 1) / s->stride + 1;
}

static dla_blocked src_shape(const size *s, int block)
{
  return (dla_blocked){s->batch, s->in, s->height * s->width, block};
}

static dla_blocked dst_shape(const size *s, int block)
{
  return (dla_blocked){s->batch, s->out, shrunk(s, s->height) * shrunk(s, s->width), block};
}

static kernel_weights weights_shape(const size *s, int block)
{
  return (kernel_weights){s->out, s->in, s->kernel * s->kernel, block};
}

static size_t result_count(const size *s, int pass)
{
  int64_t weights = s->out * s->in * s->kernel * s->kernel;
  dla_blocked images = pass == FORWARD ? dst_shape(s, 1) : src_shape(s, 1);
  return pass == BACKWARD_WEIGHTS ? (size_t)weights : kernel_image_floats(&images);
}

typedef struct sums {
  const size *s;
  const arrays *a;
  int pass;
  double *to;
} sums;

/* One tap's products, of all channels. at: dst's pixel; from: src's; tap: the weight's. */
static void add_products(const sums *p, int64_t n, int64_t at, int64_t from, int64_t tap)
{
  const size *s = p->s;
  const int64_t pixels = shrunk(s, s->height) * shrunk(s, s->width);
  for (int64_t o = 0; o < s->out; o++) {
    const int64_t dst = (n * s->out + o) * pixels + at;
    for (int64_t i = 0; i < s->in; i++) {
      const int64_t src = (n * s->in + i) * s->height * s->width + from;
      const int64_t weight = (o * s->in + i) * s->kernel * s->kernel + tap;
      if (p->pass == FORWARD)
        p->to[dst] += (double)p->a->src[src] * p->a->weights[weight];
      else if (p->pass == BACKWARD_DATA)
        p->to[src] += (double)p->a->dst[dst] * p->a->weights[weight];
      else
        p->to[weight] += (double)p->a->src[src] * p->a->dst[dst];
    }
  }
}

static void add_taps(const sums *p, int64_t n, int64_t at)
{
  const size *s = p->s;
  const int64_t columns = shrunk(s, s->width);
  const int64_t top = at / columns * s->stride - s->kernel / 2;
  const int64_t left = at % columns * s->stride - s->kernel / 2;
  for (int64_t v = 0; v < s->kernel; v++)
    for (int64_t h = 0; h < s->kernel; h++)
      if (top + v >= 0 && top + v < s->height && left + h >= 0 && left + h < s->width)
        add_products(p, n, at, (top + v) * s->width + left + h, v * s->kernel + h);
}

static float *plain_result(const size *s, const arrays *a, int pass)
{
  size_t count = result_count(s, pass);
  const sums p = {s, a, pass, calloc(count, sizeof(double))};
  assert_non_null(p.to);
  for (int64_t n = 0; n < s->batch; n++)
    for (int64_t at = 0; at < shrunk(s, s->height) * shrunk(s, s->width); at++)
      add_taps(&p, n, at);
  float *result = kernel_floats(count);
  for (size_t k = 0; k < count; k++)
    result[k] = (float)p.to[k];
  free(p.to);
  return result;
}

static void run_winograd(const size *s, const dla_leaf_kernels *leaf, dla_team *team, int pass,
                         const arrays *a)
{
  static const dla_winograd_pass passes[] = {DLA_WINOGRAD_FORWARD, DLA_WINOGRAD_BACKWARD_DATA,
                                             DLA_WINOGRAD_BACKWARD_WEIGHTS};
  const dla_winograd w = {leaf, s->batch, s->height, s->width, s->in, s->out, s->stride, team};
  float *scratchpad = kernel_floats(dla_winograd_scratchpad(&w, passes[pass]) / sizeof(float));
  if (pass == FORWARD)
    dla_winograd_forward(&w, a->src, a->weights, NULL, false, false, a->dst, scratchpad);
  else if (pass == BACKWARD_DATA)
    dla_winograd_backward_data(&w, a->dst, a->weights, a->src, scratchpad);
  else
    dla_winograd_backward_weights(&w, a->src, a->dst, a->weights, scratchpad);
  free(scratchpad);
}

static void run_pointwise(const size *s, const dla_leaf_kernels *leaf, dla_team *team, int pass,
                          const arrays *a)
{
  const dla_window window = {.height = s->height,
                             .width = s->width,
                             .out_height = shrunk(s, s->height),
                             .out_width = shrunk(s, s->width),
                             .kernel_height = 1,
                             .kernel_width = 1,
                             .stride = s->stride,
                             .dilation = 1};
  const dla_pointwise p = {leaf, window, s->batch, s->in, s->out, team};
  size_t bytes = pass == BACKWARD_WEIGHTS ? dla_pointwise_weights_scratchpad(&p)
                                          : dla_pointwise_scratchpad(&p);
  float *scratchpad = kernel_floats(bytes / sizeof(float));
  if (pass == FORWARD)
    dla_pointwise_forward(&p, a->src, a->weights, NULL, false, false, a->dst, scratchpad);
  else if (pass == BACKWARD_DATA)
    dla_pointwise_backward_data(&p, a->dst, a->weights, a->src, scratchpad);
  else
    dla_pointwise_backward_weights(&p, a->src, a->dst, a->weights, scratchpad);
  free(scratchpad);
}

static arrays numbers_of(const size *s)
{
  return (arrays){.src = kernel_numbers(result_count(s, BACKWARD_DATA), 1),
                  .weights = kernel_numbers(result_count(s, BACKWARD_WEIGHTS), 2),
                  .dst = kernel_numbers(result_count(s, FORWARD), 3)};
}

static void free_arrays(arrays *a)
{
  free(a->src);
  free(a->weights);
  free(a->dst);
}

/* The kernel's result, in plain order. What was in its place must not matter: ones. */
static float *kernel_result(const size *s, const dla_leaf_kernels *leaf, dla_team *team, int pass)
{
  int block = leaf->block;
  arrays plain = numbers_of(s);
  float *place = *result_of(&plain, pass);
  for (size_t k = 0; k < result_count(s, pass); k++)
    place[k] = 1;
  dla_blocked src = src_shape(s, block), dst = dst_shape(s, block);
  kernel_weights weights = weights_shape(s, block);
  arrays a = {.src = kernel_pack_images(&src, plain.src),
              .weights = kernel_pack_weights(&weights, plain.weights),
              .dst = kernel_pack_images(&dst, plain.dst)};
  (s->kernel == 3 ? run_winograd : run_pointwise)(s, leaf, team, pass, &a);
  float *result = pass == FORWARD         ? kernel_unpack_images(&dst, a.dst)
                  : pass == BACKWARD_DATA ? kernel_unpack_images(&src, a.src)
                                          : kernel_unpack_weights(&weights, a.weights);
  free_arrays(&a);
  free_arrays(&plain);
  return result;
}

static const char *describe(char text[128], const size *s, int pass)
{
  snprintf(text, 128, "%dx%d, stride %d, %d images, %d to %d channels, %dx%d, %s", s->kernel,
           s->kernel, s->stride, (int)s->batch, (int)s->in, (int)s->out, (int)s->height,
           (int)s->width, pass_names[pass]);
  return text;
}

/* The result is right, and it has the same bits where one thread of three does the work. */
static void check(const size *s, const dla_leaf_kernels *leaf, int pass, const float *expected)
{
  char text[128];
  const size_t count = result_count(s, pass);
  float *got = kernel_result(s, leaf, team_of_three, pass);
  float *alone = kernel_result(s, leaf, team_on_one_processor, pass);
  kernel_compare(describe(text, s, pass), leaf->name, expected, got, count, 2e-5);
  if (memcmp(got, alone, count * sizeof *got))
    fail_msg("%s, %s: other bits with one thread of three", describe(text, s, pass), leaf->name);
  free(got);
  free(alone);
}

static void check_size(const size *s, const dla_leaf_kernels *const *leaves, size_t count)
{
  for (int pass = 0; pass < PASSES; pass++) {
    arrays plain = numbers_of(s);
    float *expected = plain_result(s, &plain, pass);
    for (size_t k = 0; k < count; k++)
      check(s, leaves[k], pass, expected);
    free(expected);
    free_arrays(&plain);
  }
}

static void convolutions_are_right_with_the_bits_of_the_size_of_the_team(void **state)
{
  (void)state;
  const dla_leaf_kernels *leaves[DLA_ISA_COUNT];
  size_t count = kernel_leaves(leaves);
  for (size_t k = 0; k < sizeof sizes / sizeof *sizes; k++)
    check_size(&sizes[k], leaves, count);
#ifdef __SANITIZE_ADDRESS__
  /* Which addresses are used does not depend on the instructions; generic ones take longest. */
  leaves[0] = leaves[count - 1];
  count = 1;
#endif
  for (size_t k = 0; k < sizeof large_sizes / sizeof *large_sizes; k++)
    check_size(&large_sizes[k], leaves, count);
}

static int create_teams(void **state)
{
  (void)state;
  dla_error error = {0};
  cpu_set_t all, one;
  if (dla_team_create(3, &team_of_three, &error) || sched_getaffinity(0, sizeof all, &all))
    return 1;
  CPU_ZERO(&one);
  CPU_SET(sched_getcpu(), &one);
  sched_setaffinity(0, sizeof one, &one); /* threads inherit it */
  dla_status status = dla_team_create(3, &team_on_one_processor, &error);
  sched_setaffinity(0, sizeof all, &all);
  return status != DLA_OK;
}

static int destroy_teams(void **state)
{
  (void)state;
  dla_team_destroy(team_of_three);
  dla_team_destroy(team_on_one_processor);
  return 0;
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(convolutions_are_right_with_the_bits_of_the_size_of_the_team),
  };
  return cmocka_run_group_tests(tests, create_teams, destroy_teams);
}
