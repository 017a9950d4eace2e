#include "kernels/pointwise.h"

#include <string.h>

#include "base/bf16.h"
#include "kernels/leaf.h"
#include "kernels/parts.h"

/* Floats of the images that are summed at once: half of a second-level cache. */
enum { GROUP_FLOATS = 128 << 10 };

static int64_t smaller(int64_t a, int64_t b)
{
  return a < b ? a : b;
}

static int64_t divide_up(int64_t a, int64_t b)
{
  return (a + b - 1) / b;
}

/* The problem in blocks. With a stride, only the pixels that it visits are multiplied: they are
 * gathered before the product, or spread after it. */
typedef struct problem {
  const dla_leaf_kernels *leaf;
  const dla_window *window;
  int64_t block, in, out;     /* blocks of channels */
  int64_t src_pixels, pixels; /* of a src image; of a dst image, which are multiplied */
  int64_t batch;
  dla_team *team;
  int deep;           /* leaf.h */
  bool strided, half; /* half: images are BF16 */
} problem;

static problem problem_of(const dla_pointwise *p)
{
  int64_t block = p->leaf->block;
  return (problem){.leaf = p->leaf,
                   .window = &p->window,
                   .block = block,
                   .in = divide_up(p->in, block),
                   .out = divide_up(p->out, block),
                   .src_pixels = p->window.height * p->window.width,
                   .pixels = p->window.out_height * p->window.out_width,
                   .batch = p->batch,
                   .team = p->team,
                   .deep = p->leaf->deep,
                   .strided = p->window.stride > 1,
                   .half = p->leaf->element < sizeof(float)};
}

/* A window that visits all of dst's pixels. */
static dla_window dense_window(const problem *p)
{
  dla_window w = *p->window;
  w.height = w.out_height;
  w.width = w.out_width;
  w.stride = 1;
  return w;
}

/* ---- Weights in panels of two blocks of columns: [panel][row][column of the panel] or, with
 * words of two numbers (leaf.h), [panel][row / 2][column of the panel][2]. */

static int64_t weights_floats(const problem *p)
{
  return p->in * p->out * p->block * p->block;
}

/* Words of a panel per column. */
static int64_t packed_rows(const problem *p, int64_t rows)
{
  return rows * p->block / p->deep;
}

/* Packs one block of the weights, transposed if turned, into rows that are `width` columns
 * apart. */
static void pack_block(const problem *p, const float *from, bool turned, float *to, int64_t width)
{
  const int64_t block = p->block;
  for (int64_t i = 0; i < block; i++)
    for (int64_t o = 0; o < block; o++) {
      const int64_t row = turned ? o : i, column = turned ? i : o;
      if (p->deep == 1) {
        to[row * width + column] = from[i * block + o];
        continue;
      }
      const uint16_t half = dla_bf16_round(from[i * block + o]);
      memcpy((char *)(to + row / 2 * width + column) + row % 2 * 2, &half, sizeof half);
    }
}

/* Columns: blocks of channels of the result. Rows: blocks of channels of the source. turned:
 * backward_data. */
typedef struct matrix {
  int64_t rows, columns; /* blocks */
  bool turned;
} matrix;

static int64_t panel_blocks(const matrix *m, int64_t panel)
{
  return smaller(2, m->columns - 2 * panel);
}

static void pack(const problem *p, const matrix *m, const float *weights, int64_t panel,
                 float *packed)
{
  int64_t block = p->block, blocks = panel_blocks(m, panel);
  float *to = packed + 2 * panel * packed_rows(p, m->rows) * block;
  for (int64_t r = 0; r < m->rows; r++)
    for (int64_t c = 0; c < blocks; c++) {
      int64_t column = 2 * panel + c;
      int64_t out = m->turned ? r : column, in = m->turned ? column : r;
      pack_block(p, weights + (out * p->in + in) * block * block, m->turned,
                 to + packed_rows(p, r) * blocks * block + c * block, blocks * block);
    }
}

/* ---- Forward and backward_data: an item is a panel of one image's channels. */

typedef struct convolution {
  problem p;
  matrix m;
  const void *src;
  const float *weights, *bias;
  void *dst;
  float *packed, *own; /* own: the threads' buffers */
  bool accumulate, relu;
} convolution;

/* Does the product need a copy of the image? Yes for BF16 when products work on floats, and when
 * the stride skips pixels. */
static bool is_copied(const problem *p, bool turned)
{
  return (p->half && p->deep == 1) || (p->strided && !turned);
}

/* The image's pixels, in words: [rows' blocks][pixels][block / deep]. */
static const void *dense_src(const convolution *c, int64_t image, float *own)
{
  const problem *p = &c->p;
  const int64_t plane = (c->m.turned ? p->pixels : p->src_pixels) * p->block;
  const void *src = dla_number(p->leaf, c->src, image * c->m.rows * plane);
  if (!is_copied(p, c->m.turned)) return src;
  const dla_window dense = dense_window(p), *window = c->m.turned ? &dense : p->window;
  for (int64_t k = 0; k < c->m.rows; k++)
    p->leaf->take_channels(window, dla_number(p->leaf, src, k * plane),
                           own + k * p->pixels * p->block / p->deep);
  return own;
}

/* Writes the pixels that the stride visits; the others become zero. */
static void spread(const convolution *c, int64_t image, int64_t panel, const void *own)
{
  const problem *p = &c->p;
  int64_t plane = p->src_pixels * p->block, blocks = panel_blocks(&c->m, panel);
  int64_t first = (image * c->m.columns + 2 * panel) * plane;
  for (int64_t k = 0; k < blocks; k++)
    p->leaf->spread_pixels(p->window, dla_number(p->leaf, own, k * p->pixels * p->block),
                           dla_number_to(p->leaf, c->dst, first + k * plane));
}

static int64_t own_src_words(const convolution *c)
{
  const problem *p = &c->p;
  return is_copied(p, c->m.turned) ? c->m.rows * p->pixels * p->block / p->deep : 0;
}

static void convolve_panel(const convolution *c, int64_t image, int64_t panel, const void *src,
                           float *own)
{
  const problem *p = &c->p;
  int64_t block = p->block, plane = p->pixels * block, blocks = panel_blocks(&c->m, panel);
  bool spreads = p->strided && c->m.turned;
  void *apart = own + own_src_words(c);
  const dla_product product = {
      .a = src,
      .b = c->packed + 2 * panel * packed_rows(p, c->m.rows) * block,
      .c = spreads ? apart
                   : dla_number_to(p->leaf, c->dst, (image * c->m.columns + 2 * panel) * plane),
      .rows = p->pixels,
      .panels = c->m.rows,
      .depth = block / p->deep,
      .a_panel = plane / p->deep,
      .b_panel = packed_rows(p, 1) * blocks * block,
      .b_block = block,
      .c_row = block,
      .c_block = plane,
      .a_width = (int)block,
      .blocks = (int)blocks,
      .accumulate = c->accumulate,
      .relu = c->relu,
      .bias = c->bias ? c->bias + 2 * panel * block : NULL};
  p->leaf->product_of_images(&product);
  if (spreads) spread(c, image, panel, apart);
}

/* Words of a thread's buffer: a copied image, then a panel before it is spread. */
static int64_t own_floats(const convolution *c)
{
  const problem *p = &c->p;
  return own_src_words(c) + (p->strided && c->m.turned ? 2 * p->pixels * p->block : 0);
}

static int64_t panels_of(const convolution *c)
{
  return divide_up(c->m.columns, 2);
}

static void pack_panels(const void *context, dla_items *items)
{
  const convolution *c = context;
  for (int64_t panel; dla_items_next(items, &panel);)
    pack(&c->p, &c->m, c->weights, panel, c->packed);
}

static void convolve_panels(const void *context, dla_items *items)
{
  const convolution *c = context;
  float *own = c->own + dla_items_thread(items) * own_floats(c);
  const void *src = NULL;
  int64_t of = -1, panels = panels_of(c); /* of: the image in src */
  for (int64_t i; dla_items_next(items, &i);) {
    if (i / panels != of) src = dense_src(c, of = i / panels, own);
    convolve_panel(c, of, i % panels, src, own);
  }
}

static void convolve(convolution *c, float *scratchpad)
{
  c->packed = scratchpad;
  c->own = scratchpad + weights_floats(&c->p);
  dla_team_run(c->p.team, panels_of(c), pack_panels, c);
  dla_team_run(c->p.team, c->p.batch * panels_of(c), convolve_panels, c);
}

/* The larger of the two passes. */
size_t dla_pointwise_scratchpad(const dla_pointwise *pointwise)
{
  const problem p = problem_of(pointwise);
  const convolution forward = {.p = p, .m = {p.in, p.out, false}};
  const convolution backward = {.p = p, .m = {p.out, p.in, true}};
  const int64_t one = own_floats(&forward), other = own_floats(&backward);
  return (size_t)(weights_floats(&p) + dla_team_threads(p.team) * (one > other ? one : other)) *
         sizeof(float);
}

void dla_pointwise_forward(const dla_pointwise *pointwise, const void *src, const float *weights,
                           const float *bias, bool accumulate, bool relu, void *dst,
                           float *scratchpad)
{
  problem p = problem_of(pointwise);
  convolution c = {.p = p,
                   .m = {p.in, p.out, false},
                   .src = src,
                   .weights = weights,
                   .bias = bias,
                   .dst = dst,
                   .accumulate = accumulate,
                   .relu = relu};
  convolve(&c, scratchpad);
}

void dla_pointwise_backward_data(const dla_pointwise *pointwise, const void *diff_dst,
                                 const float *weights, void *diff_src, float *scratchpad)
{
  problem p = problem_of(pointwise);
  convolution c = {
      .p = p, .m = {p.out, p.in, true}, .src = diff_dst, .weights = weights, .dst = diff_src};
  convolve(&c, scratchpad);
}

/* ---- backward_weights: the images are split into parts with sums of their own, which are then
 * added in order. If the weights are too large for many parts, the in channels are split into
 * slices, too. There are more items than threads, so that a thread that is done can take over
 * items that no other has begun. */

typedef struct gradient {
  problem p;
  const void *src, *diff_dst;
  float *diff_weights, *scratchpad;
  int64_t group, groups; /* images summed at once; number of such groups */
  int64_t parts, slices;
} gradient;

static gradient gradient_of(const dla_pointwise *pointwise)
{
  gradient g = {.p = problem_of(pointwise)};
  const problem *p = &g.p;
  int64_t image = (p->in + p->out) * p->pixels * p->block;
  int64_t want = (int64_t)DLA_PARTS_EACH * dla_team_threads(p->team);
  g.group = smaller(image < GROUP_FLOATS ? GROUP_FLOATS / image : 1, divide_up(p->batch, want));
  g.groups = divide_up(p->batch, g.group);
  g.parts = smaller(g.groups, dla_parts_most(weights_floats(p), dla_team_threads(p->team)));
  if (g.parts < 1) g.parts = 1;
  g.slices = smaller(p->in, divide_up(want, g.parts));
  return g;
}

/* Words of a plane, with its pixels as the depth. */
static int64_t plane_words(const problem *p)
{
  return divide_up(p->pixels, p->deep) * p->block;
}

/* BF16: both sides are copied to words. F32: src is copied if the stride skips pixels. */
static int64_t own_src(const gradient *g)
{
  const problem *p = &g->p;
  return p->strided || p->half ? g->group * p->in * plane_words(p) : 0;
}

/* Words of a thread's buffer: the copied images of a group. */
static int64_t own_group(const gradient *g)
{
  return own_src(g) + (g->p.half ? g->group * g->p.out * plane_words(&g->p) : 0);
}

static const float *take_planes(const problem *p, const dla_window *w, const void *images,
                                int64_t planes, float *own)
{
  const int64_t plane = w->height * w->width * p->block;
  for (int64_t k = 0; k < planes; k++)
    p->leaf->take_pixels(w, dla_number(p->leaf, images, k * plane), own + k * plane_words(p));
  return own;
}

/* How many of the blocks that are left are multiplied at once. Two and two are better than three
 * and one. */
static int64_t blocks_at_once(const problem *p, int64_t left)
{
  return left >= p->leaf->pixel_blocks && left != 4 ? p->leaf->pixel_blocks : smaller(2, left);
}

/* Adds one group of images to the in channels' blocks [from, end) of a part's sums. */
static void sum_group(const gradient *g, int64_t group, int64_t from, int64_t end, bool accumulate,
                      float *own, float *sums)
{
  const problem *p = &g->p;
  int64_t first = group * g->group, count = smaller(g->group, p->batch - first);
  int64_t block = p->block, plane = plane_words(p);
  const dla_window dense = dense_window(p);
  const float *src = dla_number(p->leaf, g->src, first * p->in * p->src_pixels * block);
  const float *diff_dst = dla_number(p->leaf, g->diff_dst, first * p->out * p->pixels * block);
  if (own_src(g)) src = take_planes(p, p->window, src, count * p->in, own);
  if (p->half) diff_dst = take_planes(p, &dense, diff_dst, count * p->out, own + own_src(g));
  for (int64_t in = from; in < end; in++)
    for (int64_t out = 0, blocks; out < p->out; out += blocks) {
      blocks = blocks_at_once(p, p->out - out);
      const dla_product product = {.a = src + in * plane,
                                   .b = diff_dst + out * plane,
                                   .c = sums + (out * p->in + in) * block * block,
                                   .rows = block,
                                   .panels = count,
                                   .depth = plane / block,
                                   .a_panel = p->in * plane,
                                   .b_panel = p->out * plane,
                                   .b_block = plane,
                                   .c_row = block,
                                   .c_block = p->in * block * block,
                                   .a_width = (int)block,
                                   .blocks = (int)blocks,
                                   .accumulate = accumulate};
      p->leaf->product_by_pixels(&product);
    }
}

/* The first part sums directly into the result. */
static float *sums_of(const gradient *g, int64_t part)
{
  return part ? g->scratchpad + (part - 1) * weights_floats(&g->p) : g->diff_weights;
}

static void sum_item(const gradient *g, int64_t item, float *own)
{
  int64_t part = item / g->slices, slice = item % g->slices;
  int64_t from = g->p.in * slice / g->slices, end = g->p.in * (slice + 1) / g->slices;
  int64_t first = g->groups * part / g->parts;
  for (int64_t group = first; group < g->groups * (part + 1) / g->parts; group++)
    sum_group(g, group, from, end, group > first, own, sums_of(g, part));
}

static void sum_items(const void *context, dla_items *items)
{
  const gradient *g = context;
  float *own = g->scratchpad + (g->parts - 1) * weights_floats(&g->p) +
               dla_items_thread(items) * own_group(g);
  for (int64_t item; dla_items_next(items, &item);)
    sum_item(g, item, own);
}

void dla_pointwise_backward_weights(const dla_pointwise *pointwise, const void *src,
                                    const void *diff_dst, float *diff_weights, float *scratchpad)
{
  gradient g = gradient_of(pointwise);
  g.src = src;
  g.diff_dst = diff_dst;
  g.diff_weights = diff_weights;
  g.scratchpad = scratchpad;
  dla_team_run(g.p.team, g.parts * g.slices, sum_items, &g);
  dla_parts_join(g.p.team, diff_weights, scratchpad, weights_floats(&g.p), g.parts - 1);
}

size_t dla_pointwise_weights_scratchpad(const dla_pointwise *pointwise)
{
  gradient g = gradient_of(pointwise);
  return (size_t)((g.parts - 1) * weights_floats(&g.p) +
                  dla_team_threads(g.p.team) * own_group(&g)) *
         sizeof(float);
}
