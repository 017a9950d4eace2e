/* Each instruction set's batch norms, pools and ReLU against the generic one's (which the op tests
 * compare with the reference backend), on planes and channels that are no multiple of anything. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <math.h>

#include <cmocka.h>

#include "base/bf16.h"
#include "kernel_fixture.h"

static dla_team *team;

typedef struct size {
  int64_t batch, channels, height, width;
} size;

static bool same(float a, float b)
{
  return isnan(a) ? isnan(b) : a == b;
}

/* A batch norm over two values has a gradient of nothing but rounding. The last one is larger than
 * the caches that batch norm counts on. */
static const size sizes[] = {{2, 1, 2, 1},  {130, 3, 1, 1}, {3, 5, 7, 7},  {2, 17, 5, 3},
                             {5, 33, 4, 4}, {1, 9, 13, 11}, {2, 16, 8, 8}, {3, 40, 96, 97}};
enum { SIZES = sizeof sizes / sizeof *sizes };

static dla_blocked shape_of(const size *s, int block)
{
  return (dla_blocked){s->batch, s->channels, s->height * s->width, block};
}

static float *images_of(const size *s, int block, unsigned seed)
{
  dla_blocked shape = shape_of(s, block);
  float *plain = kernel_numbers((size_t)(s->batch * s->channels * s->height * s->width), seed);
  float *blocked = kernel_pack_images(&shape, plain);
  free(plain);
  return blocked;
}

/* Away from ReLU's kink, where rounding would decide about a gradient: src keeps off its mean, and
 * what is added to it stays small. */
static void keep_off_zero(float *numbers, size_t count)
{
  for (size_t i = 0; i < count; i++)
    if (numbers[i] != 0) numbers[i] += numbers[i] < 0 ? -0.5f : 0.5f;
}

static void shrink(float *numbers, size_t count)
{
  for (size_t i = 0; i < count; i++)
    numbers[i] *= 0.05f;
}

/* A parameter of each channel, above zero; padded with zeros. */
static float *per_channel(const dla_blocked *shape, unsigned seed)
{
  float *numbers = kernel_numbers((size_t)shape->channels, seed);
  float *padded = kernel_floats((size_t)dla_blocked_padded(shape));
  for (int64_t c = 0; c < shape->channels; c++)
    padded[c] = 1.5f + numbers[c];
  free(numbers);
  return padded;
}

/* ---- Batch norm. All that a forward and a backward pass write. */

enum { DST, INFERENCE, DIFF_SRC, DIFF_RESIDUAL, IMAGES };
enum { MEAN, VARIANCE, RUNNING_MEAN, RUNNING_VARIANCE, DIFF_WEIGHTS, DIFF_BIAS, CHANNELS };
static const char *const image_names[] = {"dst", "dst of inference", "diff_src", "diff_residual"};
static const char *const channel_names[] = {
    "mean", "variance", "running mean", "running variance", "diff_weights", "diff_bias"};

typedef struct norm_results {
  float *images[IMAGES], *channels[CHANNELS]; /* plain */
} norm_results;

static void run_passes(dla_batch_norm_args *a, float *images[IMAGES])
{
  float *mask = a->residual ? images[DST] : NULL;
  a->dst = images[INFERENCE];
  dla_batch_norm_inference(a);
  a->dst = images[DST];
  dla_batch_norm_training(a);
  a->dst = mask;
  dla_batch_norm_backward(a);
}

static norm_results batch_norm(const size *s, const dla_leaf_kernels *leaf, bool residual,
                               bool relu)
{
  norm_results results;
  dla_blocked shape = shape_of(s, leaf->block);
  float *images[IMAGES], *channels[CHANNELS];
  for (int k = 0; k < IMAGES; k++)
    images[k] = kernel_floats(kernel_image_floats(&shape));
  for (int k = 0; k < CHANNELS; k++)
    channels[k] = per_channel(&shape, 10);
  float *src = images_of(s, leaf->block, 1), *diff = images_of(s, leaf->block, 2);
  float *added = images_of(s, leaf->block, 3), *weights = per_channel(&shape, 4);
  float *bias = per_channel(&shape, 5);
  float *scratchpad = kernel_floats(dla_batch_norm_scratchpad(&shape));
  keep_off_zero(src, kernel_image_floats(&shape));
  shrink(added, kernel_image_floats(&shape));
  shrink(bias, (size_t)dla_blocked_padded(&shape));
  dla_batch_norm_args args = {.team = team,
                              .leaf = leaf,
                              .shape = shape,
                              .eps = 1e-5f,
                              .momentum = 0.1f,
                              .relu = relu,
                              .src = src,
                              .residual = residual ? added : NULL,
                              .weights = weights,
                              .bias = bias,
                              .running_mean = channels[RUNNING_MEAN],
                              .running_variance = channels[RUNNING_VARIANCE],
                              .mean = channels[MEAN],
                              .variance = channels[VARIANCE],
                              .diff_dst = {diff},
                              .diff_src = images[DIFF_SRC],
                              .diff_residual = residual ? images[DIFF_RESIDUAL] : NULL,
                              .diff_weights = channels[DIFF_WEIGHTS],
                              .diff_bias = channels[DIFF_BIAS],
                              .scratchpad = scratchpad};
  run_passes(&args, images);
  for (int k = 0; k < IMAGES; k++) {
    results.images[k] = kernel_unpack_images(&shape, images[k]);
    free(images[k]);
  }
  memcpy(results.channels, channels, sizeof channels);
  float *used[] = {src, diff, added, weights, bias, scratchpad};
  for (size_t k = 0; k < sizeof used / sizeof *used; k++)
    free(used[k]);
  return results;
}

static void free_results(norm_results *r)
{
  for (int k = 0; k < IMAGES; k++)
    free(r->images[k]);
  for (int k = 0; k < CHANNELS; k++)
    free(r->channels[k]);
}

static void check_batch_norm(const size *s, const dla_leaf_kernels *leaf, bool residual, bool relu)
{
  size_t count = (size_t)(s->batch * s->channels * s->height * s->width);
  norm_results expected = batch_norm(s, dla_leaf(DLA_ISA_GENERIC, DLA_F32), residual, relu);
  norm_results got = batch_norm(s, leaf, residual, relu);
  for (int k = 0; k < IMAGES; k++)
    kernel_compare(image_names[k], leaf->name, expected.images[k], got.images[k], count, 1e-5);
  for (int k = 0; k < CHANNELS; k++)
    kernel_compare(channel_names[k], leaf->name, expected.channels[k], got.channels[k],
                   (size_t)s->channels, 1e-5);
  free_results(&expected);
  free_results(&got);
}

static void check_batch_norms(const dla_leaf_kernels *leaf)
{
  for (int k = 0; k < SIZES; k++)
    for (int form = 0; form < 4; form++)
      check_batch_norm(&sizes[k], leaf, form & 1, form & 2);
}

static void batch_norms_agree(void **state)
{
  (void)state;
  kernel_for_each(check_batch_norms);
}

/* ---- Pools. */

static const struct {
  int64_t kernel, stride, padding;
} windows[] = {{1, 1, 0}, {2, 2, 0}, {2, 1, 1}, {3, 2, 1}, {3, 1, 1}, {5, 3, 2}};

static bool window_of(const size *s, size_t k, dla_window *w)
{
  int64_t kernel = windows[k].kernel, stride = windows[k].stride, padding = windows[k].padding;
  *w = (dla_window){s->height, s->width, 0, 0, kernel, kernel, stride, padding, 1};
  if (s->height + 2 * padding < kernel || s->width + 2 * padding < kernel) return false;
  w->out_height = (s->height + 2 * padding - kernel) / stride + 1;
  w->out_width = (s->width + 2 * padding - kernel) / stride + 1;
  return true;
}

typedef struct pool_results {
  float *dst, *diff_src; /* plain */
} pool_results;

static pool_results pool(const size *s, const dla_window *w, const dla_leaf_kernels *leaf, bool max)
{
  const size out = {s->batch, s->channels, w->out_height, w->out_width};
  dla_blocked src_shape = shape_of(s, leaf->block), dst_shape = shape_of(&out, leaf->block);
  int64_t planes = s->batch * dla_blocked_padded(&src_shape) / leaf->block;
  float *src = images_of(s, leaf->block, 1), *diff_dst = images_of(&out, leaf->block, 2);
  float *dst = kernel_floats(kernel_image_floats(&dst_shape));
  float *diff_src = kernel_floats(kernel_image_floats(&src_shape));
  int32_t *where = calloc(kernel_image_floats(&dst_shape) + 16, sizeof *where);
  int32_t *aligned = where ? where + (64 - (uintptr_t)where % 64) % 64 / sizeof *where : NULL;
  assert_non_null(where);
  if (max) {
    dla_max_pool_kernel(team, leaf, w, planes, src, dst, aligned);
    dla_max_pool_backward_kernel(team, leaf, w, planes, diff_dst, aligned, diff_src);
  } else {
    dla_avg_pool_kernel(team, leaf, w, planes, src, dst);
    dla_avg_pool_backward_kernel(team, leaf, w, planes, diff_dst, diff_src);
  }
  pool_results results = {kernel_unpack_images(&dst_shape, dst),
                          kernel_unpack_images(&src_shape, diff_src)};
  float *used[] = {src, diff_dst, dst, diff_src};
  for (size_t k = 0; k < sizeof used / sizeof *used; k++)
    free(used[k]);
  free(where);
  return results;
}

static void check_pool(const size *s, const dla_window *w, const dla_leaf_kernels *leaf, bool max)
{
  size_t planes = (size_t)(s->batch * s->channels);
  pool_results expected = pool(s, w, dla_leaf(DLA_ISA_GENERIC, DLA_F32), max),
               got = pool(s, w, leaf, max);
  kernel_compare(max ? "max_pool" : "avg_pool", leaf->name, expected.dst, got.dst,
                 planes * (size_t)(w->out_height * w->out_width), max ? 0 : 1e-6);
  kernel_compare(max ? "max_pool, backward" : "avg_pool, backward", leaf->name, expected.diff_src,
                 got.diff_src, planes * (size_t)(s->height * s->width), 1e-6);
  free(expected.dst);
  free(expected.diff_src);
  free(got.dst);
  free(got.diff_src);
}

static void check_pools(const dla_leaf_kernels *leaf)
{
  for (int k = 0; k < SIZES - 1; k++)
    for (size_t v = 0; v < sizeof windows / sizeof *windows; v++) {
      dla_window w;
      if (!window_of(&sizes[k], v, &w)) continue;
      check_pool(&sizes[k], &w, leaf, false);
      check_pool(&sizes[k], &w, leaf, true);
    }
}

static void pools_agree(void **state)
{
  (void)state;
  kernel_for_each(check_pools);
}

/* The largest of a window, the first of equals, and a NaN before all: the instruction sets share a
 * source, so comparing them does not tell. Half numbers, so that there are equals, and some NaN. */
static int32_t largest_of(const dla_window *w, const float *plane, int64_t at)
{
  int64_t top = at / w->out_width * w->stride - w->padding;
  int64_t left = at % w->out_width * w->stride - w->padding;
  int64_t best = -1;
  for (int64_t y = top < 0 ? 0 : top; y < top + w->kernel_height && y < w->height; y++)
    for (int64_t x = left < 0 ? 0 : left; x < left + w->kernel_width && x < w->width; x++) {
      float value = plane[y * w->width + x];
      if (best < 0 || value > plane[best] || isnan(value)) best = y * w->width + x;
    }
  return (int32_t)best;
}

static void check_places(const size *s, const dla_window *w, const dla_leaf_kernels *leaf)
{
  int64_t pixels = s->height * s->width, out_pixels = w->out_height * w->out_width;
  int block = leaf->block;
  float *plane = kernel_numbers((size_t)pixels, 6), *src = kernel_floats((size_t)(pixels * block));
  float *dst = kernel_floats((size_t)(out_pixels * block));
  float *room = kernel_floats((size_t)(out_pixels * block)); /* as large as the places */
  int32_t *where = (int32_t *)(void *)room;
  for (int64_t i = 0; i < pixels; i++)
    plane[i] = i % 11 == 7 ? NAN : roundf(2 * plane[i]) / 2;
  for (int64_t i = 0; i < pixels * block; i++)
    src[i] = plane[i / block];
  dla_max_pool_kernel(team, leaf, w, 1, src, dst, where);
  for (int64_t i = 0; i < out_pixels * block; i++) {
    int32_t best = largest_of(w, plane, i / block);
    if (where[i] != best || !same(dst[i], plane[best]))
      fail_msg("%s: max_pool gives %g at %d, not %g at %d", leaf->name, (double)dst[i],
               (int)where[i], (double)plane[best], (int)best);
  }
  free(plane);
  free(src);
  free(dst);
  free(room);
}

static void check_all_places(const dla_leaf_kernels *leaf)
{
  for (int k = 0; k < SIZES - 1; k++)
    for (size_t v = 0; v < sizeof windows / sizeof *windows; v++) {
      dla_window w;
      if (window_of(&sizes[k], v, &w)) check_places(&sizes[k], &w, leaf);
    }
}

static void max_pool_takes_the_first_of_equals_and_nan_before_all(void **state)
{
  (void)state;
  kernel_for_each(check_all_places);
}

/* ---- ReLU, with numbers that are none, in vectors and in what is left behind the last one. */

static void check_relu(const dla_leaf_kernels *leaf)
{
  enum { COUNT = 37 };
  static const float numbers[] = {NAN, -INFINITY, INFINITY, -1, 2, 0, -0.0f};
  enum { NUMBERS = sizeof numbers / sizeof *numbers };
  float *src = kernel_floats(COUNT), *dst = kernel_floats(COUNT), *diff = kernel_floats(COUNT);
  for (int k = 0; k < COUNT; k++)
    src[k] = numbers[k % NUMBERS], diff[k] = (float)(k + 1);
  dla_relu_kernel(team, leaf, src, dst, COUNT);
  for (int k = 0; k < COUNT; k++)
    if (!same(dst[k], src[k] < 0 ? 0 : src[k]))
      fail_msg("%s: relu(%g) is %g", leaf->name, (double)src[k], (double)dst[k]);
  dla_relu_backward_kernel(team, leaf, dst, diff, src, COUNT);
  for (int k = 0; k < COUNT; k++)
    if (!same(src[k], dst[k] <= 0 ? 0 : diff[k])) /* PyTorch's: a NaN lets its gradient through */
      fail_msg("%s: the gradient where relu is %g is %g", leaf->name, (double)dst[k],
               (double)src[k]);
  free(src);
  free(dst);
  free(diff);
}

static void relu_hands_on_what_is_no_number(void **state)
{
  (void)state;
  kernel_for_each(check_relu);
}

/* ---- bfloat16: known roundings, and what is written to images of it. */

static void check_rounding(const dla_leaf_kernels *leaf)
{
  static const struct {
    float value;
    uint16_t half;
  } known[] = {
      {0, 0},
      {-0.0f, 0x8000},
      {1, 0x3f80},
      {-2.5f, 0xc020},
      {1.00390625f, 0x3f80},    /* a tie, to even below */
      {1.01171875f, 0x3f82},    /* a tie, to even above */
      {1.00390637f, 0x3f81},    /* just above a tie */
      {3.38953139e38f, 0x7f7f}, /* the largest */
      {3.40282347e38f, 0x7f80}, /* FLT_MAX: beyond it */
      {INFINITY, 0x7f80},
      {-INFINITY, 0xff80},
      {1.17549435e-38f, 0x0080}, /* the least that is normal */
  };
  enum { KNOWN = sizeof known / sizeof *known, COUNT = 3 * KNOWN + 1 };
  float *src = kernel_floats(COUNT), *back = kernel_floats(COUNT);
  uint16_t *half = (uint16_t *)(void *)kernel_floats(COUNT);
  for (int k = 0; k < COUNT; k++)
    src[k] = k == COUNT - 1 ? NAN : known[k % KNOWN].value;
  dla_narrow_kernel(team, leaf, src, half, COUNT);
  dla_widen_kernel(team, leaf, half, back, COUNT);
  for (int k = 0; k < COUNT - 1; k++)
    if (half[k] != known[k % KNOWN].half || dla_bf16_round(back[k]) != half[k])
      fail_msg("%s: %.9g becomes 0x%04x and %.9g", leaf->name, (double)src[k], half[k],
               (double)back[k]);
  assert_true(isnan(back[COUNT - 1]));
  free(src);
  free(back);
  free(half);
}

static void check_stores(const dla_leaf_kernels *leaf)
{
  enum { PIXELS = 7, MOST = 16 };
  const int count = PIXELS * leaf->block;
  float *src = kernel_numbers((size_t)count, 1), *ends = kernel_floats(2 * MOST);
  uint16_t *half = (uint16_t *)(void *)kernel_floats((size_t)count);
  uint16_t *dst = (uint16_t *)(void *)kernel_floats((size_t)count);
  src[3] = INFINITY, src[4] = -INFINITY, src[5] = NAN;
  for (int k = 0; k < count; k++)
    half[k] = dla_bf16_round(src[k]);
  for (int c = 0; c < MOST; c++)
    ends[c] = 1 / 3.f;
  for (int past_cache = 0; past_cache < 2; past_cache++) {
    leaf->normalise(half, NULL, dst, PIXELS, ends, ends + MOST, false, past_cache);
    dla_finish_streams();
    for (int k = 0; k < count; k++) {
      const uint16_t expected = dla_bf16_round(dla_bf16_value(half[k]) * ends[0]);
      if (dst[k] != expected && !(isnan(dla_bf16_value(expected)) && isnan(dla_bf16_value(dst[k]))))
        fail_msg("%s: 0x%04x / 3 is stored as 0x%04x", leaf->name, half[k], dst[k]);
    }
  }
  free(src);
  free(ends);
  free(half);
  free(dst);
}

static void bf16_is_rounded_to_nearest_even(void **state)
{
  (void)state;
  kernel_for_each(check_rounding);
  for (int isa = DLA_ISA_GENERIC; isa < DLA_ISA_COUNT; isa++)
    if (dla_isa_has((dla_isa)isa)) check_stores(dla_leaf((dla_isa)isa, DLA_BF16));
}

static int create_team(void **state)
{
  (void)state;
  dla_error error = {0};
  return dla_team_create(3, &team, &error) != DLA_OK;
}

static int destroy_team(void **state)
{
  (void)state;
  dla_team_destroy(team);
  return 0;
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(batch_norms_agree),
      cmocka_unit_test(pools_agree),
      cmocka_unit_test(max_pool_takes_the_first_of_equals_and_nan_before_all),
      cmocka_unit_test(relu_hands_on_what_is_no_number),
      cmocka_unit_test(bf16_is_rounded_to_nearest_even),
  };
  return cmocka_run_group_tests(tests, create_team, destroy_team);
}
