/* Windows of a plane, for pools and for convolutions by products; a template like planes.h, with
 * its vectors. The window of a dst pixel covers src pixels, and padding where it leaves the
 * plane. */

/* ---- Windows of one pixel: the pixels that a 1x1 kernel with this stride visits. */

/* To words, with channels as the depth: [pixels][BLOCK / DEEP]. */
static void take_channels(const dla_window *w, const void *plane, float *out)
{
  for (int64_t y = 0; y < w->out_height; y++)
    for (int64_t x = 0; x < w->out_width; x++, out += BLOCK / DEEP)
      put_channels(out, load(plane, (y * w->width + x) * w->stride));
}

/* To words, with pixels as the depth: [pixels / DEEP, rounded up][BLOCK]. */
static void take_pixels(const dla_window *w, const void *plane, float *out)
{
  int64_t p = 0;
  for (int64_t y = 0; y < w->out_height; y++)
    for (int64_t x = 0; x < w->out_width; x++, p++)
      put_deep(out + p / DEEP * BLOCK, load(plane, (y * w->width + x) * w->stride), p % DEEP != 0);
}

/* The inverse: from such pixels to a plane; the others are zero. */
static void spread_pixels(const dla_window *w, const void *dense, void *plane)
{
  memset(plane, 0, (size_t)(w->height * w->width) * BLOCK * sizeof(element));
  for (int64_t y = 0, p = 0; y < w->out_height; y++)
    for (int64_t x = 0; x < w->out_width; x++, p++)
      store(plane, (y * w->width + x) * w->stride, load(dense, p));
}

/* ---- Windows of any size. */

#ifndef DLA_HALF /* convolutions by SGEMM work on floats only */
/* im2col: rows [first, first + count) of the matrix of windows. A row holds the window of one dst
 * pixel, pixel by pixel, with zeros for padding. */
static void window_gather(const dla_window *w, const float *plane, int64_t first, int64_t count,
                          float *rows, int64_t row)
{
  const vec *src = (const vec *)plane;
  const int64_t height = w->kernel_height * w->dilation, width = w->kernel_width * w->dilation;
  int64_t top = first / w->out_width * w->stride - w->padding;
  int64_t column = first % w->out_width;
  for (int64_t p = 0; p < count; p++, rows += row) {
    int64_t left = column * w->stride - w->padding;
    vec *to = (vec *)rows;
    for (int64_t y = top; y < top + height; y += w->dilation)
      for (int64_t x = left; x < left + width; x += w->dilation)
        *to++ =
            y < 0 || y >= w->height || x < 0 || x >= w->width ? (vec){0} : src[y * w->width + x];
    if (++column == w->out_width) column = 0, top += w->stride;
  }
}

/* col2im, the inverse: adds each row to the pixels of its window. */
static void window_scatter(const dla_window *w, const float *rows, int64_t row, int64_t first,
                           int64_t count, float *plane)
{
  vec *dst = (vec *)plane;
  const int64_t height = w->kernel_height * w->dilation, width = w->kernel_width * w->dilation;
  int64_t top = first / w->out_width * w->stride - w->padding;
  int64_t column = first % w->out_width;
  for (int64_t p = 0; p < count; p++, rows += row) {
    int64_t left = column * w->stride - w->padding;
    const vec *from = (const vec *)rows;
    for (int64_t y = top; y < top + height; y += w->dilation)
      for (int64_t x = left; x < left + width; x += w->dilation, from++)
        if (y >= 0 && y < w->height && x >= 0 && x < w->width) dst[y * w->width + x] += *from;
    if (++column == w->out_width) column = 0, top += w->stride;
  }
}

/* dst (+)= rows + bias, then max(dst, 0). */
static void rows_store(const float *rows, int64_t row, int64_t count, const dla_end *end,
                       float *plane)
{
  vec *dst = (vec *)plane, bias = end->bias ? *(const vec *)end->bias : (vec){0};
  for (int64_t p = 0; p < count; p++, rows += row) {
    vec v = *(const vec *)rows + bias;
    if (end->accumulate) v += dst[p];
    if (end->relu) v = relu_of(v);
    dst[p] = v;
  }
}

#endif

/* The part of a window that is not padding; ends excluded. */
typedef struct span {
  int64_t top, bottom, left, right;
} span;

static inline span span_of(const dla_window *w, int64_t p)
{
  int64_t y = p / w->out_width * w->stride - w->padding;
  int64_t x = p % w->out_width * w->stride - w->padding;
  int64_t bottom = y + w->kernel_height, right = x + w->kernel_width;
  return (span){y < 0 ? 0 : y, bottom > w->height ? w->height : bottom, x < 0 ? 0 : x,
                right > w->width ? w->width : right};
}

/* Padding counts as zeros in the mean. */
static void avg_pool(const dla_window *w, const void *src, void *out)
{
  for (int64_t p = 0; p < w->out_height * w->out_width; p++) {
    span s = span_of(w, p);
    vec sum = {0};
    for (int64_t y = s.top; y < s.bottom; y++)
      for (int64_t x = s.left; x < s.right; x++)
        sum += load(src, y * w->width + x);
    store(out, p, sum / (float)(w->kernel_height * w->kernel_width));
  }
}

static void avg_pool_backward(const dla_window *w, const void *diff_out, void *diff)
{
  memset(diff, 0, (size_t)(w->height * w->width) * BLOCK * sizeof(element));
  for (int64_t p = 0; p < w->out_height * w->out_width; p++) {
    span s = span_of(w, p);
    vec share = load(diff_out, p) / (float)(w->kernel_height * w->kernel_width);
    for (int64_t y = s.top; y < s.bottom; y++)
      for (int64_t x = s.left; x < s.right; x++)
        store(diff, y * w->width + x, load(diff, y * w->width + x) + share);
  }
}

/* The first of equals; a NaN counts as the largest, as in PyTorch. where: the pixels, or NULL. */
static void max_pool(const dla_window *w, const void *src, void *out, int32_t *where)
{
  for (int64_t p = 0; p < w->out_height * w->out_width; p++) {
    span s = span_of(w, p);
    vec best = load(src, s.top * w->width + s.left);
    mask at = (mask){0} + (int32_t)(s.top * w->width + s.left);
    for (int64_t y = s.top; y < s.bottom; y++)
      for (int64_t x = s.left; x < s.right; x++) {
        vec v = load(src, y * w->width + x);
        mask more = (v > best) | (v != v);
        best = (vec)(((mask)v & more) | ((mask)best & ~more));
        at = (((mask){0} + (int32_t)(y * w->width + x)) & more) | (at & ~more);
      }
    store(out, p, best);
    if (where) ((mask *)where)[p] = at;
  }
}

/* Windows on bfloat16 do not overlap, so nothing is added to what is there. */
static void max_pool_backward(const dla_window *w, const void *diff_out, const int32_t *where,
                              void *diff_plane)
{
  const element *from = diff_out;
  element *diff = diff_plane;
  memset(diff, 0, (size_t)(w->height * w->width) * BLOCK * sizeof *diff);
  for (int64_t p = 0; p < w->out_height * w->out_width; p++)
    for (int64_t c = 0; c < BLOCK; c++)
#ifdef DLA_HALF
      diff[where[p * BLOCK + c] * BLOCK + c] = from[p * BLOCK + c];
#else
      diff[where[p * BLOCK + c] * BLOCK + c] += from[p * BLOCK + c];
#endif
}
