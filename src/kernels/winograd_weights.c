/* Winograd's backward_weights: the transformed source times the transformed gradient, summed over
 * the tiles. There are three ways, for few weights, for few tiles, and for many of both. */
#include <omp.h>

#include "kernels/winograd_problem.h"

enum {
  SUMMED_TILES = 32,  /* of a chunk: fewer would touch the sums more often */
  SHARED_TILES = 256, /* of a chunk that all threads work on together */
};
#define MOST_PRIVATE ((int64_t)4 << 20) /* floats of the sums in all threads' own copies */

typedef struct gradient {
  const dla_winograd *w;
  problem p;
  const float *src, *diff_dst;
  float *diff_weights;
} gradient;

/* A chunk's tiles on both sides. */
typedef struct tile_pair {
  int64_t slots;
  float *src, *diff_dst;
} tile_pair;

static int64_t pair_size(const problem *p, int64_t slots)
{
  return p->products * (tile_step(p, p->in.channels, slots) + tile_step(p, p->out.channels, slots));
}

static tile_pair pair_at(const problem *p, int64_t slots, float *scratchpad)
{
  return (tile_pair){slots, scratchpad,
                     scratchpad + p->products * tile_step(p, p->in.channels, slots)};
}

static void transform_pair(const gradient *g, const tile_pair *t, int64_t first, int64_t from,
                           int64_t to)
{
  const problem *p = &g->p;
  winograd_transform(p, p->transform->src, g->src, &p->in, first, from, to, t->slots, t->src);
  winograd_transform(p, p->transform->gradient, g->diff_dst, &p->out, first, from, to, t->slots,
                     t->diff_dst);
}

/* Of product k and the `count` - 1 behind it, for one panel of in channels. */
static void multiply_some(const problem *p, int64_t k, int64_t count, int64_t in_panel,
                          const tile_pair *t, bool accumulate, float *sums, int64_t step)
{
  const side *in = &p->in, *out = &p->out;
  int64_t a_step = tile_step(p, in->channels, t->slots);
  int64_t b_step = tile_step(p, out->channels, t->slots);
  for (int64_t panel = 0; panel < out->panels; panel++)
    for (int64_t i = 0; i < in->width; i += winograd_rows(p)) {
      const dla_winograd_product product = {
          .a = t->src + k * a_step + in_panel * t->slots * in->width + i,
          .b = t->diff_dst + k * b_step + panel * t->slots * out->width,
          .c = sums + panel * MATRICES * step + i * out->width,
          .panels = count,
          .a_panel = a_step,
          .b_panel = b_step,
          .depth = t->slots,
          .a_width = (int)in->width,
          .blocks = (int)(out->width / p->block),
          .accumulate = accumulate};
      p->kernel->winograd_by_tiles(&product);
    }
}

/* All products that add up in one matrix, for one panel of in channels, whose sums begin at `sums`;
 * step: from one matrix to the next. */
static void multiply(const problem *p, int64_t matrix, int64_t in_panel, const tile_pair *t,
                     bool accumulate, float *sums, int64_t step)
{
  sharing s = winograd_sharing(p, matrix);
  for (int64_t y = 0; y < s.down; y++)
    multiply_some(p, s.first + y * p->transform->products, s.across, in_panel, t,
                  accumulate || y > 0, sums + matrix * step, step);
}

/* From the sums of all products to one block of the weights; row: its first in channel in `sums`.
 */
static void finish_block(const gradient *g, const float *sums, int64_t step, int64_t row,
                         int64_t out, int64_t in)
{
  const problem *p = &g->p;
  int64_t block = p->block, width = p->out.width;
  float *to = (float *)winograd_weights_block(g->w, g->diff_weights, out, in);
  const float *from = sums + out / width * MATRICES * step + row * width + out % width;
  for (int64_t k = 0; k < block; k++)
    p->transform->diff_weights(from + k * width, step, to + k * block, block * block);
}

static void finish_all(const gradient *g, const float *sums)
{
  const problem *p = &g->p;
#pragma omp parallel for collapse(2) schedule(static) num_threads(p->threads)
  for (int64_t out = 0; out < p->out.channels; out += p->block)
    for (int64_t in = 0; in < p->in.channels; in += p->block)
      finish_block(g, sums, weight_step(p), in, out, in);
}

/* ---- Few weights: every thread sums its own chunks; then the copies are added up in the threads'
 * order. */

static bool is_private(const problem *p)
{
  return p->threads * weights_size(p) <= MOST_PRIVATE;
}

static void sum_chunk(const gradient *g, const tile_pair *t, int64_t chunk, bool accumulate,
                      float *sums)
{
  const problem *p = &g->p;
  int64_t next = (chunk + 1) * t->slots, in_panel = p->in.width * p->out.width;
  prefetch src = winograd_all_channels(&p->in, g->src, next, t->slots);
  prefetch diff_dst = winograd_all_channels(&p->out, g->diff_dst, next, t->slots);
  int64_t done = 0, all = MATRICES * p->in.panels;
  transform_pair(g, t, chunk * t->slots, 0, t->slots);
  for (int64_t k = 0; k < MATRICES; k++)
    for (int64_t panel = 0; panel < p->in.panels; panel++, done++) {
      multiply(p, k, panel, t, accumulate, sums + panel * in_panel, weight_step(p));
      winograd_prefetch(p, &src, done, all);
      winograd_prefetch(p, &diff_dst, done, all);
    }
}

static void sum_privately(const gradient *g, float *scratchpad)
{
  const problem *p = &g->p;
  chunking chunks = winograd_chunk(p, SUMMED_TILES, p->threads);
  int64_t size = weights_size(p);
  int64_t threads = chunks.count < p->threads ? chunks.count : p->threads;
#pragma omp parallel num_threads((int)threads)
  {
    int64_t me = omp_get_thread_num(), first = chunks.count * me / threads;
    float *own = scratchpad + p->threads * size + me * pair_size(p, chunks.tiles);
    tile_pair t = pair_at(p, chunks.tiles, own);
    for (int64_t c = first; c < chunks.count * (me + 1) / threads; c++)
      sum_chunk(g, &t, c, c > first, scratchpad + me * size);
#pragma omp barrier
#pragma omp for schedule(static)
    for (int64_t i = 0; i < size; i++)
      for (int64_t other = 1; other < threads; other++)
        scratchpad[i] += scratchpad[other * size + i];
  }
  finish_all(g, scratchpad);
}

/* ---- Few tiles: every thread has its own panels of in channels, and finishes one before the next,
 * so that its sums stay in the cache. */

static bool is_by_panels(const problem *p)
{
  return p->tiles <= SHARED_TILES && p->in.panels >= 2 * p->threads;
}

/* From one product of a panel to the next. */
static int64_t panel_step(const problem *p)
{
  return p->in.width * p->out.width + p->block;
}

static int64_t panel_sums(const problem *p)
{
  return p->out.panels * MATRICES * panel_step(p);
}

static void sum_panel(const gradient *g, const tile_pair *t, int64_t panel, float *sums)
{
  const problem *p = &g->p;
  int64_t first = panel * p->in.width;
  for (int64_t k = 0; k < MATRICES; k++)
    multiply(p, k, panel, t, false, sums, panel_step(p));
  for (int64_t out = 0; out < p->out.channels; out += p->block)
    for (int64_t row = 0; row < p->in.width; row += p->block)
      finish_block(g, sums, panel_step(p), row, out, first + row);
}

static void sum_by_panels(const gradient *g, float *scratchpad)
{
  const problem *p = &g->p;
  int64_t slots = winograd_chunk(p, SHARED_TILES, 1).tiles, rows = winograd_rows(p);
  tile_pair t = pair_at(p, slots, scratchpad);
  float *sums = scratchpad + pair_size(p, slots);
#pragma omp parallel num_threads(p->threads)
  {
#pragma omp for schedule(static)
    for (int64_t slot = 0; slot < slots; slot += rows)
      transform_pair(g, &t, 0, slot, slot + rows);
#pragma omp for schedule(dynamic)
    for (int64_t panel = 0; panel < p->in.panels; panel++)
      sum_panel(g, &t, panel, sums + omp_get_thread_num() * panel_sums(p));
  }
}

/* ---- Many of both: all threads work on one chunk, each on other products. */

static void sum_together(const gradient *g, float *scratchpad)
{
  const problem *p = &g->p;
  chunking chunks = winograd_chunk(p, SHARED_TILES, 1);
  int64_t rows = winograd_rows(p), in_panel = p->in.width * p->out.width;
  tile_pair t = pair_at(p, chunks.tiles, scratchpad + weights_size(p));
#pragma omp parallel num_threads(p->threads)
  for (int64_t c = 0; c < chunks.count; c++) {
#pragma omp for schedule(static)
    for (int64_t slot = 0; slot < t.slots; slot += rows)
      transform_pair(g, &t, c * t.slots, slot, slot + rows);
#pragma omp for collapse(2) schedule(static)
    for (int64_t k = 0; k < MATRICES; k++)
      for (int64_t panel = 0; panel < p->in.panels; panel++)
        multiply(p, k, panel, &t, c > 0, scratchpad + panel * in_panel, weight_step(p));
  }
  finish_all(g, scratchpad);
}

void dla_winograd_backward_weights(const dla_winograd *w, const float *src, const float *diff_dst,
                                   float *diff_weights, float *scratchpad)
{
  const gradient g = {w, winograd_problem(w, false), src, diff_dst, diff_weights};
  if (is_private(&g.p))
    sum_privately(&g, scratchpad);
  else if (is_by_panels(&g.p))
    sum_by_panels(&g, scratchpad);
  else
    sum_together(&g, scratchpad);
}

int64_t winograd_gradient_size(const problem *p)
{
  if (is_private(p))
    return p->threads *
           (weights_size(p) + pair_size(p, winograd_chunk(p, SUMMED_TILES, p->threads).tiles));
  int64_t shared = pair_size(p, winograd_chunk(p, SHARED_TILES, 1).tiles);
  return shared + (is_by_panels(p) ? p->threads * panel_sums(p) : weights_size(p));
}
