/* Convolutions as products of matrices, by implicit im2col: the windows of a few dst pixels
 * become the rows of a matrix that stays in the cache. Each thread multiplies its own rows.
 *
 * A row holds one window: [block of in channels][row, column of the kernel][channel of the
 * block]. That is the depth of the products. The weights are a matrix [depth][out channels]. */
#include <string.h>

#include "backend/openblas/internal.h"
#include "backend/openblas/layout.h"
#include "kernels/leaf.h"
#include "kernels/parts.h"

#define ROWS_FLOATS ((int64_t)96 << 10) /* of one thread's rows: they fit a second-level cache */
#define LEAST_ROWS  32                  /* with fewer, the library's packing of b does not pay */
#define MOST_ROWS   512

typedef struct problem {
  openblas_sgemm *sgemm;
  const dla_leaf_kernels *kernel;
  dla_window window;       /* in src, for dst's pixels */
  dla_window identity;     /* in dst: each pixel itself */
  int64_t batch, pixels;   /* pixels of a dst image */
  int64_t in, out;         /* padded channels, of one group */
  int64_t all_in, all_out; /* padded channels of the images */
  int64_t step;            /* depth of one block of in channels */
  int64_t depth, tile;     /* tile: dst pixels multiplied at a time */
  int block;
  dla_team *team;
} problem;

static int64_t smaller(int64_t a, int64_t b)
{
  return a < b ? a : b;
}

static int64_t divide_up(int64_t a, int64_t b)
{
  return (a + b - 1) / b;
}

static int64_t rows_of_tile(const problem *p)
{
  int64_t rows = ROWS_FLOATS / p->depth,
          share = divide_up(p->batch * p->pixels, dla_team_threads(p->team));
  rows = rows < LEAST_ROWS ? LEAST_ROWS : smaller(rows, MOST_ROWS);
  return smaller(rows, share);
}

static problem problem_of(const openblas_backend *b, const dla_program *program,
                          const dla_instruction *i)
{
  backend_geometry g = backend_geometry_of(program, i);
  int block = b->blocked.block;
  blocked_groups groups = blocked_groups_of(&g, block);
  problem p = {.sgemm = b->library.sgemm,
               .kernel = b->blocked.leaf,
               .window = blocked_window(&g),
               .identity = {g.out_height, g.out_width, g.out_height, g.out_width, 1, 1, 1, 0, 1},
               .batch = g.batch,
               .pixels = g.out_height * g.out_width,
               .in = openblas_pad(groups.in, block),
               .out = openblas_pad(groups.out, block),
               .all_in = openblas_pad(g.in, block),
               .all_out = openblas_pad(g.out, block),
               .block = block,
               .team = b->blocked.team};
  p.step = g.kernel * g.kernel * block;
  p.depth = p.in / block * p.step;
  p.tile = rows_of_tile(&p);
  return p;
}

/* ---- Between images and rows */

/* Blocks of channels [from, from + count). */
typedef struct slice {
  int64_t from, count;
} slice;

static float *plane_of(const dla_window *w, int64_t block, int64_t channels, const float *images,
                       int64_t image, int64_t plane)
{
  return (float *)images + (image * channels / block + plane) * w->height * w->width * block;
}

/* Gathers the rows of the dst pixels [first, first + count) of all images: windows of a slice of
 * the channels. */
static void gather(const problem *p, const dla_window *w, int64_t channels, slice s,
                   const float *images, int64_t first, int64_t count, float *rows)
{
  int64_t step = w->kernel_height * w->kernel_width * p->block, row = s.count * step, part;
  for (int64_t done = 0; done < count; done += part) {
    int64_t image = (first + done) / p->pixels, at = (first + done) % p->pixels;
    part = smaller(count - done, p->pixels - at);
    for (int64_t k = 0; k < s.count; k++)
      p->kernel->window_gather(w, plane_of(w, p->block, channels, images, image, s.from + k), at,
                               part, rows + done * row + k * step, row);
  }
}

static void gather_src(const problem *p, slice s, const float *src, int64_t first, int64_t count,
                       float *rows)
{
  gather(p, &p->window, p->all_in, s, src, first, count, rows);
}

static void gather_dst(const problem *p, const float *dst, int64_t first, int64_t count,
                       float *rows)
{
  gather(p, &p->identity, p->all_out, (slice){0, p->out / p->block}, dst, first, count, rows);
}

/* Stores rows [count][row] as pixels of blocks of channels. */
static void store(const problem *p, const dla_window *w, int64_t channels, slice s,
                  const dla_end *end, const float *rows, int64_t first, int64_t count,
                  float *images)
{
  int64_t row = s.count * p->block, part;
  for (int64_t done = 0; done < count; done += part) {
    int64_t image = (first + done) / p->pixels, at = (first + done) % p->pixels;
    part = smaller(count - done, p->pixels - at);
    for (int64_t k = 0; k < s.count; k++) {
      dla_end here = *end;
      if (here.bias) here.bias += k * p->block;
      float *plane = plane_of(w, p->block, channels, images, image, s.from + k);
      p->kernel->rows_store(rows + done * row + k * p->block, row, part, &here,
                            plane + at * p->block);
    }
  }
}

/* ---- Weights */

/* A convolution's arrays, and the parts of its scratchpad. */
typedef struct convolution {
  problem p;
  const float *src, *weights, *diff_dst;
  const dla_end *end;
  float *dst, *diff_src, *diff_weights, *diff_bias;
  float *matrix; /* the weights as a matrix; for diff_weights, the parts' sums */
  float *rows;   /* one buffer per thread */
} convolution;

/* Floats of one thread's rows, of both sides. */
static int64_t rows_floats(const problem *p)
{
  return p->tile * (p->depth + p->out);
}

static float *rows_of(const convolution *c, const dla_items *items)
{
  return c->rows + dla_items_thread(items) * rows_floats(&c->p);
}

/* An item is a block of out channels. */
static void make_matrix(const void *context, dla_items *items)
{
  const convolution *c = context;
  const problem *p = &c->p;
  int64_t block = p->block, blocks = p->in / block;
  for (int64_t o; dla_items_next(items, &o);)
    for (int64_t d = 0; d < blocks * p->step; d++)
      memcpy(c->matrix + d * p->out + o * block, c->weights + (o * blocks * p->step + d) * block,
             (size_t)block * sizeof *c->matrix);
}

/* ---- Forward */

static void multiply_tiles(const void *context, dla_items *items)
{
  const convolution *c = context;
  const problem *p = &c->p;
  int64_t all = p->batch * p->pixels;
  float *a = rows_of(c, items), *product = a + p->tile * p->depth;
  for (int64_t t; dla_items_next(items, &t);) {
    int64_t first = t * p->tile, count = smaller(p->tile, all - first);
    gather_src(p, (slice){0, p->in / p->block}, c->src, first, count, a);
    p->sgemm(OPENBLAS_ROW_MAJOR, OPENBLAS_PLAIN, OPENBLAS_PLAIN, (int)count, (int)p->out,
             (int)p->depth, 1, a, (int)p->depth, c->matrix, (int)p->out, 0, product, (int)p->out);
    store(p, &p->identity, p->all_out, (slice){0, p->out / p->block}, c->end, product, first, count,
          c->dst);
  }
}

static void forward(const convolution *c)
{
  const problem *p = &c->p;
  dla_team_run(p->team, p->out / p->block, make_matrix, c);
  dla_team_run(p->team, divide_up(p->batch * p->pixels, p->tile), multiply_tiles, c);
}

/* ---- Backward */

static bool is_pointwise(const problem *p)
{
  return p->step == p->block && p->window.stride == 1 && p->window.padding == 0;
}

/* Adds rows of the dst pixels [first, first + count) to their windows. */
static void scatter(const problem *p, slice s, const float *rows, int64_t first, int64_t count,
                    float *diff_src)
{
  int64_t row = s.count * p->step, part;
  for (int64_t done = 0; done < count; done += part) {
    int64_t image = (first + done) / p->pixels, at = (first + done) % p->pixels;
    part = smaller(count - done, p->pixels - at);
    for (int64_t k = 0; k < s.count; k++)
      p->kernel->window_scatter(
          &p->window, rows + done * row + k * p->step, row, at, part,
          plane_of(&p->window, p->block, p->all_in, diff_src, image, s.from + k));
  }
}

/* Computes a slice of diff_src's channels for images [image, end). No other item writes there. */
static void backward_images(const problem *p, slice s, const float *diff_dst, const float *matrix,
                            int64_t image, int64_t end, float *rows, float *diff_src)
{
  float *a = rows, *d = rows + p->tile * p->depth;
  size_t plane = (size_t)(p->window.height * p->window.width * p->block) * sizeof *diff_src;
  for (int64_t n = image; n < end && !is_pointwise(p); n++)
    memset(plane_of(&p->window, p->block, p->all_in, diff_src, n, s.from), 0,
           (size_t)s.count * plane);
  for (int64_t first = image * p->pixels; first < end * p->pixels; first += p->tile) {
    int64_t count = smaller(p->tile, end * p->pixels - first), depth = s.count * p->step;
    gather_dst(p, diff_dst, first, count, d);
    p->sgemm(OPENBLAS_ROW_MAJOR, OPENBLAS_PLAIN, OPENBLAS_TRANSPOSED, (int)count, (int)depth,
             (int)p->out, 1, d, (int)p->out, matrix + s.from * p->step * p->out, (int)p->out, 0, a,
             (int)depth);
    if (is_pointwise(p))
      store(p, &p->window, p->all_in, s, &(dla_end){0}, a, first, count, diff_src);
    else
      scatter(p, s, a, first, count, diff_src);
  }
}

static slice slice_of(int64_t blocks, int64_t slices, int64_t k)
{
  int64_t from = blocks * k / slices;
  return (slice){from, blocks * (k + 1) / slices - from};
}

/* Windows overlap, so an item is a run of whole images; if there are few images, a slice of their
 * channels. */
typedef struct tasks {
  int64_t images, runs, slices;
} tasks;

static tasks tasks_of(const problem *p)
{
  int64_t images = divide_up(p->tile, p->pixels), runs = divide_up(p->batch, images);
  int64_t few = smaller(p->in / p->block, divide_up(dla_team_threads(p->team), runs));
  return (tasks){images, runs, runs < dla_team_threads(p->team) ? few : 1};
}

static void backward_runs(const void *context, dla_items *items)
{
  const convolution *c = context;
  const problem *p = &c->p;
  tasks t = tasks_of(p);
  float *rows = rows_of(c, items);
  for (int64_t i; dla_items_next(items, &i);) {
    int64_t run = i / t.slices;
    backward_images(p, slice_of(p->in / p->block, t.slices, i % t.slices), c->diff_dst, c->matrix,
                    run * t.images, smaller(p->batch, (run + 1) * t.images), rows, c->diff_src);
  }
}

static void backward_data(const convolution *c)
{
  const problem *p = &c->p;
  tasks t = tasks_of(p);
  dla_team_run(p->team, p->out / p->block, make_matrix, c);
  dla_team_run(p->team, t.runs * t.slices, backward_runs, c);
}

/* How the sums of diff_weights are shared out: the pixels into parts with sums of their own, and
 * each part's channels into slices. If the sums are small enough there are more parts than
 * threads, so that a thread that is done can take over parts that no other has begun. */
typedef struct sharing {
  int64_t parts, slices;
} sharing;

static sharing share(const problem *p)
{
  int64_t tiles = divide_up(p->batch * p->pixels, p->tile);
  int64_t parts = smaller(tiles, dla_parts_most(p->depth * p->out, dla_team_threads(p->team)));
  if (parts < 1) parts = 1;
  return (sharing){parts, smaller(p->in / p->block, divide_up(dla_team_threads(p->team), parts))};
}

/* sums = transposed rows of src times rows of diff_dst, over a part of the tiles. */
static void sum_part(const problem *p, slice tiles, slice s, const float *src,
                     const float *diff_dst, float *rows, float *sums)
{
  float *a = rows, *d = rows + p->tile * p->depth;
  int64_t depth = s.count * p->step, all = p->batch * p->pixels;
  for (int64_t t = 0; t < tiles.count; t++) {
    int64_t first = (tiles.from + t) * p->tile, count = smaller(p->tile, all - first);
    gather_src(p, s, src, first, count, a);
    gather_dst(p, diff_dst, first, count, d);
    p->sgemm(OPENBLAS_ROW_MAJOR, OPENBLAS_TRANSPOSED, OPENBLAS_PLAIN, (int)depth, (int)p->out,
             (int)count, 1, a, (int)depth, d, (int)p->out, t > 0, sums, (int)p->out);
  }
}

static void sum_parts(const void *context, dla_items *items)
{
  const convolution *c = context;
  const problem *p = &c->p;
  sharing by = share(p);
  int64_t tiles = divide_up(p->batch * p->pixels, p->tile);
  float *rows = rows_of(c, items);
  for (int64_t i; dla_items_next(items, &i);) {
    int64_t part = i / by.slices;
    slice s = slice_of(p->in / p->block, by.slices, i % by.slices);
    sum_part(p, slice_of(tiles, by.parts, part), s, c->src, c->diff_dst, rows,
             c->matrix + (part * p->depth + s.from * p->step) * p->out);
  }
}

/* Writes diff_weights in blocks. The parts' sums are added in order, so that the same number of
 * threads gives the same bits. */
static void join_sums(const void *context, dla_items *items)
{
  const convolution *c = context;
  const problem *p = &c->p;
  int64_t block = p->block, parts = share(p).parts;
  for (int64_t o; dla_items_next(items, &o);)
    for (int64_t d = 0; d < p->depth; d++) {
      const float *from = c->matrix + d * p->out + o * block;
      float *to = c->diff_weights + (o * p->depth + d) * block;
      memcpy(to, from, (size_t)block * sizeof *to);
      for (int64_t part = 1; part < parts; part++)
        for (int64_t k = 0; k < block; k++)
          to[k] += from[part * p->depth * p->out + k];
    }
}

static void backward_weights(const convolution *c)
{
  sharing by = share(&c->p);
  dla_team_run(c->p.team, by.parts * by.slices, sum_parts, c);
  dla_team_run(c->p.team, c->p.out / c->p.block, join_sums, c);
}

static float sum_channel(const convolution *c, int64_t channel)
{
  const problem *p = &c->p;
  double sum = 0;
  for (int64_t n = 0; n < p->batch; n++) {
    const float *plane =
        plane_of(&p->identity, p->block, p->all_out, c->diff_dst, n, channel / p->block) +
        channel % p->block;
    for (int64_t pixel = 0; pixel < p->pixels; pixel++)
      sum += plane[pixel * p->block];
  }
  return (float)sum;
}

static void backward_bias(const void *context, dla_items *items)
{
  const convolution *c = context;
  for (int64_t channel; dla_items_next(items, &channel);)
    c->diff_bias[channel] = sum_channel(c, channel);
}

/* ---- Groups: one after the other, on their channels of the images. Their dense weights are
 * expanded into the scratchpad each time; see blocked/groups.c. ---- */

typedef struct grouping {
  blocked_groups groups;
  dla_shape weights; /* of one group */
  float *dense, *blocked;
} grouping;

static grouping grouping_of(const openblas_backend *b, const dla_program *program,
                            const dla_instruction *i)
{
  backend_geometry g = backend_geometry_of(program, i);
  blocked_groups groups = blocked_groups_of(&g, b->blocked.block);
  return (grouping){.groups = groups,
                    .weights = DLA_SHAPE4(groups.out, groups.in, g.kernel, g.kernel)};
}

/* Floats of one group's weights in blocks. */
static int64_t blocked_floats(const grouping *g, int block)
{
  return (int64_t)(openblas_weights_bytes(&g->weights, block) / sizeof(float));
}

static size_t grouping_bytes(const openblas_backend *b, const dla_program *program,
                             const dla_instruction *i)
{
  if (backend_groups(i) == 1) return 0;
  grouping g = grouping_of(b, program, i);
  return (size_t)(blocked_groups_floats(&g.groups) + blocked_floats(&g, b->blocked.block)) *
         sizeof(float);
}

static void run_pass(const convolution *c, dla_pass pass)
{
  if (pass == DLA_PASS_FORWARD)
    forward(c);
  else if (pass == DLA_PASS_BACKWARD_DATA)
    backward_data(c);
  else
    backward_weights(c);
  if (c->diff_bias) dla_team_run(c->p.team, c->p.out, backward_bias, c);
}

static void *advance(const float *from, int64_t by)
{
  return from ? (float *)from + by : NULL;
}

/* Runs the convolution on the channels of group k. */
static void run_group(const convolution *all, dla_pass pass, const grouping *g, int64_t k)
{
  convolution c = *all;
  const problem *p = &c.p;
  int64_t src = k * p->in * p->window.height * p->window.width, dst = k * p->out * p->pixels;
  dla_end end = *all->end;
  end.bias = advance(end.bias, k * p->out);
  c.end = &end;
  c.src = advance(c.src, src);
  c.diff_src = advance(c.diff_src, src);
  c.dst = advance(c.dst, dst);
  c.diff_dst = advance(c.diff_dst, dst);
  c.diff_bias = advance(c.diff_bias, k * p->out);
  float *dense = g->dense + k * dla_shape_count(&g->weights);
  if (c.weights) openblas_weights_write(&g->weights, p->block, dense, g->blocked);
  if (c.weights) c.weights = g->blocked;
  if (c.diff_weights) c.diff_weights = g->blocked;
  run_pass(&c, pass);
  if (c.diff_weights) openblas_weights_read(&g->weights, p->block, g->blocked, dense);
}

static void run_groups(const openblas_backend *b, const dla_program *program,
                       const dla_instruction *i, const convolution *c, float *scratchpad)
{
  grouping g = grouping_of(b, program, i);
  g.dense = scratchpad;
  g.blocked = g.dense + blocked_groups_floats(&g.groups);
  if (c->weights) blocked_groups_expand(c->p.team, &g.groups, c->weights, g.dense);
  for (int64_t k = 0; k < g.groups.count; k++)
    run_group(c, i->pass, &g, k);
  if (c->diff_weights) blocked_groups_collect(c->p.team, &g.groups, g.dense, c->diff_weights);
}

/* ---- Instructions */

static int64_t matrices_of(const problem *p, const dla_instruction *i)
{
  return i->pass == DLA_PASS_BACKWARD_WEIGHTS ? share(p).parts : 1;
}

size_t openblas_convolution_scratchpad(const openblas_backend *b, const dla_program *program,
                                       const dla_instruction *i)
{
  problem p = problem_of(b, program, i);
  return (size_t)(matrices_of(&p, i) * p.depth * p.out +
                  dla_team_threads(p.team) * rows_floats(&p)) *
             sizeof(float) +
         grouping_bytes(b, program, i);
}

void openblas_convolution(const openblas_backend *b, const dla_program *program,
                          const dla_instruction *i)
{
  const dla_end end = {backend_data(program, i, DLA_ARG_BIAS), i->accumulate, i->relu};
  convolution c = {.p = problem_of(b, program, i),
                   .src = backend_data(program, i, DLA_ARG_SRC),
                   .weights = backend_data(program, i, DLA_ARG_WEIGHTS),
                   .diff_dst = backend_data(program, i, DLA_ARG_DIFF_DST),
                   .end = &end,
                   .dst = backend_data(program, i, DLA_ARG_DST),
                   .diff_src = backend_data(program, i, DLA_ARG_DIFF_SRC),
                   .diff_weights = backend_data(program, i, DLA_ARG_DIFF_WEIGHTS),
                   .diff_bias = backend_data(program, i, DLA_ARG_DIFF_BIAS),
                   .matrix = backend_data(program, i, DLA_ARG_SCRATCHPAD)};
  c.rows = c.matrix + matrices_of(&c.p, i) * c.p.depth * c.p.out;
  if (backend_groups(i) > 1)
    run_groups(b, program, i, &c, c.rows + dla_team_threads(c.p.team) * rows_floats(&c.p));
  else
    run_pass(&c, i->pass);
}
