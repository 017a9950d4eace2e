/* Winograd's backward_weights: the transformed source times the transformed gradient, summed over
 * the tiles. There are three ways: for few weights, for few tiles, and for many of both. */
#include "kernels/winograd_weights.h"

#include "kernels/parts.h"

enum {
  SUMMED_TILES = 32,  /* tiles of a chunk; with fewer, the sums would be read and written more
                       * often */
  SHARED_TILES = 256, /* tiles of a chunk that all threads share */
};

typedef struct gradient {
  const dla_winograd *w;
  problem p;
  const void *src, *diff_dst;
  float *diff_weights, *scratchpad;
} gradient;

/* A chunk's tiles of both sides. */
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
  const reading src = {g->src, &p->in, p->transform->summed_src, true};
  const reading diff_dst = {g->diff_dst, &p->out, p->transform->gradient, true};
  winograd_transform(p, &src, first, from, to, t->slots, t->src);
  winograd_transform(p, &diff_dst, first, from, to, t->slots, t->diff_dst);
}

/* Products k to k + count - 1, for one panel of in channels. */
static void multiply_some(const problem *p, int64_t k, int64_t count, int64_t in_panel,
                          const tile_pair *t, bool accumulate, float *sums, int64_t step)
{
  const side *in = &p->in, *out = &p->out;
  int64_t a_step = tile_step(p, in->channels, t->slots);
  int64_t b_step = tile_step(p, out->channels, t->slots), depth = t->slots / p->deep;
  for (int64_t panel = 0; panel < out->panels; panel++) {
    const dla_product product = {.a = t->src + k * a_step + in_panel * depth * in->width,
                                 .b = t->diff_dst + k * b_step + panel * depth * out->width,
                                 .c = sums + panel * MATRICES * step,
                                 .rows = in->width,
                                 .panels = count,
                                 .a_panel = a_step,
                                 .b_panel = b_step,
                                 .b_block = p->block,
                                 .c_row = out->width,
                                 .c_block = p->block,
                                 .depth = depth,
                                 .a_width = (int)in->width,
                                 .blocks = (int)(out->width / p->block),
                                 .accumulate = accumulate};
    p->kernel->product_by_tiles(&product);
  }
}

/* All products that add up in one matrix, for one panel of in channels. Its sums begin at `sums`;
 * step: from one matrix to the next. */
static void multiply(const problem *p, int64_t matrix, int64_t in_panel, const tile_pair *t,
                     bool accumulate, float *sums, int64_t step)
{
  sharing s = winograd_sharing(p, matrix);
  for (int64_t y = 0; y < s.down; y++)
    multiply_some(p, s.first + y * p->transform->products, s.across, in_panel, t,
                  accumulate || y > 0, sums + matrix * step, step);
}

/* Computes one block of the weights from the sums of all products. row: its first in channel in
 * `sums`. */
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

/* The sums of all products lie at the start of the scratchpad. */
static void finish_blocks(const void *context, dla_items *items)
{
  const gradient *g = context;
  int64_t block = g->p.block, across = g->p.in.channels / block;
  for (int64_t i; dla_items_next(items, &i);) {
    int64_t in = i % across * block;
    finish_block(g, g->scratchpad, sum_step(&g->p), in, i / across * block, in);
  }
}

static void finish_all(const gradient *g)
{
  dla_team_run(g->w->team, weight_blocks(&g->p), finish_blocks, g);
}

/* ---- Few weights: the tiles are split into parts with sums of their own, which are then added
 * in order. It does not matter which thread computes a part. So there are more parts than
 * threads, as long as their sums are not too large. */

static int64_t parts_of(const problem *p)
{
  return dla_parts_most(sums_size(p), p->threads);
}

static bool is_private(const problem *p)
{
  return parts_of(p) >= p->threads;
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
      multiply(p, k, panel, t, accumulate, sums + panel * in_panel, sum_step(p));
      winograd_prefetch(p, &src, done, all);
      winograd_prefetch(p, &diff_dst, done, all);
    }
}

typedef struct parts {
  chunking chunks;
  int64_t count;
} parts;

static parts make_parts(const problem *p)
{
  int64_t most = parts_of(p);
  chunking chunks = winograd_chunk(p, SUMMED_TILES, most);
  return (parts){chunks, chunks.count < most ? chunks.count : most};
}

static void sum_part(const gradient *g, parts by, int64_t part, float *own, float *sums)
{
  int64_t first = by.chunks.count * part / by.count;
  tile_pair t = pair_at(&g->p, by.chunks.tiles, own);
  for (int64_t c = first; c < by.chunks.count * (part + 1) / by.count; c++)
    sum_chunk(g, &t, c, c > first, sums);
}

static void sum_parts(const void *context, dla_items *items)
{
  const gradient *g = context;
  const problem *p = &g->p;
  int64_t size = sums_size(p);
  parts by = make_parts(p);
  float *own =
      g->scratchpad + by.count * size + dla_items_thread(items) * pair_size(p, by.chunks.tiles);
  for (int64_t part; dla_items_next(items, &part);)
    sum_part(g, by, part, own, g->scratchpad + part * size);
}

static void sum_privately(const gradient *g)
{
  int64_t size = sums_size(&g->p), count = make_parts(&g->p).count;
  dla_team_run(g->w->team, count, sum_parts, g);
  dla_parts_join(g->w->team, g->scratchpad, g->scratchpad + size, size, count - 1);
  finish_all(g);
}

/* ---- Few tiles: each thread has its own panels of in channels. It finishes one before the next,
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

static int64_t shared_slots(const problem *p)
{
  return winograd_chunk(p, SHARED_TILES, 1).tiles;
}

/* The chunk that all threads share. The threads' sums lie after it. */
static tile_pair shared_pair(const gradient *g)
{
  return pair_at(&g->p, shared_slots(&g->p), g->scratchpad);
}

static void transform_shared(const void *context, dla_items *items)
{
  const gradient *g = context;
  tile_pair t = shared_pair(g);
  int64_t rows = winograd_rows(&g->p);
  for (int64_t i; dla_items_next(items, &i);)
    transform_pair(g, &t, 0, i * rows, (i + 1) * rows);
}

static void sum_panels(const void *context, dla_items *items)
{
  const gradient *g = context;
  tile_pair t = shared_pair(g);
  float *sums =
      g->scratchpad + pair_size(&g->p, t.slots) + dla_items_thread(items) * panel_sums(&g->p);
  for (int64_t panel; dla_items_next(items, &panel);)
    sum_panel(g, &t, panel, sums);
}

static void sum_by_panels(const gradient *g)
{
  dla_team_run(g->w->team, shared_slots(&g->p) / winograd_rows(&g->p), transform_shared, g);
  dla_team_run(g->w->team, g->p.in.panels, sum_panels, g);
}

/* ---- Many of both: all threads work on one chunk, each on other products. */

typedef struct chunk_sum {
  const gradient *g;
  tile_pair t;
  int64_t chunk;
} chunk_sum;

static void transform_chunk(const void *context, dla_items *items)
{
  const chunk_sum *s = context;
  int64_t rows = winograd_rows(&s->g->p);
  for (int64_t i; dla_items_next(items, &i);)
    transform_pair(s->g, &s->t, s->chunk * s->t.slots, i * rows, (i + 1) * rows);
}

static void multiply_chunk(const void *context, dla_items *items)
{
  const chunk_sum *s = context;
  const problem *p = &s->g->p;
  int64_t in_panel = p->in.width * p->out.width;
  for (int64_t i; dla_items_next(items, &i);) {
    int64_t panel = i % p->in.panels;
    multiply(p, i / p->in.panels, panel, &s->t, s->chunk > 0, s->g->scratchpad + panel * in_panel,
             sum_step(p));
  }
}

static void sum_together(const gradient *g)
{
  const problem *p = &g->p;
  chunk_sum s = {.g = g, .t = pair_at(p, shared_slots(p), g->scratchpad + sums_size(p))};
  int64_t count = winograd_chunk(p, SHARED_TILES, 1).count;
  for (s.chunk = 0; s.chunk < count; s.chunk++) {
    dla_team_run(g->w->team, s.t.slots / winograd_rows(p), transform_chunk, &s);
    dla_team_run(g->w->team, MATRICES * p->in.panels, multiply_chunk, &s);
  }
  finish_all(g);
}

void dla_winograd_backward_weights(const dla_winograd *w, const void *src, const void *diff_dst,
                                   float *diff_weights, float *scratchpad)
{
  const gradient g = {w, winograd_problem(w, false), src, diff_dst, diff_weights, scratchpad};
  if (is_private(&g.p))
    sum_privately(&g);
  else if (is_by_panels(&g.p))
    sum_by_panels(&g);
  else
    sum_together(&g);
}

int64_t winograd_gradient_size(const problem *p)
{
  if (is_private(p)) {
    parts by = make_parts(p);
    return by.count * sums_size(p) + p->threads * pair_size(p, by.chunks.tiles);
  }
  int64_t shared = pair_size(p, shared_slots(p));
  return shared + (is_by_panels(p) ? p->threads * panel_sums(p) : sums_size(p));
}
