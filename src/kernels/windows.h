/* What convolutions by matrix products and pools do with windows of one plane, for one block size;
 * a template like planes.h, with its vectors. A window of dst pixel p covers src pixels, and
 * padding where it leaves the plane. */

#define VEC  NAME(vec)
#define MASK NAME(mask)

/* Rows [first, first + count) of the matrix that the plane is to a product: a row holds the window
 * of a dst pixel, pixel by pixel, zeros for padding. */
static void NAME(window_gather)(const dla_window *w, const float *plane, int64_t first,
                                int64_t count, float *rows, int64_t row)
{
  const VEC *src = (const VEC *)plane;
  int64_t top = first / w->out_width * w->stride - w->padding;
  int64_t column = first % w->out_width;
  for (int64_t p = 0; p < count; p++, rows += row) {
    int64_t left = column * w->stride - w->padding;
    VEC *to = (VEC *)rows;
    for (int64_t y = top; y < top + w->kernel_height; y++)
      for (int64_t x = left; x < left + w->kernel_width; x++)
        *to++ =
            y < 0 || y >= w->height || x < 0 || x >= w->width ? (VEC){0} : src[y * w->width + x];
    if (++column == w->out_width) column = 0, top += w->stride;
  }
}

/* The way back: adds each row to the pixels of its window. */
static void NAME(window_scatter)(const dla_window *w, const float *rows, int64_t row, int64_t first,
                                 int64_t count, float *plane)
{
  VEC *dst = (VEC *)plane;
  int64_t top = first / w->out_width * w->stride - w->padding;
  int64_t column = first % w->out_width;
  for (int64_t p = 0; p < count; p++, rows += row) {
    int64_t left = column * w->stride - w->padding;
    const VEC *from = (const VEC *)rows;
    for (int64_t y = top; y < top + w->kernel_height; y++)
      for (int64_t x = left; x < left + w->kernel_width; x++, from++)
        if (y >= 0 && y < w->height && x >= 0 && x < w->width) dst[y * w->width + x] += *from;
    if (++column == w->out_width) column = 0, top += w->stride;
  }
}

/* dst (+)= rows + bias, then max(dst, 0). */
static void NAME(rows_store)(const float *rows, int64_t row, int64_t count, const dla_end *end,
                             float *plane)
{
  VEC *dst = (VEC *)plane, bias = end->bias ? *(const VEC *)end->bias : (VEC){0};
  for (int64_t p = 0; p < count; p++, rows += row) {
    VEC v = *(const VEC *)rows + bias;
    if (end->accumulate) v += dst[p];
    if (end->relu) v = NAME(keep)(v, v > 0);
    dst[p] = v;
  }
}

/* The part of a window that is not padding; ends excluded. */
typedef struct NAME(span) {
  int64_t top, bottom, left, right;
} NAME(span);

static inline NAME(span) NAME(span_of)(const dla_window *w, int64_t p)
{
  int64_t y = p / w->out_width * w->stride - w->padding;
  int64_t x = p % w->out_width * w->stride - w->padding;
  int64_t bottom = y + w->kernel_height, right = x + w->kernel_width;
  return (NAME(span)){y < 0 ? 0 : y, bottom > w->height ? w->height : bottom, x < 0 ? 0 : x,
                      right > w->width ? w->width : right};
}

/* Padding counts as zeros. */
static void NAME(avg_pool)(const dla_window *w, const float *plane, float *out)
{
  const VEC *src = (const VEC *)plane;
  for (int64_t p = 0; p < w->out_height * w->out_width; p++) {
    NAME(span) s = NAME(span_of)(w, p);
    VEC sum = {0};
    for (int64_t y = s.top; y < s.bottom; y++)
      for (int64_t x = s.left; x < s.right; x++)
        sum += src[y * w->width + x];
    ((VEC *)out)[p] = sum / (float)(w->kernel_height * w->kernel_width);
  }
}

static void NAME(avg_pool_backward)(const dla_window *w, const float *diff_out, float *diff_plane)
{
  VEC *diff = (VEC *)diff_plane;
  memset(diff, 0, (size_t)(w->height * w->width) * sizeof *diff);
  for (int64_t p = 0; p < w->out_height * w->out_width; p++) {
    NAME(span) s = NAME(span_of)(w, p);
    VEC share = ((const VEC *)diff_out)[p] / (float)(w->kernel_height * w->kernel_width);
    for (int64_t y = s.top; y < s.bottom; y++)
      for (int64_t x = s.left; x < s.right; x++)
        diff[y * w->width + x] += share;
  }
}

/* The first of equals, but a NaN before all, as in PyTorch. where: the pixels, or NULL. */
static void NAME(max_pool)(const dla_window *w, const float *plane, float *out, int32_t *where)
{
  const VEC *src = (const VEC *)plane;
  for (int64_t p = 0; p < w->out_height * w->out_width; p++) {
    NAME(span) s = NAME(span_of)(w, p);
    VEC best = src[s.top * w->width + s.left];
    MASK at = (MASK){0} + (int32_t)(s.top * w->width + s.left);
    for (int64_t y = s.top; y < s.bottom; y++)
      for (int64_t x = s.left; x < s.right; x++) {
        VEC v = src[y * w->width + x];
        MASK more = (v > best) | (v != v);
        best = (VEC)(((MASK)v & more) | ((MASK)best & ~more));
        at = (((MASK){0} + (int32_t)(y * w->width + x)) & more) | (at & ~more);
      }
    ((VEC *)out)[p] = best;
    if (where) ((MASK *)where)[p] = at;
  }
}

static void NAME(max_pool_backward)(const dla_window *w, const float *diff_out,
                                    const int32_t *where, float *diff_plane)
{
  memset(diff_plane, 0, (size_t)(w->height * w->width) * BLOCK * sizeof *diff_plane);
  for (int64_t p = 0; p < w->out_height * w->out_width; p++)
    for (int64_t c = 0; c < BLOCK; c++)
      diff_plane[where[p * BLOCK + c] * BLOCK + c] += diff_out[p * BLOCK + c];
}

#undef VEC
#undef MASK
