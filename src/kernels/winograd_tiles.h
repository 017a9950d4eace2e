/* Winograd's transforms of whole tiles: winograd_lines.h on columns and rows, Y = A' [(G g G') *
 * (B' d B)] A. Included by leaf.c, like planes.h. For stride 1 there are 36 products for 4x4
 * pixels instead of 144; for stride 2 there are 81. Summed over the channels, each is a product
 * of matrices. */
enum { MOST = 9 /* pixels and products along a side */ };

typedef void line(const vec *from, int step, vec *to, int to_step);

/* The depth of a product operand's words: channels, or something else, with this tile as the
 * first or the second of a word (images.h). */
typedef enum depth { CHANNELS, FIRST, SECOND } depth;

INLINE void put_operand(float *out, vec v, const depth is)
{
  if (is == CHANNELS)
    put_channels(out, v);
  else
    put_deep(out, v, is == SECOND);
}

/* Transforms a tile of side*side pixels to products*products vectors, `step` words apart. Its
 * first pixel is (y, x). Pixels outside the image are zero. */
INLINE void read_tile(const void *images, int64_t height, int64_t width, int64_t y, int64_t x,
                      const int side, float *out, int64_t step, const int products, line *transform,
                      const depth is)
{
  static const element zeros[MOST * BLOCK] __attribute__((aligned(64)));
  const element *plane = images, *row[MOST];
  vec t[MOST * MOST], d[MOST];
#pragma GCC unroll 9
  for (int r = 0; r < side; r++) {
    bool inside = y + r >= 0 && y + r < height;
    row[r] = inside ? plane + ((y + r) * width + x) * BLOCK : zeros;
  }
#pragma GCC unroll 9
  for (int c = 0; c < side; c++) {
    if (x + c >= 0 && x + c < width)
#pragma GCC unroll 9
      for (int r = 0; r < side; r++)
        d[r] = load(row[r], c);
    else
#pragma GCC unroll 9
      for (int r = 0; r < side; r++)
        d[r] = (vec){0};
    transform(d, 1, t + c, side);
  }
#pragma GCC unroll 9
  for (int r = 0; r < products; r++) {
    transform(t + side * r, 1, d, 1);
#pragma GCC unroll 9
    for (int c = 0; c < products; c++)
      put_operand(out + (products * r + c) * step, d[c], is);
  }
}

/* The inverse: products*products vectors to a tile of side*side pixels. */
INLINE void write_tile(const float *from, int64_t step, const int products, const dla_end *end,
                       void *images, int64_t height, int64_t width, int64_t y, int64_t x,
                       const int side, line *transform)
{
  element *plane = images;
  vec m[MOST], t[MOST * MOST];
  vec bias = end->bias ? *(const vec *)end->bias : (vec){0};
#pragma GCC unroll 9
  for (int c = 0; c < products; c++) {
#pragma GCC unroll 9
    for (int r = 0; r < products; r++)
      m[r] = *(const vec *)(from + (r * products + c) * step);
    transform(m, 1, t + c, products);
  }
  for (int r = 0; r < side && y + r < height; r++) {
    transform(t + products * r, 1, m, 1);
    element *row = plane + ((y + r) * width + x) * BLOCK;
    for (int c = 0; c < side && x + c < width; c++) {
      vec v = m[c] + bias;
      if (end->accumulate) v += load(row, c);
      store(row, c, end->relu ? relu_of(v) : v);
    }
  }
}

/* Transforms from*from vectors, `step` floats apart, to to*to, `to_step` words apart: weights to
 * an operand, or sums back to weights. */
INLINE void square(const float *in, int64_t step, const int from, float *out, int64_t to_step,
                   const int to, line *transform, const bool operand, const bool second)
{
  vec g[6], t[36];
#pragma GCC unroll 6
  for (int c = 0; c < from; c++) {
#pragma GCC unroll 6
    for (int r = 0; r < from; r++)
      g[r] = *(const vec *)(in + (r * from + c) * step);
    transform(g, 1, t + c, from);
  }
#pragma GCC unroll 6
  for (int r = 0; r < to; r++) {
    transform(t + from * r, 1, g, 1);
#pragma GCC unroll 6
    for (int c = 0; c < to; c++)
      if (operand)
        put_deep(out + (to * r + c) * to_step, g[c], second);
      else
        *(vec *)(out + (to * r + c) * to_step) = g[c];
  }
}

/* (y, x) is the first pixel of the tile's own; source tiles begin one pixel before it. */
#define READ_TILE_AS(name, transform, side, products, margin, is)                                  \
  static void name(const void *plane, int64_t height, int64_t width, int64_t y, int64_t x,         \
                   float *out, int64_t step)                                                       \
  {                                                                                                \
    read_tile(plane, height, width, y - margin, x - margin, side, out, step, products, transform,  \
              is);                                                                                 \
  }
#define READ_TILE(name, transform, side, products, margin)                                         \
  READ_TILE_AS(name, transform, side, products, margin, CHANNELS)
/* For two tiles that share a word: one function for the first, one for the second. */
#define READ_TILES(name, transform, side, products, margin)                                        \
  READ_TILE_AS(name##_first, transform, side, products, margin, FIRST)                             \
  READ_TILE_AS(name##_second, transform, side, products, margin, SECOND)
#define WRITE_TILE(name, transform, products, side)                                                \
  static void name(const float *from, int64_t step, const dla_end *end, void *plane,               \
                   int64_t height, int64_t width, int64_t y, int64_t x)                            \
  {                                                                                                \
    write_tile(from, step, products, end, plane, height, width, y, x, side, transform);            \
  }
#define SQUARE(name, transform, from, to, operand, second)                                         \
  static void name(const float *in, int64_t step, float *out, int64_t to_step)                     \
  {                                                                                                \
    square(in, step, from, out, to_step, to, transform, operand, second);                          \
  }

READ_TILE(tile_src, line_src, 6, 6, 1)
READ_TILES(tile_src, line_src, 6, 6, 1)
READ_TILES(tile_gradient, line_gradient, 4, 6, 0)
WRITE_TILE(tile_dst, line_dst, 6, 4)
SQUARE(tile_weights_first, line_weights, 3, 6, true, false)
SQUARE(tile_weights_second, line_weights, 3, 6, true, true)
SQUARE(tile_diff_weights, line_diff_weights, 6, 3, false, false)

READ_TILE(strided_tile_src, strided_src, 9, 9, 1)
READ_TILES(strided_tile_src, strided_src, 9, 9, 1)
READ_TILES(strided_tile_gradient, strided_gradient, 4, 9, 0)
WRITE_TILE(strided_tile_dst, strided_dst, 9, 4)
READ_TILE(strided_tile_diff_dst, strided_diff_dst, 5, 9, 0)
WRITE_TILE(strided_tile_diff_src, strided_diff_src, 9, 8)
SQUARE(strided_tile_weights_first, strided_weights, 3, 6, true, false)
SQUARE(strided_tile_weights_second, strided_weights, 3, 6, true, true)
SQUARE(strided_tile_diff_weights, strided_diff_weights, 6, 3, false, false)

static const dla_winograd_kernels winograd[] = {
    {.products = 6,
     .src = tile_src,
     .dst = tile_dst,
     .diff_dst = tile_src,
     .diff_src = tile_dst,
     .summed_src = {tile_src_first, tile_src_second},
     .gradient = {tile_gradient_first, tile_gradient_second},
     .weights = {tile_weights_first, tile_weights_second},
     .diff_weights = tile_diff_weights},
    {.products = 9,
     .src = strided_tile_src,
     .dst = strided_tile_dst,
     .diff_dst = strided_tile_diff_dst,
     .diff_src = strided_tile_diff_src,
     .summed_src = {strided_tile_src_first, strided_tile_src_second},
     .gradient = {strided_tile_gradient_first, strided_tile_gradient_second},
     .weights = {strided_tile_weights_first, strided_tile_weights_second},
     .diff_weights = strided_tile_diff_weights},
};

#undef SQUARE
#undef WRITE_TILE
#undef READ_TILES
#undef READ_TILE
#undef READ_TILE_AS
