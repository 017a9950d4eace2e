#include "kernels/winograd.h"

#include <omp.h>
#include <string.h>

#include "kernels/leaf.h"

enum {
  PRODUCTS = 36,      /* of matrices */
  TILE = 4,           /* destination pixels on a tile's side */
  OWN_TILES = 16,     /* of a chunk of a convolution: with its weights in a second-level cache */
  SUMMED_TILES = 32,  /* of a chunk of a sum over tiles: fewer would touch the sums more often */
  SHARED_TILES = 256, /* of a chunk that all threads work on together */
};
#define CACHE_LINE 16 /* floats */
#define MOST_PRIVATE                                                                               \
  ((int64_t)4 << 20) /* floats of diff_weights' sums in all threads' own copies */

/* The side of a matrix: its channels, in panels of two blocks where they can be paired. */
typedef struct side {
  int64_t channels; /* padded to blocks */
  int64_t width;    /* of a panel */
  int64_t panels;
} side;

typedef struct problem {
  const dla_plane_kernels *kernel;
  int block, threads;
  int64_t height, width;       /* of the images */
  int64_t across, down, tiles; /* tiles of an image, and of all */
  side in, out;                /* in is what is summed over in the forward direction */
} problem;

static side make_side(int64_t channels, int block)
{
  int64_t padded = (channels + block - 1) / block * block;
  int64_t width = padded % (2 * block) ? block : 2 * block;
  return (side){padded, width, padded / width};
}

static problem make_problem(const dla_winograd *w, int64_t in, int64_t out)
{
  const dla_leaf_kernels *leaf = dla_leaf();
  int64_t across = (w->width + TILE - 1) / TILE, down = (w->height + TILE - 1) / TILE;
  return (problem){.kernel = w->block == 8 ? &leaf->block8 : &leaf->block16,
                   .block = w->block,
                   .threads = w->threads,
                   .height = w->height,
                   .width = w->width,
                   .across = across,
                   .down = down,
                   .tiles = w->batch * across * down,
                   .in = make_side(in, w->block),
                   .out = make_side(out, w->block)};
}

static int64_t round_up(int64_t count, int64_t unit)
{
  return (count + unit - 1) / unit * unit;
}

/* Rows that the product kernels do at once: they finish what they begin. */
static int64_t rows(const problem *p)
{
  return p->block / 2;
}

/* How all tiles are shared out: into so many chunks of at most so many tiles. */
typedef struct chunking {
  int64_t count, tiles;
} chunking;

static chunking chunk(const problem *p, int64_t most, int64_t threads)
{
  int64_t count = round_up((p->tiles + most - 1) / most, threads);
  int64_t tiles = round_up((p->tiles + count - 1) / count, rows(p));
  return (chunking){(p->tiles + tiles - 1) / tiles, tiles};
}

/* ---- Layouts
 * -------------------------------------------------------------------------------------
 * tiles:    [product][panel of the channels][tile of the chunk][channel of the panel]
 * products: [product][tile of the chunk][channel], of one panel of the out channels
 * weights:  [panel of the out channels][product][in channel][out channel of the panel]
 *
 * From one product to the next it is a cache line more than the matrix, whose size is a power of
 * two, or else the 36 vectors of a tile would all fall into one set of the cache. */

static int64_t tile_step(const problem *p, int64_t channels, int64_t slots)
{
  return slots * channels + p->block;
}

static int64_t tile_offset(const side *s, int64_t tiles, int64_t tile, int64_t channel)
{
  return (channel / s->width * tiles + tile) * s->width + channel % s->width;
}

static int64_t weight_step(const problem *p)
{
  return p->in.channels * p->out.width + p->block;
}

static int64_t weight_offset(const problem *p, int64_t in, int64_t out)
{
  const side *s = &p->out;
  return out / s->width * PRODUCTS * weight_step(p) + in * s->width + out % s->width;
}

static int64_t weights_size(const problem *p)
{
  return p->out.panels * PRODUCTS * weight_step(p);
}

/* What a thread keeps of a chunk: its tiles, and one panel of its products. */
static int64_t convolution_tiles(const problem *p)
{
  int64_t slots = chunk(p, OWN_TILES, p->threads).tiles;
  return PRODUCTS * (tile_step(p, p->in.channels, slots) + tile_step(p, p->out.width, slots));
}

/* A chunk's tiles on both sides, all products. */
static int64_t both_tiles(const problem *p, int64_t slots)
{
  return PRODUCTS * (tile_step(p, p->in.channels, slots) + tile_step(p, p->out.channels, slots));
}

/* ---- Transforms
 * ------------------------------------------------------------------------------- */

typedef void transform_fn(const float *plane, int64_t height, int64_t width, int64_t y, int64_t x,
                          float *out, int64_t step);

/* Where a tile is: its image, and its first pixel. */
typedef struct place {
  int64_t image, y, x;
} place;

static place place_of(const problem *p, int64_t tile)
{
  int64_t per_image = p->across * p->down;
  return (place){tile / per_image, tile % per_image / p->across * TILE, tile % p->across * TILE};
}

/* Tiles [from, to) of a chunk that begins with the tile `first`; a tile behind the last one is
 * zeros. margin: 1 for source tiles. Block by block of the channels, so that images are read in
 * order. */
static void transform_tiles(const problem *p, transform_fn *transform, const float *images,
                            const side *s, int64_t margin, int64_t first, int64_t from, int64_t to,
                            int64_t slots, float *out)
{
  int64_t step = tile_step(p, s->channels, slots), plane = p->height * p->width * p->block;
  for (int64_t c = 0; c < s->channels; c += p->block)
    for (int64_t slot = from; slot < to; slot++) {
      float *at = out + tile_offset(s, slots, slot, c);
      if (first + slot < p->tiles) {
        place t = place_of(p, first + slot);
        transform(images + (t.image * s->channels + c) / p->block * plane, p->height, p->width,
                  t.y - margin, t.x - margin, at, step);
        continue;
      }
      for (int64_t k = 0; k < PRODUCTS; k++)
        memset(at + k * step, 0, (size_t)p->block * sizeof *at);
    }
}

/* Images that will be wanted soon: tiles by blocks of channels. Products need the memory less than
 * transforms do, which would wait for it; so it is asked during the former for what the latter will
 * touch. */
typedef struct prefetch {
  const float *images;
  int64_t channels;       /* of the images */
  int64_t channel, count; /* channels that are wanted */
  int64_t first, tiles;
  bool write;
  int64_t done; /* tiles of a block */
} prefetch;

static prefetch all_channels(const side *s, const float *images, int64_t first, int64_t tiles)
{
  return (prefetch){.images = images,
                    .channels = s->channels,
                    .count = s->channels,
                    .first = first,
                    .tiles = tiles};
}

/* Inlined, or GCC leaves it out as a function that has no effect. */
static inline __attribute__((always_inline)) void prefetch_tile(const problem *p, const prefetch *f)
{
  int64_t channel = f->channel + f->done / f->tiles * p->block;
  int64_t tile = f->first + f->done % f->tiles;
  if (tile >= p->tiles) return;
  place t = place_of(p, tile);
  const float *plane = f->images + (t.image * f->channels + channel) * p->height * p->width;
  for (int64_t y = t.y; y < t.y + TILE && y < p->height; y++)
#pragma GCC unroll 4
    for (int64_t x = 0; x < TILE * p->block; x += CACHE_LINE) {
      const float *line = plane + (y * p->width + t.x) * p->block + x;
      if (f->write)
        __builtin_prefetch(line, 1);
      else
        __builtin_prefetch(line, 0);
    }
}

/* Goes on until of all there is this part: done of total. */
static void prefetch_part(const problem *p, prefetch *f, int64_t done, int64_t total)
{
  int64_t until = f->tiles * (f->count / p->block) * done / total;
  for (; f->done < until; f->done++)
    prefetch_tile(p, f);
}

/* The channels of one panel of a chunk's tiles. */
static void finish_tiles(const problem *p, int64_t panel, const float *products, int64_t first,
                         int64_t slots, const dla_winograd_end *end, float *dst)
{
  const side *s = &p->out;
  int64_t plane = p->height * p->width * p->block, step = tile_step(p, s->width, slots);
  for (int64_t c = 0; c < s->width; c += p->block) {
    int64_t channel = panel * s->width + c;
    dla_winograd_end here = *end;
    if (here.bias) here.bias += channel;
    for (int64_t slot = 0; slot < slots && first + slot < p->tiles; slot++) {
      place t = place_of(p, first + slot);
      p->kernel->winograd_dst(products + slot * s->width + c, step, &here,
                              dst + (t.image * s->channels + channel) / p->block * plane, p->height,
                              p->width, t.y, t.x);
    }
  }
}

/* The weights' own blocks: [3][3][block of in][block of out]. */
static const float *weights_block(const dla_winograd *w, const float *weights, int64_t out,
                                  int64_t in)
{
  int64_t blocks = (w->in + w->block - 1) / w->block;
  return weights + (out / w->block * blocks + in / w->block) * 9 * w->block * w->block;
}

static void transform_forward_weights(const dla_winograd *w, const problem *p, const float *weights,
                                      float *out)
{
  int64_t block = p->block, step = weight_step(p);
#pragma omp parallel for collapse(2) schedule(static) num_threads(p->threads)
  for (int64_t o = 0; o < p->out.channels; o += block)
    for (int64_t i = 0; i < p->in.channels; i += block)
      for (int64_t k = 0; k < block; k++)
        p->kernel->winograd_weights(weights_block(w, weights, o, i) + k * block, block * block,
                                    out + weight_offset(p, i + k, o), step);
}

/* backward_data is a forward convolution of the gradient with the weights turned by 180 degrees, in
 * and out exchanged; here p->in are the weights' out channels. */
static void transform_turned_weights(const dla_winograd *w, const problem *p, const float *weights,
                                     float *out)
{
  int64_t block = p->block, step = weight_step(p);
#pragma omp parallel for collapse(2) schedule(static) num_threads(p->threads)
  for (int64_t o = 0; o < p->in.channels; o += block)
    for (int64_t i = 0; i < p->out.channels; i += block) {
      float turned[9 * 16 * 16] __attribute__((aligned(64)));
      const float *from = weights_block(w, weights, o, i);
      for (int64_t k = 0; k < 9; k++)
        for (int64_t a = 0; a < block; a++)
          for (int64_t b = 0; b < block; b++)
            turned[((8 - k) * block + b) * block + a] = from[(k * block + a) * block + b];
      for (int64_t k = 0; k < block; k++)
        p->kernel->winograd_weights(turned + k * block, block * block,
                                    out + weight_offset(p, o + k, i), step);
    }
}

/* ---- Forward
 * ---------------------------------------------------------------------------------- */

/* All 36 products of a chunk, for one panel of out channels. */
static void multiply(const problem *p, int64_t panel, const float *tiles, const float *weights,
                     int64_t slots, float *products, prefetch *dst, prefetch *next)
{
  const side *in = &p->in, *out = &p->out;
  for (int64_t k = 0; k < PRODUCTS; k++)
    for (int64_t slot = 0; slot < slots; slot += rows(p)) {
      const dla_winograd_product product = {
          .a = tiles + k * tile_step(p, in->channels, slots) + slot * in->width,
          .b = weights + (panel * PRODUCTS + k) * weight_step(p),
          .c = products + k * tile_step(p, out->width, slots) + slot * out->width,
          .panels = in->panels,
          .a_panel = slots * in->width,
          .b_panel = in->width * out->width,
          .depth = in->width,
          .a_width = (int)in->width,
          .blocks = (int)(out->width / p->block)};
      p->kernel->winograd_by_channels(&product);
      prefetch_part(p, dst, k * slots + slot, PRODUCTS * slots);
      if (panel == out->panels - 1) prefetch_part(p, next, k * slots + slot, PRODUCTS * slots);
    }
}

/* One chunk, and next the one behind it. Panel by panel, so that the products of one are still in
 * the cache when its tiles are finished, and do not drive the source tiles out of it. */
static void convolve_chunk(const problem *p, int64_t first, int64_t next, int64_t slots,
                           const float *src, const float *weights, const dla_winograd_end *end,
                           float *dst, float *tiles)
{
  const side *in = &p->in, *out = &p->out;
  float *products = tiles + PRODUCTS * tile_step(p, in->channels, slots);
  prefetch next_src = all_channels(in, src, next, slots);
  transform_tiles(p, p->kernel->winograd_source, src, in, 1, first, 0, slots, slots, tiles);
  for (int64_t panel = 0; panel < out->panels; panel++) {
    prefetch own_dst = {.images = dst,
                        .channels = out->channels,
                        .channel = panel * out->width,
                        .count = out->width,
                        .first = first,
                        .tiles = slots,
                        .write = true};
    multiply(p, panel, tiles, weights, slots, products, &own_dst, &next_src);
    finish_tiles(p, panel, products, first, slots, end, dst);
  }
}

static void convolve(const problem *p, const float *src, const float *weights,
                     const dla_winograd_end *end, float *dst, float *scratchpad)
{
  chunking chunks = chunk(p, OWN_TILES, p->threads);
  int64_t slots = chunks.tiles, own = convolution_tiles(p), taken = 0;
#pragma omp parallel num_threads(p->threads)
  {
    /* Which thread does a chunk changes no result. */
    float *tiles = scratchpad + omp_get_thread_num() * own;
    int64_t c, next;
#pragma omp atomic capture
    c = taken++;
    for (; c < chunks.count; c = next) {
#pragma omp atomic capture
      next = taken++;
      convolve_chunk(p, c * slots, next * slots, slots, src, weights, end, dst, tiles);
    }
  }
}

void dla_winograd_forward(const dla_winograd *w, const float *src, const float *weights,
                          const float *bias, bool accumulate, bool relu, float *dst,
                          float *scratchpad)
{
  problem p = make_problem(w, w->in, w->out);
  const dla_winograd_end end = {bias, accumulate, relu};
  transform_forward_weights(w, &p, weights, scratchpad);
  convolve(&p, src, scratchpad, &end, dst, scratchpad + weights_size(&p));
}

void dla_winograd_backward_data(const dla_winograd *w, const float *diff_dst, const float *weights,
                                float *diff_src, float *scratchpad)
{
  problem p = make_problem(w, w->out, w->in);
  const dla_winograd_end end = {0};
  transform_turned_weights(w, &p, weights, scratchpad);
  convolve(&p, diff_dst, scratchpad, &end, diff_src, scratchpad + weights_size(&p));
}

/* ---- Backward weights
 * ------------------------------------------------------------------------- */

/* The sums of one product, for one panel of in channels. */
static void multiply_gradients(const problem *p, int64_t k, int64_t in_panel, const float *tiles,
                               const float *gradients, int64_t slots, bool accumulate, float *sums)
{
  const side *in = &p->in, *out = &p->out;
  for (int64_t panel = 0; panel < out->panels; panel++)
    for (int64_t i = 0; i < in->width; i += rows(p)) {
      int64_t row = in_panel * in->width + i;
      const dla_winograd_product product = {
          .a = tiles + k * tile_step(p, in->channels, slots) + in_panel * slots * in->width + i,
          .b = gradients + k * tile_step(p, out->channels, slots) + panel * slots * out->width,
          .c = sums + (panel * PRODUCTS + k) * weight_step(p) + row * out->width,
          .panels = 1,
          .depth = slots,
          .a_width = (int)in->width,
          .blocks = (int)(out->width / p->block),
          .accumulate = accumulate};
      p->kernel->winograd_by_tiles(&product);
    }
}

static void transform_both(const problem *p, const float *src, const float *diff_dst, int64_t first,
                           int64_t from, int64_t to, int64_t slots, float *tiles, float *gradients)
{
  transform_tiles(p, p->kernel->winograd_source, src, &p->in, 1, first, from, to, slots, tiles);
  transform_tiles(p, p->kernel->winograd_gradient, diff_dst, &p->out, 0, first, from, to, slots,
                  gradients);
}

/* Every thread sums its own chunks; then the copies are added up in the threads' order. */
static void sum_privately(const problem *p, const float *src, const float *diff_dst, float *sums,
                          float *scratchpad)
{
  chunking chunks = chunk(p, SUMMED_TILES, p->threads);
  int64_t slots = chunks.tiles, own = both_tiles(p, slots);
  int64_t size = weights_size(p);
  int64_t threads = chunks.count < p->threads ? chunks.count : p->threads;
#pragma omp parallel num_threads((int)threads)
  {
    int64_t me = omp_get_thread_num(), first = chunks.count * me / threads;
    float *tiles = scratchpad + me * own,
          *gradients = tiles + PRODUCTS * tile_step(p, p->in.channels, slots);
    for (int64_t c = first; c < chunks.count * (me + 1) / threads; c++) {
      prefetch next_src = all_channels(&p->in, src, (c + 1) * slots, slots);
      prefetch next_diff_dst = all_channels(&p->out, diff_dst, (c + 1) * slots, slots);
      transform_both(p, src, diff_dst, c * slots, 0, slots, slots, tiles, gradients);
      for (int64_t k = 0; k < PRODUCTS; k++)
        for (int64_t panel = 0; panel < p->in.panels; panel++) {
          multiply_gradients(p, k, panel, tiles, gradients, slots, c > first, sums + me * size);
          prefetch_part(p, &next_src, k * p->in.panels + panel, PRODUCTS * p->in.panels);
          prefetch_part(p, &next_diff_dst, k * p->in.panels + panel, PRODUCTS * p->in.panels);
        }
    }
#pragma omp barrier
#pragma omp for schedule(static)
    for (int64_t i = 0; i < size; i++)
      for (int64_t other = 1; other < threads; other++)
        sums[i] += sums[other * size + i];
  }
}

/* Where copies would be large: all threads work on one chunk, each on other products. */
static void sum_together(const problem *p, const float *src, const float *diff_dst, float *sums,
                         float *scratchpad)
{
  chunking chunks = chunk(p, SHARED_TILES, 1);
  int64_t slots = chunks.tiles;
  float *tiles = scratchpad, *gradients = tiles + PRODUCTS * tile_step(p, p->in.channels, slots);
#pragma omp parallel num_threads(p->threads)
  for (int64_t c = 0; c < chunks.count; c++) {
#pragma omp for schedule(static)
    for (int64_t slot = 0; slot < slots; slot += rows(p))
      transform_both(p, src, diff_dst, c * slots, slot, slot + rows(p), slots, tiles, gradients);
#pragma omp for collapse(2) schedule(static)
    for (int64_t k = 0; k < PRODUCTS; k++)
      for (int64_t panel = 0; panel < p->in.panels; panel++)
        multiply_gradients(p, k, panel, tiles, gradients, slots, c > 0, sums);
  }
}

static bool is_private(const problem *p)
{
  return p->threads * weights_size(p) <= MOST_PRIVATE;
}

void dla_winograd_backward_weights(const dla_winograd *w, const float *src, const float *diff_dst,
                                   float *diff_weights, float *scratchpad)
{
  problem p = make_problem(w, w->in, w->out);
  int64_t block = p.block, size = weights_size(&p);
  if (is_private(&p))
    sum_privately(&p, src, diff_dst, scratchpad, scratchpad + p.threads * size);
  else
    sum_together(&p, src, diff_dst, scratchpad, scratchpad + size);
#pragma omp parallel for collapse(2) schedule(static) num_threads(p.threads)
  for (int64_t o = 0; o < p.out.channels; o += block)
    for (int64_t i = 0; i < p.in.channels; i += block)
      for (int64_t k = 0; k < block; k++)
        p.kernel->winograd_diff_weights(scratchpad + weight_offset(&p, i + k, o), weight_step(&p),
                                        (float *)weights_block(w, diff_weights, o, i) + k * block,
                                        block * block);
}

size_t dla_winograd_scratchpad(const dla_winograd *w, dla_winograd_pass pass)
{
  bool turned = pass == DLA_WINOGRAD_BACKWARD_DATA;
  problem p = turned ? make_problem(w, w->out, w->in) : make_problem(w, w->in, w->out);
  int64_t size = weights_size(&p), floats;
  if (pass != DLA_WINOGRAD_BACKWARD_WEIGHTS)
    floats = size + p.threads * convolution_tiles(&p);
  else if (is_private(&p))
    floats = p.threads * (size + both_tiles(&p, chunk(&p, SUMMED_TILES, p.threads).tiles));
  else
    floats = size + both_tiles(&p, chunk(&p, SHARED_TILES, 1).tiles);
  return (size_t)floats * sizeof(float);
}
