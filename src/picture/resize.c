/* Pillow's resize with Image.BILINEAR, to the bit: src/libImaging/Resample.c of Pillow 9.4. */
#include <config.h>

#include "picture/reader.h"

#include <math.h>
#include <string.h>

#include "base/try.h"

dla_resize_kernels dla_resize_choose(dla_isa isa)
{
  switch (isa) {
#ifdef HAVE_KERNELS_NEON
  case DLA_ISA_NEON:
    return (dla_resize_kernels){dla_resize_across_neon, dla_resize_down_neon, dla_to_planes_neon};
#endif
#ifdef HAVE_KERNELS_AVX2
  case DLA_ISA_AVX2:
    return (dla_resize_kernels){dla_resize_across_avx2, dla_resize_down_avx2, dla_to_planes_avx2};
#endif
#ifdef HAVE_KERNELS_AVX512
  case DLA_ISA_AVX512:
  case DLA_ISA_AVX512_BF16:
    return (dla_resize_kernels){dla_resize_across_avx512, dla_resize_down_avx512,
                                dla_to_planes_avx512};
#endif
  default:
    return (dla_resize_kernels){dla_resize_across_generic, dla_resize_down_generic,
                                dla_to_planes_generic};
  }
}

/* One direction of a resize: [from, to) of `size` pixels become `wanted` pixels. */
typedef struct axis {
  int size, wanted;
  double from, to;
} axis;

typedef struct span {
  int first, end;
  double scale, wide, center;
} span;

/* The source pixels that pixel x of the result depends on: those under the triangle filter. It
 * reaches one source pixel, or one pixel of the result if that is wider. */
static span span_of(const axis *a, int x)
{
  span s = {.scale = (a->to - a->from) / a->wanted};
  s.wide = s.scale < 1 ? 1 : s.scale;
  s.center = a->from + (x + 0.5) * s.scale;
  s.first = (int)(s.center - s.wide + 0.5);
  s.end = (int)(s.center + s.wide + 0.5);
  if (s.first < 0) s.first = 0;
  if (s.end > a->size) s.end = a->size;
  return s;
}

static double height_at(const span *s, int k)
{
  return fmax(0, 1 - fabs((k - s->center + 0.5) * (1 / s->wide)));
}

/* Sets the weights, without zeros at both ends. */
static void set_weights(const span *s, int32_t *weights, int *first, int *count)
{
  double sum = 0;
  int begin = 0, end = s->end - s->first;
  for (int k = s->first; k < s->end; k++)
    sum += height_at(s, k);
  for (int k = s->first; k < s->end; k++)
    weights[k - s->first] =
        (int32_t)(0.5 + height_at(s, k) / (sum > 0 ? sum : 1) * (1 << DLA_WEIGHT_BITS));
  while (end > begin + 1 && weights[end - 1] == 0)
    end--;
  while (begin + 1 < end && weights[begin] == 0)
    begin++;
  memmove(weights, weights + begin, (size_t)(end - begin) * sizeof *weights);
  *first = s->first + begin;
  *count = end - begin;
}

static int most_taps(const axis *a)
{
  const double scale = (a->to - a->from) / a->wanted;
  return (int)ceil(scale < 1 ? 1 : scale) * 2 + 1;
}

static size_t taps_bytes(const axis *a, int count)
{
  return (size_t)count * (2 * sizeof(int) + (size_t)most_taps(a) * sizeof(int32_t));
}

/* Gives all pixels as many taps as the one with the most, by weights of 0, so that loops need no
 * checks. No tap lies outside. */
static void even_out(const axis *a, int count, int most, const int *counts, dla_taps *taps)
{
  taps->taps = 0;
  for (int i = 0; i < count; i++)
    taps->taps = counts[i] > taps->taps ? counts[i] : taps->taps;
  for (int i = 0; i < count; i++) {
    const int last = a->size - taps->taps, first = taps->first[i] < last ? taps->first[i] : last;
    const int shift = taps->first[i] - first;
    /* Rows get shorter, so each moves towards the start. */
    int32_t *to = taps->weights + (ptrdiff_t)i * taps->taps;
    memmove(to + shift, taps->weights + (ptrdiff_t)i * most, (size_t)counts[i] * sizeof *to);
    memset(to, 0, (size_t)shift * sizeof *to);
    memset(to + shift + counts[i], 0, (size_t)(taps->taps - shift - counts[i]) * sizeof *to);
    taps->first[i] = first;
  }
}

/* Makes the taps of `count` pixels from `first` on. Returns the memory behind them. */
static uint8_t *make_taps(const axis *a, int first, int count, uint8_t *memory, dla_taps *taps)
{
  const int most = most_taps(a);
  int *counts = (int *)(void *)memory;
  taps->first = counts + count;
  taps->weights = taps->first + count;
  for (int i = 0; i < count; i++) {
    const span s = span_of(a, first + i);
    set_weights(&s, taps->weights + (ptrdiff_t)i * most, &taps->first[i], &counts[i]);
  }
  even_out(a, count, most, counts, taps);
  return memory + taps_bytes(a, count);
}

static void mirror(uint8_t *rgb, int width)
{
  for (int x = 0; x < width / 2; x++) {
    uint8_t *left = rgb + 3 * (ptrdiff_t)x, *right = rgb + 3 * (ptrdiff_t)(width - 1 - x), kept[3];
    memcpy(kept, left, 3);
    memcpy(left, right, 3);
    memcpy(right, kept, 3);
  }
}

/* Resizes the rows that are needed to the width of the window. Behind them is room for one row of
 * the picture. */
static dla_status pass_across(dla_reader *reader, const dla_pixels *pixels, const dla_taps *taps,
                              int top, int bottom, const dla_resize *resize, uint8_t **rows,
                              dla_error *err)
{
  const int width = resize->window.width;
  const size_t row = 3 * (size_t)width, whole = 3 * (size_t)pixels->width;
  *rows = dla_room_for(&reader->rows, row * (size_t)(bottom - top) + whole + 1);
  if (!*rows) return dla_fail_memory(err, "a picture");
  uint8_t *last = *rows + row * (size_t)(bottom - top);
  for (int y = top; y < bottom; y += 2) {
    const uint8_t *in[2];
    uint8_t *out[2];
    for (int i = 0; i < 2; i++) {
      const int at = y + i < bottom ? y + i : y;
      in[i] = pixels->rgb + (size_t)at * pixels->stride;
      out[i] = *rows + row * (size_t)(at - top);
      /* The kernel reads a byte past the pixel, and nothing follows the last row. */
      if (at == pixels->height - 1) in[i] = memcpy(last, in[i], whole);
    }
    reader->kernels.across(in, taps, width, out);
  }
  for (int y = top; y < bottom && resize->mirrored; y++)
    mirror(*rows + row * (size_t)(y - top), width);
  return DLA_OK;
}

/* Columns first, as in Pillow: the numbers between the passes are bytes. */
static dla_status resize_window(dla_reader *reader, const dla_pixels *pixels,
                                const dla_resize *resize, uint8_t *rgb, dla_error *err)
{
  const dla_box *w = &resize->window;
  const axis x = {pixels->width, resize->width, pixels->left, pixels->right};
  const axis y = {pixels->height, resize->height, pixels->top, pixels->bottom};
  dla_taps across, down;
  uint8_t *memory =
      dla_room_for(&reader->taps, taps_bytes(&x, w->width) + taps_bytes(&y, w->height));
  if (!memory) return dla_fail_memory(err, "a picture");
  memory = make_taps(&x, w->left, w->width, memory, &across);
  make_taps(&y, w->top, w->height, memory, &down);
  const int top = down.first[0], end = w->height - 1, bottom = down.first[end] + down.taps;
  const size_t row = 3 * (size_t)w->width;
  uint8_t *rows;
  TRY(pass_across(reader, pixels, &across, top, bottom, resize, &rows, err));
  for (int i = 0; i < w->height; i++)
    reader->kernels.down(rows + row * (size_t)(down.first[i] - top), row,
                         down.weights + (ptrdiff_t)i * down.taps, down.taps, row,
                         rgb + row * (size_t)i);
  return DLA_OK;
}

dla_status dla_picture_resize(dla_reader *reader, const dla_pixels *pixels,
                              const dla_resize *resize, uint8_t *rgb, dla_error *err)
{
  dla_resize inside = *resize;
  const dla_box wanted =
      resize->window.width ? resize->window : (dla_box){0, 0, resize->width, resize->height};
  /* What lies outside the picture is black. The part inside is made first, then moved to its
   * place. */
  const int left = wanted.left > 0 ? wanted.left : 0, top = wanted.top > 0 ? wanted.top : 0;
  const int right = wanted.left + wanted.width, bottom = wanted.top + wanted.height;
  const int to = right < resize->width ? right : resize->width;
  const int until = bottom < resize->height ? bottom : resize->height;
  const size_t row = 3 * (size_t)wanted.width;
  if (to <= left || until <= top) {
    memset(rgb, 0, row * (size_t)wanted.height);
    return DLA_OK;
  }
  inside.window = (dla_box){left, top, to - left, until - top};
  TRY(resize_window(reader, pixels, &inside, rgb, err));
  if (inside.window.width == wanted.width && inside.window.height == wanted.height) return DLA_OK;
  const size_t made = 3 * (size_t)inside.window.width;
  const size_t from = 3 * (size_t)(resize->mirrored ? right - to : left - wanted.left);
  for (int y = wanted.height - 1; y >= 0; y--) {
    uint8_t *out = rgb + row * (size_t)y;
    const int source = y + wanted.top - top;
    const bool there = source >= 0 && source < inside.window.height;
    if (there) memmove(out + from, rgb + made * (size_t)source, made);
    memset(out, 0, there ? from : row);
    if (there) memset(out + from + made, 0, row - from - made);
  }
  return DLA_OK;
}
