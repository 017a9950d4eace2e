/* Winograd's forward and backward_data: the transformed source, tile by tile, times the
 * transformed weights, product by product. backward_data is a forward convolution of the
 * gradient, with in and out exchanged and the weights rotated by 180 degrees. Results do not
 * depend on which thread computes what. */
#include "kernels/winograd_convolve.h"

enum {
  CHUNK_TILES = 16, /* together with a panel of weights they fit a second-level cache */
  PANEL_CHUNKS = 8,
  SHARED_TILES = 128,              /* tiles of a chunk that all threads share */
  MANY_WEIGHTS = 16 * 1024 * 1024, /* bytes of weights */
};

typedef struct convolution {
  const dla_winograd *w;
  problem p;
  const void *src;
  const float *weights;
  dla_end end;
  void *dst;
  float *scratchpad;
} convolution;

/* The block of the original weights for a block of the product's. */
static const float *weights_at(const convolution *c, int64_t out, int64_t in)
{
  return winograd_weights_block(c->w, c->weights, c->p.turned ? in : out, c->p.turned ? out : in);
}

/* Transforms one block of the weights to its place in `panel`, the panel of its out channels.
 * Prefetches the next block. */
static void transform_weights(const convolution *c, int64_t out, int64_t in, float *panel)
{
  const problem *p = &c->p;
  int64_t block = p->block, width = p->out.width;
  float turned[9 * 16 * 16] __attribute__((aligned(64)));
  const float *from = weights_at(c, out, in);
  const float *next = in + block < p->in.channels ? weights_at(c, out, in + block) : from;
  for (int64_t i = 0; i < 9 * block * block; i += CACHE_LINE / (int64_t)sizeof *next)
    __builtin_prefetch(next + i);
  if (c->p.turned) {
    for (int64_t k = 0; k < 9; k++)
      for (int64_t a = 0; a < block; a++)
        for (int64_t b = 0; b < block; b++)
          turned[((8 - k) * block + b) * block + a] = from[(k * block + a) * block + b];
    from = turned;
  }
  for (int64_t k = 0; k < block; k++)
    p->transform->weights[k % p->deep](from + k * block, block * block,
                                       panel + (in + k) / p->deep * width + out % width,
                                       weight_step(p));
}

/* Transforms the source tiles [from, to) of a chunk. */
static void transform_src(const convolution *c, int64_t first, int64_t from, int64_t to,
                          int64_t slots, float *tiles)
{
  const problem *p = &c->p;
  const reading r = {.images = c->src,
                     .side = &p->in,
                     .transform = p->turned ? &p->transform->diff_dst : &p->transform->src};
  winograd_transform(p, &r, first, from, to, slots, tiles);
}

/* One product of a chunk. */
static void multiply_one(const problem *p, int64_t k, const float *tiles, int64_t slots,
                         const float *weights, float *products)
{
  const side *in = &p->in, *out = &p->out;
  const dla_product product = {.a = tiles + k * tile_step(p, in->channels, slots),
                               .b = weights,
                               .c = products + k * product_step(p, slots),
                               .rows = slots,
                               .panels = in->panels,
                               .a_panel = slots * in->width / p->deep,
                               .b_panel = in->width / p->deep * out->width,
                               .b_block = p->block,
                               .c_row = out->width,
                               .c_block = p->block,
                               .depth = in->width / p->deep,
                               .a_width = (int)in->width,
                               .blocks = (int)(out->width / p->block)};
  p->kernel->product_by_channels(&product);
}

/* The products of a chunk with one matrix of one panel of the weights. */
static void multiply(const problem *p, int64_t matrix, const float *tiles, int64_t slots,
                     const float *panel, float *products)
{
  sharing s = winograd_sharing(p, matrix);
  for (int64_t y = 0; y < s.down; y++)
    for (int64_t x = 0; x < s.across; x++)
      multiply_one(p, s.first + y * p->transform->products + x, tiles, slots,
                   panel + matrix * weight_step(p), products);
}

static prefetch panel_of_dst(const convolution *c, int64_t panel, int64_t first, int64_t slots)
{
  const side *out = &c->p.out;
  return (prefetch){.side = out,
                    .images = c->dst,
                    .channel = panel * out->width,
                    .count = out->width,
                    .first = first,
                    .tiles = slots,
                    .write = true};
}

/* ---- Chunk by chunk of the tiles: each thread has its own chunks; all use the same weights. */

static int64_t products_size(const problem *p, int64_t slots)
{
  return p->products * product_step(p, slots);
}

static int64_t tiles_size(const problem *p, int64_t slots)
{
  return p->products * tile_step(p, p->in.channels, slots);
}

/* Computes one chunk and prefetches the next. Goes panel by panel: a panel's products are still
 * in the cache when its tiles are finished, and do not evict the source tiles. */
static void convolve_chunk(const convolution *c, int64_t first, int64_t slots, const float *weights,
                           float *tiles)
{
  const problem *p = &c->p;
  float *products = tiles + tiles_size(p, slots);
  prefetch next_src = winograd_all_channels(&p->in, c->src, first + slots, slots);
  transform_src(c, first, 0, slots, slots, tiles);
  for (int64_t panel = 0; panel < p->out.panels; panel++) {
    prefetch dst = panel_of_dst(c, panel, first, slots);
    for (int64_t k = 0; k < MATRICES; k++) {
      multiply(p, k, tiles, slots, weights + panel * panel_size(p), products);
      winograd_prefetch(p, &dst, k, MATRICES);
      if (panel == p->out.panels - 1) winograd_prefetch(p, &next_src, k, MATRICES);
    }
    winograd_finish(p, panel, products, first, 0, slots, slots, &c->end, c->dst);
  }
}

static chunking chunks_of(const problem *p)
{
  return winograd_chunk(p, CHUNK_TILES, p->threads);
}

static void transform_all_weights(const void *context, dla_items *items)
{
  const convolution *c = context;
  int64_t block = c->p.block, across = c->p.in.channels / block;
  for (int64_t i; dla_items_next(items, &i);) {
    int64_t out = i / across * block;
    transform_weights(c, out, i % across * block,
                      c->scratchpad + out / c->p.out.width * panel_size(&c->p));
  }
}

static void convolve_chunks(const void *context, dla_items *items)
{
  const convolution *c = context;
  const problem *p = &c->p;
  int64_t slots = chunks_of(p).tiles, own = tiles_size(p, slots) + products_size(p, slots);
  float *tiles = c->scratchpad + weights_size(p) + dla_items_thread(items) * own;
  for (int64_t chunk; dla_items_next(items, &chunk);)
    convolve_chunk(c, chunk * slots, slots, c->scratchpad, tiles);
}

/* Chunks in order, as other kernels share out images: a core then reads what it has written. */
static void convolve_by_chunks(const convolution *c)
{
  dla_team_run(c->w->team, weight_blocks(&c->p), transform_all_weights, c);
  dla_team_run(c->w->team, chunks_of(&c->p).count, convolve_chunks, c);
}

/* ---- Panel by panel of the weights: each thread has its own panels; all use the same tiles.
 * With many more weights than tiles, this needs less memory and fewer passes over it. With a few
 * more tiles, moving them through the cache costs as much (measured with 512 channels). */

static bool is_by_panels(const problem *p)
{
  return 8 * p->tiles <= p->out.channels && p->out.panels >= 2 * p->threads;
}

/* Several chunks at once, so that a product's weights are read once for all of them. */
static void convolve_panel(const convolution *c, int64_t panel, chunking chunks, const float *tiles,
                           float *weights)
{
  const problem *p = &c->p;
  int64_t width = p->out.width, slots = chunks.tiles, size = products_size(p, slots);
  float *products = weights + panel_size(p);
  for (int64_t out = panel * width; out < (panel + 1) * width; out += p->block)
    for (int64_t in = 0; in < p->in.channels; in += p->block)
      transform_weights(c, out, in, weights);
  for (int64_t first = 0; first < chunks.count; first += PANEL_CHUNKS) {
    int64_t end = first + PANEL_CHUNKS < chunks.count ? first + PANEL_CHUNKS : chunks.count;
    prefetch dst = panel_of_dst(c, panel, first * slots, (end - first) * slots);
    for (int64_t k = 0; k < MATRICES; k++) {
      for (int64_t chunk = first; chunk < end; chunk++)
        multiply(p, k, tiles + chunk * tiles_size(p, slots), slots, weights,
                 products + (chunk - first) * size);
      winograd_prefetch(p, &dst, k, MATRICES);
    }
    for (int64_t chunk = first; chunk < end; chunk++)
      winograd_finish(p, panel, products + (chunk - first) * size, chunk * slots, 0, slots, slots,
                      &c->end, c->dst);
  }
}

static chunking shared_chunks_of(const problem *p)
{
  return winograd_chunk(p, CHUNK_TILES, 1);
}

static void transform_chunks(const void *context, dla_items *items)
{
  const convolution *c = context;
  int64_t slots = shared_chunks_of(&c->p).tiles, size = tiles_size(&c->p, slots);
  for (int64_t chunk; dla_items_next(items, &chunk);)
    transform_src(c, chunk * slots, 0, slots, slots, c->scratchpad + chunk * size);
}

static void convolve_panels(const void *context, dla_items *items)
{
  const convolution *c = context;
  const problem *p = &c->p;
  chunking chunks = shared_chunks_of(p);
  int64_t own = panel_size(p) + PANEL_CHUNKS * products_size(p, chunks.tiles);
  float *weights =
      c->scratchpad + chunks.count * tiles_size(p, chunks.tiles) + dla_items_thread(items) * own;
  for (int64_t panel; dla_items_next(items, &panel);)
    convolve_panel(c, panel, chunks, c->scratchpad, weights);
}

static void convolve_by_panels(const convolution *c)
{
  dla_team_run(c->w->team, shared_chunks_of(&c->p).count, transform_chunks, c);
  dla_team_run(c->w->team, c->p.out.panels, convolve_panels, c);
}

/* ---- Many of both: all threads work on one chunk, each on other products. With chunks of their
 * own, every thread would read all weights for a few tiles, and no second-level cache holds them.
 * With 512 channels, a thread's products are 1.3 (AVX2) to 1.7 times (AVX-512) as fast this way
 * (Zen 5). */

static bool is_together(const problem *p)
{
  return weights_size(p) * (int64_t)sizeof(float) >= MANY_WEIGHTS;
}

static chunking large_chunks_of(const problem *p)
{
  return winograd_chunk(p, SHARED_TILES, 1);
}

typedef struct large_chunk {
  const convolution *c;
  int64_t first, slots;
  float *tiles, *products;
} large_chunk;

static void transform_large(const void *context, dla_items *items)
{
  const large_chunk *l = context;
  int64_t rows = winograd_rows(&l->c->p);
  for (int64_t i; dla_items_next(items, &i);)
    transform_src(l->c, l->first, i * rows, (i + 1) * rows, l->slots, l->tiles);
}

/* Matrix by matrix: its tiles stay in the cache for all panels of its weights. */
static void multiply_large(const void *context, dla_items *items)
{
  const large_chunk *l = context;
  const problem *p = &l->c->p;
  for (int64_t i; dla_items_next(items, &i);) {
    int64_t panel = i % p->out.panels;
    multiply(p, i / p->out.panels, l->tiles, l->slots, l->c->scratchpad + panel * panel_size(p),
             l->products + panel * products_size(p, l->slots));
  }
}

static void finish_large(const void *context, dla_items *items)
{
  const large_chunk *l = context;
  const problem *p = &l->c->p;
  int64_t rows = winograd_rows(p), units = l->slots / rows;
  for (int64_t i; dla_items_next(items, &i);) {
    int64_t panel = i / units, from = i % units * rows;
    winograd_finish(p, panel, l->products + panel * products_size(p, l->slots), l->first, from,
                    from + rows, l->slots, &l->c->end, l->c->dst);
  }
}

static void convolve_together(const convolution *c)
{
  const problem *p = &c->p;
  dla_team *team = c->w->team;
  chunking chunks = large_chunks_of(p);
  large_chunk l = {.c = c, .slots = chunks.tiles, .tiles = c->scratchpad + weights_size(p)};
  int64_t units = l.slots / winograd_rows(p);
  l.products = l.tiles + tiles_size(p, l.slots);
  dla_team_run(team, weight_blocks(p), transform_all_weights, c);
  for (int64_t chunk = 0; chunk < chunks.count; chunk++) {
    l.first = chunk * l.slots;
    dla_team_run(team, units, transform_large, &l);
    dla_team_run(team, MATRICES * p->out.panels, multiply_large, &l);
    dla_team_run(team, p->out.panels * units, finish_large, &l);
  }
}

static void convolve(const convolution *c)
{
  if (is_by_panels(&c->p))
    convolve_by_panels(c);
  else if (is_together(&c->p))
    convolve_together(c);
  else
    convolve_by_chunks(c);
}

void dla_winograd_forward(const dla_winograd *w, const void *src, const float *weights,
                          const float *bias, bool accumulate, bool relu, void *dst,
                          float *scratchpad)
{
  const convolution c = {.w = w,
                         .p = winograd_problem(w, false),
                         .src = src,
                         .weights = weights,
                         .end = {bias, accumulate, relu},
                         .dst = dst,
                         .scratchpad = scratchpad};
  convolve(&c);
}

void dla_winograd_backward_data(const dla_winograd *w, const void *diff_dst, const float *weights,
                                void *diff_src, float *scratchpad)
{
  const convolution c = {.w = w,
                         .p = winograd_problem(w, true),
                         .src = diff_dst,
                         .weights = weights,
                         .dst = diff_src,
                         .scratchpad = scratchpad};
  convolve(&c);
}

int64_t winograd_convolve_size(const problem *p)
{
  if (is_by_panels(p)) {
    chunking chunks = shared_chunks_of(p);
    return chunks.count * tiles_size(p, chunks.tiles) +
           p->threads * (panel_size(p) + PANEL_CHUNKS * products_size(p, chunks.tiles));
  }
  if (is_together(p)) {
    int64_t slots = large_chunks_of(p).tiles;
    return weights_size(p) + tiles_size(p, slots) + p->out.panels * products_size(p, slots);
  }
  int64_t slots = chunks_of(p).tiles;
  return weights_size(p) + p->threads * (tiles_size(p, slots) + products_size(p, slots));
}
