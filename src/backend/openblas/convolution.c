/* Convolutions as products of matrices, by implicit im2col: the windows of a few dst pixels become
 * the rows of a matrix that stays in the cache, and each thread multiplies its own.
 *
 * A row holds a window: [block of in channels][row, column of the kernel][channel of the block],
 * which is the depth of the products. The weights are a matrix [depth][out channels]. */
#include <omp.h>
#include <string.h>

#include "backend/openblas/internal.h"
#include "backend/openblas/layout.h"
#include "base/work.h"
#include "kernels/leaf.h"

#define ROWS_FLOATS  ((int64_t)96 << 10) /* of a thread's rows: for a second-level cache */
#define LEAST_ROWS   32                  /* fewer are not worth the library's packing of b */
#define MOST_ROWS    512
#define PARTS        4                  /* of diff_weights' sums, for a thread */
#define MOST_PRIVATE ((int64_t)4 << 20) /* floats of all parts' sums */

typedef struct problem {
  openblas_sgemm *sgemm;
  const dla_leaf_kernels *kernel;
  dla_window window;     /* of src, for dst's pixels */
  dla_window identity;   /* of dst, likewise */
  int64_t batch, pixels; /* pixels of a dst image */
  int64_t in, out;       /* channels, padded */
  int64_t step;          /* of the depth: a block of in channels */
  int64_t depth, tile;   /* tile: dst pixels that are multiplied at once */
  int block, threads;
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
  int64_t rows = ROWS_FLOATS / p->depth, share = divide_up(p->batch * p->pixels, p->threads);
  rows = rows < LEAST_ROWS ? LEAST_ROWS : smaller(rows, MOST_ROWS);
  return smaller(rows, share);
}

static problem problem_of(const openblas_backend *b, const dla_program *program,
                          const dla_instruction *i)
{
  backend_geometry g = backend_geometry_of(program, i);
  int block = b->blocked.block;
  problem p = {.sgemm = b->library.sgemm,
               .kernel = b->blocked.leaf,
               .window = blocked_window(&g),
               .identity = {g.out_height, g.out_width, g.out_height, g.out_width, 1, 1, 1, 0},
               .batch = g.batch,
               .pixels = g.out_height * g.out_width,
               .in = openblas_pad(g.in, block),
               .out = openblas_pad(g.out, block),
               .block = block,
               .threads = b->blocked.threads};
  p.step = g.kernel * g.kernel * block;
  p.depth = p.in / block * p.step;
  p.tile = rows_of_tile(&p);
  return p;
}

/* ---- Between images and rows
 * --------------------------------------------------------------------- */

/* Blocks of channels [from, from + count) of images. */
typedef struct slice {
  int64_t from, count;
} slice;

static float *plane_of(const dla_window *w, int64_t block, int64_t channels, const float *images,
                       int64_t image, int64_t plane)
{
  return (float *)images + (image * channels / block + plane) * w->height * w->width * block;
}

/* Rows of the dst pixels [first, first + count) of all images: windows of a slice of their
 * channels. */
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
  gather(p, &p->window, p->in, s, src, first, count, rows);
}

static void gather_dst(const problem *p, const float *dst, int64_t first, int64_t count,
                       float *rows)
{
  gather(p, &p->identity, p->out, (slice){0, p->out / p->block}, dst, first, count, rows);
}

/* Rows [count][row] to the pixels of blocks of channels, as they are. */
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

/* ---- Weights
 * ------------------------------------------------------------------------------------- */

/* The matrix of weights in blocks. */
static void make_matrix(const problem *p, const float *weights, float *matrix)
{
  int64_t block = p->block, blocks = p->in / block;
  dla_work work;
  dla_work_begin(&work, p->out / block, p->threads);
#pragma omp parallel num_threads(p->threads)
  for (int64_t o; dla_work_next(&work, &o);)
    for (int64_t d = 0; d < blocks * p->step; d++)
      memcpy(matrix + d * p->out + o * block, weights + (o * blocks * p->step + d) * block,
             (size_t)block * sizeof *matrix);
}

/* ---- Forward
 * ------------------------------------------------------------------------------------- */

/* Floats of the rows of one thread, of both sides. */
static int64_t rows_floats(const problem *p)
{
  return p->tile * (p->depth + p->out);
}

static void forward(const problem *p, const float *src, const float *weights, const dla_end *end,
                    float *dst, float *scratchpad)
{
  float *matrix = scratchpad, *rows = scratchpad + p->depth * p->out;
  int64_t all = p->batch * p->pixels;
  make_matrix(p, weights, matrix);
  dla_work work;
  dla_work_begin(&work, divide_up(all, p->tile), p->threads);
#pragma omp parallel num_threads(p->threads)
  for (int64_t t; dla_work_next(&work, &t);) {
    int64_t first = t * p->tile;
    float *a = rows + omp_get_thread_num() * rows_floats(p), *c = a + p->tile * p->depth;
    int64_t count = smaller(p->tile, all - first);
    gather_src(p, (slice){0, p->in / p->block}, src, first, count, a);
    p->sgemm(OPENBLAS_ROW_MAJOR, OPENBLAS_PLAIN, OPENBLAS_PLAIN, (int)count, (int)p->out,
             (int)p->depth, 1, a, (int)p->depth, matrix, (int)p->out, 0, c, (int)p->out);
    store(p, &p->identity, p->out, (slice){0, p->out / p->block}, end, c, first, count, dst);
  }
}

/* ---- Backward
 * ------------------------------------------------------------------------------------ */

static bool is_pointwise(const problem *p)
{
  return p->step == p->block && p->window.stride == 1 && p->window.padding == 0;
}

/* Adds rows of the dst pixels [first, first + count) to the windows they came from. */
static void scatter(const problem *p, slice s, const float *rows, int64_t first, int64_t count,
                    float *diff_src)
{
  int64_t row = s.count * p->step, part;
  for (int64_t done = 0; done < count; done += part) {
    int64_t image = (first + done) / p->pixels, at = (first + done) % p->pixels;
    part = smaller(count - done, p->pixels - at);
    for (int64_t k = 0; k < s.count; k++)
      p->kernel->window_scatter(&p->window, rows + done * row + k * p->step, row, at, part,
                                plane_of(&p->window, p->block, p->in, diff_src, image, s.from + k));
  }
}

/* A slice of the channels of diff_src, of images [image, end): nobody else writes there. */
static void backward_images(const problem *p, slice s, const float *diff_dst, const float *matrix,
                            int64_t image, int64_t end, float *rows, float *diff_src)
{
  float *a = rows, *d = rows + p->tile * p->depth;
  size_t plane = (size_t)(p->window.height * p->window.width * p->block) * sizeof *diff_src;
  for (int64_t n = image; n < end && !is_pointwise(p); n++)
    memset(plane_of(&p->window, p->block, p->in, diff_src, n, s.from), 0, (size_t)s.count * plane);
  for (int64_t first = image * p->pixels; first < end * p->pixels; first += p->tile) {
    int64_t count = smaller(p->tile, end * p->pixels - first), depth = s.count * p->step;
    gather_dst(p, diff_dst, first, count, d);
    p->sgemm(OPENBLAS_ROW_MAJOR, OPENBLAS_PLAIN, OPENBLAS_TRANSPOSED, (int)count, (int)depth,
             (int)p->out, 1, d, (int)p->out, matrix + s.from * p->step * p->out, (int)p->out, 0, a,
             (int)depth);
    if (is_pointwise(p))
      store(p, &p->window, p->in, s, &(dla_end){0}, a, first, count, diff_src);
    else
      scatter(p, s, a, first, count, diff_src);
  }
}

static slice slice_of(int64_t blocks, int64_t slices, int64_t k)
{
  int64_t from = blocks * k / slices;
  return (slice){from, blocks * (k + 1) / slices - from};
}

/* Windows overlap, so a task takes whole images; and where there are few of them, a slice of their
 * channels. */
static void backward_data(const problem *p, const float *diff_dst, const float *weights,
                          float *diff_src, float *scratchpad)
{
  float *matrix = scratchpad, *rows = scratchpad + p->depth * p->out;
  int64_t blocks = p->in / p->block;
  int64_t images = divide_up(p->tile, p->pixels), runs = divide_up(p->batch, images);
  int64_t slices = runs < p->threads ? smaller(blocks, divide_up(p->threads, runs)) : 1;
  make_matrix(p, weights, matrix);
  dla_work work;
  dla_work_begin(&work, runs * slices, p->threads);
#pragma omp parallel num_threads(p->threads)
  for (int64_t i; dla_work_next(&work, &i);) {
    int64_t run = i / slices;
    backward_images(p, slice_of(blocks, slices, i % slices), diff_dst, matrix, run * images,
                    smaller(p->batch, (run + 1) * images),
                    rows + omp_get_thread_num() * rows_floats(p), diff_src);
  }
}

/* How the sums of diff_weights are shared out: the pixels are in so many parts, each with sums of
 * its own, and each part's channels in so many slices. There are more parts than threads where
 * their sums are not too many, so that who is done can take what others have not begun. */
typedef struct sharing {
  int64_t parts, slices;
} sharing;

static sharing share(const problem *p)
{
  int64_t tiles = divide_up(p->batch * p->pixels, p->tile);
  int64_t parts = smaller(smaller(PARTS * p->threads, tiles), MOST_PRIVATE / (p->depth * p->out));
  if (parts < 1) parts = 1;
  return (sharing){parts, smaller(p->in / p->block, divide_up(p->threads, parts))};
}

/* sums = rows of src, turned, times rows of diff_dst, over a part of the tiles. */
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

/* diff_weights in blocks: the parts' sums in their order, so that equal threads give equal bits. */
static void join_sums(const problem *p, int64_t parts, const float *sums, float *diff_weights)
{
  int64_t block = p->block, blocks = p->out / block;
  dla_work work;
  dla_work_begin(&work, blocks, p->threads);
#pragma omp parallel num_threads(p->threads)
  for (int64_t o; dla_work_next(&work, &o);)
    for (int64_t d = 0; d < p->depth; d++) {
      const float *from = sums + d * p->out + o * block;
      float *to = diff_weights + (o * p->depth + d) * block;
      memcpy(to, from, (size_t)block * sizeof *to);
      for (int64_t part = 1; part < parts; part++)
        for (int64_t c = 0; c < block; c++)
          to[c] += from[part * p->depth * p->out + c];
    }
}

static void backward_weights(const problem *p, const float *src, const float *diff_dst,
                             float *diff_weights, float *scratchpad)
{
  sharing by = share(p);
  float *rows = scratchpad + by.parts * p->depth * p->out;
  int64_t tiles = divide_up(p->batch * p->pixels, p->tile);
  dla_work work;
  dla_work_begin(&work, by.parts * by.slices, p->threads);
#pragma omp parallel num_threads(p->threads)
  for (int64_t i; dla_work_next(&work, &i);) {
    int64_t part = i / by.slices;
    slice s = slice_of(p->in / p->block, by.slices, i % by.slices);
    sum_part(p, slice_of(tiles, by.parts, part), s, src, diff_dst,
             rows + omp_get_thread_num() * rows_floats(p),
             scratchpad + (part * p->depth + s.from * p->step) * p->out);
  }
  join_sums(p, by.parts, scratchpad, diff_weights);
}

static void backward_bias(const problem *p, const float *diff_dst, float *diff_bias)
{
  dla_work work;
  dla_work_begin(&work, p->out, p->threads);
#pragma omp parallel num_threads(p->threads)
  for (int64_t c; dla_work_next(&work, &c);) {
    double sum = 0;
    for (int64_t n = 0; n < p->batch; n++) {
      const float *plane =
          plane_of(&p->identity, p->block, p->out, diff_dst, n, c / p->block) + c % p->block;
      for (int64_t pixel = 0; pixel < p->pixels; pixel++)
        sum += plane[pixel * p->block];
    }
    diff_bias[c] = (float)sum;
  }
}

/* ---- Instructions
 * -------------------------------------------------------------------------------- */

size_t openblas_convolution_scratchpad(const openblas_backend *b, const dla_program *program,
                                       const dla_instruction *i)
{
  problem p = problem_of(b, program, i);
  int64_t matrices = i->pass == DLA_PASS_BACKWARD_WEIGHTS ? share(&p).parts : 1;
  return (size_t)(matrices * p.depth * p.out + p.threads * rows_floats(&p)) * sizeof(float);
}

void openblas_convolution(const openblas_backend *b, const dla_program *program,
                          const dla_instruction *i)
{
  problem p = problem_of(b, program, i);
  const float *src = backend_data(program, i, DLA_ARG_SRC);
  const float *weights = backend_data(program, i, DLA_ARG_WEIGHTS);
  const float *diff_dst = backend_data(program, i, DLA_ARG_DIFF_DST);
  float *scratchpad = backend_data(program, i, DLA_ARG_SCRATCHPAD);
  float *diff_bias = backend_data(program, i, DLA_ARG_DIFF_BIAS);
  if (i->pass == DLA_PASS_FORWARD) {
    const dla_end end = {backend_data(program, i, DLA_ARG_BIAS), i->accumulate, i->relu};
    forward(&p, src, weights, &end, backend_data(program, i, DLA_ARG_DST), scratchpad);
  } else if (i->pass == DLA_PASS_BACKWARD_DATA) {
    backward_data(&p, diff_dst, weights, backend_data(program, i, DLA_ARG_DIFF_SRC), scratchpad);
  } else {
    backward_weights(&p, src, diff_dst, backend_data(program, i, DLA_ARG_DIFF_WEIGHTS), scratchpad);
    if (diff_bias) backward_bias(&p, diff_dst, diff_bias);
  }
}
