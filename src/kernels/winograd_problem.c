#include "kernels/winograd_problem.h"

#include <string.h>

static side make_side(int64_t channels, int block, int64_t height, int64_t width, int64_t tile)
{
  int64_t padded = (channels + block - 1) / block * block;
  int64_t panel = padded % (2 * block) ? block : 2 * block;
  return (side){padded, panel, padded / panel, height, width, tile};
}

problem winograd_problem(const dla_winograd *w, bool turned)
{
  const dla_winograd_kernels *transform = &w->leaf->winograd[w->stride - 1];
  int block = w->leaf->block;
  int64_t height = (w->height - 1) / w->stride + 1, width = (w->width - 1) / w->stride + 1;
  int64_t across = (width - 1) / TILE + 1, down = (height - 1) / TILE + 1;
  side src = make_side(w->in, block, w->height, w->width, TILE * w->stride);
  side dst = make_side(w->out, block, height, width, TILE);
  return (problem){.kernel = w->leaf,
                   .transform = transform,
                   .turned = turned,
                   .block = block,
                   .deep = w->leaf->deep,
                   .threads = dla_team_threads(w->team),
                   .products = transform->products * transform->products,
                   .across = across,
                   .down = down,
                   .tiles = w->batch * across * down,
                   .in = turned ? dst : src,
                   .out = turned ? src : dst};
}

/* Along a side, the products after the fifth share the weights of the sixth: winograd_lines.h. */
sharing winograd_sharing(const problem *p, int64_t matrix)
{
  int64_t row = matrix / 6, column = matrix % 6, last = p->transform->products - 5;
  return (sharing){row * p->transform->products + column, row == 5 ? last : 1,
                   column == 5 ? last : 1};
}

bool dla_winograd_saves(const dla_winograd *w)
{
  problem p = winograd_problem(w, false);
  int64_t pixels = p.out.image_height * p.out.image_width;
  return p.across * p.down * p.products < 9 * pixels;
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

/* The image and the first pixel of a tile. */
typedef struct place {
  int64_t image, y, x;
} place;

static place place_of(const problem *p, const side *s, int64_t tile)
{
  int64_t per_image = p->across * p->down;
  return (place){tile / per_image, tile % per_image / p->across * s->tile,
                 tile % p->across * s->tile};
}

/* Numbers of one block of channels of an image. */
static int64_t plane_size(const problem *p, const side *s)
{
  return s->image_height * s->image_width * p->block;
}

/* The offset, in words, of a tile's block of channels among the tiles of its product. */
static int64_t tile_offset(const problem *p, const side *s, bool summed, int64_t tiles,
                           int64_t tile, int64_t channel)
{
  int64_t panel = channel / s->width * tiles * s->width / p->deep, c = channel % s->width;
  return panel + (summed ? tile / p->deep * s->width + c : (tile * s->width + c) / p->deep);
}

/* Writes a tile of zeros. The second of a word's two is zero already. */
static void clear_tile(const problem *p, bool summed, int64_t slot, int64_t step, float *at)
{
  if (summed && slot % p->deep) return;
  int64_t words = summed ? p->block : p->block / p->deep;
  for (int64_t k = 0; k < p->products; k++)
    memset(at + k * step, 0, (size_t)words * sizeof *at);
}

void winograd_transform(const problem *p, const reading *r, int64_t first, int64_t from, int64_t to,
                        int64_t slots, float *out)
{
  const side *s = r->side;
  int64_t step = tile_step(p, s->channels, slots), plane = plane_size(p, s);
  for (int64_t c = 0; c < s->channels; c += p->block)
    for (int64_t slot = from; slot < to; slot++) {
      float *at = out + tile_offset(p, s, r->summed, slots, slot, c);
      if (first + slot >= p->tiles) {
        clear_tile(p, r->summed, slot, step, at);
        continue;
      }
      place t = place_of(p, s, first + slot);
      int64_t block = (t.image * s->channels + c) / p->block;
      r->transform[r->summed ? slot % p->deep : 0](dla_number(p->kernel, r->images, block * plane),
                                                   s->image_height, s->image_width, t.y, t.x, at,
                                                   step);
    }
}

prefetch winograd_all_channels(const side *s, const void *images, int64_t first, int64_t tiles)
{
  return (prefetch){
      .side = s, .images = images, .count = s->channels, .first = first, .tiles = tiles};
}

/* Always inlined: GCC drops it otherwise, as a function without effect. */
static inline __attribute__((always_inline)) void prefetch_tile(const problem *p, const prefetch *f)
{
  const side *s = f->side;
  int64_t channel = f->channel + f->done / f->tiles * p->block;
  int64_t tile = f->first + f->done % f->tiles;
  if (tile >= p->tiles) return;
  place t = place_of(p, s, tile);
  const int64_t row = s->tile * p->block * (int64_t)p->kernel->element;
  const char *plane = dla_number(
      p->kernel, f->images, (t.image * s->channels + channel) * s->image_height * s->image_width);
  for (int64_t y = t.y; y < t.y + s->tile && y < s->image_height; y++)
#pragma GCC unroll 4
    for (int64_t x = 0; x < row; x += CACHE_LINE) {
      const char *line =
          (const char *)dla_number(p->kernel, plane, (y * s->image_width + t.x) * p->block) + x;
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
                     int64_t from, int64_t to, int64_t slots, const dla_end *end, void *dst)
{
  const side *s = &p->out;
  dla_winograd_write *transform = p->turned ? p->transform->diff_src : p->transform->dst;
  int64_t plane = plane_size(p, s), step = product_step(p, slots);
  for (int64_t c = 0; c < s->width; c += p->block) {
    int64_t channel = panel * s->width + c;
    dla_end here = *end;
    if (here.bias) here.bias += channel;
    for (int64_t slot = from; slot < to && first + slot < p->tiles; slot++) {
      place t = place_of(p, s, first + slot);
      transform(products + slot * s->width + c, step, &here,
                dla_number_to(p->kernel, dst, (t.image * s->channels + channel) / p->block * plane),
                s->image_height, s->image_width, t.y, t.x);
    }
  }
}
