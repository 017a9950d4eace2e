#include "kernels/winograd_problem.h"

#include <string.h>

static side make_side(int64_t channels, int block)
{
  int64_t padded = (channels + block - 1) / block * block;
  int64_t width = padded % (2 * block) ? block : 2 * block;
  return (side){padded, width, padded / width};
}

problem winograd_problem(const dla_winograd *w, int64_t in, int64_t out)
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

chunking winograd_chunk(const problem *p, int64_t most, int64_t threads)
{
  int64_t count = round_up((p->tiles + most - 1) / most, threads);
  int64_t tiles = round_up((p->tiles + count - 1) / count, winograd_rows(p));
  return (chunking){(p->tiles + tiles - 1) / tiles, tiles};
}

/* Where a tile is: its image, and its first pixel. */
typedef struct place {
  int64_t image, y, x;
} place;

static place place_of(const problem *p, int64_t tile)
{
  int64_t per_image = p->across * p->down;
  return (place){tile / per_image, tile % per_image / p->across * TILE, tile % p->across * TILE};
}

void winograd_transform(const problem *p, transform_fn *transform, const float *images,
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

prefetch winograd_all_channels(const side *s, const float *images, int64_t first, int64_t tiles)
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

void winograd_prefetch(const problem *p, prefetch *f, int64_t done, int64_t total)
{
  int64_t until = f->tiles * (f->count / p->block) * done / total;
  for (; f->done < until; f->done++)
    prefetch_tile(p, f);
}

void winograd_finish(const problem *p, int64_t panel, const float *products, int64_t first,
                     int64_t slots, const dla_end *end, float *dst)
{
  const side *s = &p->out;
  int64_t plane = p->height * p->width * p->block, step = tile_step(p, s->width, slots);
  for (int64_t c = 0; c < s->width; c += p->block) {
    int64_t channel = panel * s->width + c;
    dla_end here = *end;
    if (here.bias) here.bias += channel;
    for (int64_t slot = 0; slot < slots && first + slot < p->tiles; slot++) {
      place t = place_of(p, first + slot);
      p->kernel->winograd_dst(products + slot * s->width + c, step, &here,
                              dst + (t.image * s->channels + channel) / p->block * plane, p->height,
                              p->width, t.y, t.x);
    }
  }
}

size_t dla_winograd_scratchpad(const dla_winograd *w, dla_winograd_pass pass)
{
  bool turned = pass == DLA_WINOGRAD_BACKWARD_DATA;
  problem p = turned ? winograd_problem(w, w->out, w->in) : winograd_problem(w, w->in, w->out);
  int64_t floats = pass == DLA_WINOGRAD_BACKWARD_WEIGHTS ? winograd_gradient_size(&p)
                                                         : winograd_convolve_size(&p);
  return (size_t)floats * sizeof(float);
}
