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
    return (dla_resize_kernels){dla_resize_across_neon, dla_resize_down_neon};
#endif
#ifdef HAVE_KERNELS_AVX2
  case DLA_ISA_AVX2:
    return (dla_resize_kernels){dla_resize_across_avx2, dla_resize_down_avx2};
#endif
#ifdef HAVE_KERNELS_AVX512
  case DLA_ISA_AVX512:
    return (dla_resize_kernels){dla_resize_across_avx512, dla_resize_down_avx512};
#endif
  default:
    return (dla_resize_kernels){dla_resize_across_generic, dla_resize_down_generic};
  }
}

/* One direction of a resize: `size` pixels, of which [from, to) become `wanted`. */
typedef struct axis {
  int size, wanted;
  double from, to;
} axis;

/* Weights of the triangle filter, as wide as a pixel of the result where that is wider; of pixel x
 * of the result, which is number i of those that are made. */
static void set_taps(const axis *a, int x, int i, dla_taps *taps)
{
  const double scale = (a->to - a->from) / a->wanted, wide = scale < 1 ? 1 : scale;
  const double center = a->from + (x + 0.5) * scale, step = 1 / wide;
  int first = (int)(center - wide + 0.5), end = (int)(center + wide + 0.5);
  if (first < 0) first = 0;
  if (end > a->size) end = a->size;
  int32_t *out = taps->weights + (ptrdiff_t)i * taps->most;
  double sum = 0;
  for (int k = first; k < end; k++)
    sum += fmax(0, 1 - fabs((k - center + 0.5) * step));
  for (int k = first; k < end; k++) {
    const double w = fmax(0, 1 - fabs((k - center + 0.5) * step)) / (sum > 0 ? sum : 1);
    out[k - first] = (int32_t)(0.5 + w * (1 << DLA_WEIGHT_BITS));
  }
  taps->first[i] = first;
  taps->count[i] = end - first;
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

/* Of `count` pixels from the first on. Returns what is behind them in the memory. */
static uint8_t *make_taps(const axis *a, int first, int count, uint8_t *memory, dla_taps *taps)
{
  taps->most = most_taps(a);
  taps->first = (int *)(void *)memory;
  taps->count = taps->first + count;
  taps->weights = taps->count + count;
  for (int i = 0; i < count; i++)
    set_taps(a, first + i, i, taps);
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

/* The rows that count, each as wide as the window; behind them a place for a row of the picture. */
static dla_status pass_across(dla_reader *reader, const dla_pixels *pixels, const dla_taps *taps,
                              int top, int bottom, const dla_resize *resize, uint8_t **rows,
                              dla_error *err)
{
  const int width = resize->window.width;
  const size_t row = 3 * (size_t)width, whole = 3 * (size_t)pixels->width;
  *rows = dla_room_for(&reader->rows, row * (size_t)(bottom - top) + whole + 1);
  if (!*rows) return dla_fail_memory(err, "a picture");
  uint8_t *out = *rows, *last = *rows + row * (size_t)(bottom - top);
  for (int y = top; y < bottom; y++, out += row) {
    const uint8_t *in = pixels->rgb + (size_t)y * pixels->stride;
    /* There is nothing behind the last one's last pixel. */
    if (y == pixels->height - 1) in = memcpy(last, in, whole);
    reader->kernels.across(in, taps, 0, width, out);
    if (resize->mirrored) mirror(out, width);
  }
  return DLA_OK;
}

/* The columns first, as Pillow does it: between the passes the numbers are bytes. */
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
  const int top = down.first[0], end = w->height - 1, bottom = down.first[end] + down.count[end];
  const size_t row = 3 * (size_t)w->width;
  uint8_t *rows;
  TRY(pass_across(reader, pixels, &across, top, bottom, resize, &rows, err));
  for (int i = 0; i < w->height; i++)
    reader->kernels.down(rows + row * (size_t)(down.first[i] - top), row,
                         down.weights + (ptrdiff_t)i * down.most, down.count[i], row,
                         rgb + row * (size_t)i);
  return DLA_OK;
}

dla_status dla_picture_resize(dla_reader *reader, const dla_pixels *pixels,
                              const dla_resize *resize, uint8_t *rgb, dla_error *err)
{
  dla_resize inside = *resize;
  const dla_box wanted =
      resize->window.width ? resize->window : (dla_box){0, 0, resize->width, resize->height};
  /* What lies outside is black: the part inside is made, and moved to its place. */
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
