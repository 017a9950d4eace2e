/* Winograd's transforms of whole tiles: those of winograd_lines.h on columns
 * and rows, Y = A' [(G g G') * (B' d B)] A. Included by leaf.c, like planes.h. Of a 3x3 kernel's
 * algorithms, that for stride 1 has 36 products for 4x4 pixels instead of 144, that for stride 2
 * has 81; summed over the channels they are as many products of matrices. */
#define INLINE static inline __attribute__((always_inline))

enum { MOST = 9 /* pixels and products on a side */ };

typedef void line(const vec *from, int step, vec *to, int to_step);

/* A tile of side*side pixels to products*products vectors, `step` floats apart. Its first pixel,
 * (y, x), and others may lie outside: zero there. */
INLINE void read_tile(const float *plane, int64_t height, int64_t width, int64_t y, int64_t x,
                      const int side, float *out, int64_t step, const int products, line *transform)
{
  static const float zeros[MOST * BLOCK] __attribute__((aligned(64)));
  vec t[MOST * MOST], d[MOST];
  const vec *row[MOST];
#pragma GCC unroll 9
  for (int r = 0; r < side; r++) {
    bool inside = y + r >= 0 && y + r < height;
    row[r] = (const vec *)(inside ? plane + ((y + r) * width + x) * BLOCK : zeros);
  }
#pragma GCC unroll 9
  for (int c = 0; c < side; c++) {
    if (x + c >= 0 && x + c < width)
#pragma GCC unroll 9
      for (int r = 0; r < side; r++)
        d[r] = row[r][c];
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
      *(vec *)(out + (products * r + c) * step) = d[c];
  }
}

/* The way back: products*products vectors to a tile of side*side pixels. */
INLINE void write_tile(const float *from, int64_t step, const int products, const dla_end *end,
                       float *plane, int64_t height, int64_t width, int64_t y, int64_t x,
                       const int side, line *transform)
{
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
    vec *row = (vec *)(plane + ((y + r) * width + x) * BLOCK);
    for (int c = 0; c < side && x + c < width; c++) {
      vec v = m[c] + bias;
      if (end->accumulate) v += row[c];
      row[c] = end->relu ? relu_of(v) : v;
    }
  }
}

/* from*from vectors, `step` floats apart, to to*to, `to_step` apart: of weights. */
INLINE void square(const float *in, int64_t step, const int from, float *out, int64_t to_step,
                   const int to, line *transform)
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
      *(vec *)(out + (to * r + c) * to_step) = g[c];
  }
}

/* (y, x) is the first pixel that is the tile's own; source tiles begin one before it. */
#define READ_TILE(name, transform, side, products, margin)                                         \
  static void name(const float *plane, int64_t height, int64_t width, int64_t y, int64_t x,        \
                   float *out, int64_t step)                                                       \
  {                                                                                                \
    read_tile(plane, height, width, y - margin, x - margin, side, out, step, products, transform); \
  }
#define WRITE_TILE(name, transform, products, side)                                                \
  static void name(const float *from, int64_t step, const dla_end *end, float *plane,              \
                   int64_t height, int64_t width, int64_t y, int64_t x)                            \
  {                                                                                                \
    write_tile(from, step, products, end, plane, height, width, y, x, side, transform);            \
  }
#define SQUARE(name, transform, from, to)                                                          \
  static void name(const float *in, int64_t step, float *out, int64_t to_step)                     \
  {                                                                                                \
    square(in, step, from, out, to_step, to, transform);                                           \
  }

READ_TILE(tile_src, line_src, 6, 6, 1)
READ_TILE(tile_gradient, line_gradient, 4, 6, 0)
WRITE_TILE(tile_dst, line_dst, 6, 4)
SQUARE(tile_weights, line_weights, 3, 6)
SQUARE(tile_diff_weights, line_diff_weights, 6, 3)

READ_TILE(strided_tile_src, strided_src, 9, 9, 1)
READ_TILE(strided_tile_gradient, strided_gradient, 4, 9, 0)
WRITE_TILE(strided_tile_dst, strided_dst, 9, 4)
READ_TILE(strided_tile_diff_dst, strided_diff_dst, 5, 9, 0)
WRITE_TILE(strided_tile_diff_src, strided_diff_src, 9, 8)
SQUARE(strided_tile_weights, strided_weights, 3, 6)
SQUARE(strided_tile_diff_weights, strided_diff_weights, 6, 3)

static const dla_winograd_kernels winograd[] = {
    {.products = 6,
     .src = tile_src,
     .dst = tile_dst,
     .diff_dst = tile_src,
     .diff_src = tile_dst,
     .gradient = tile_gradient,
     .weights = tile_weights,
     .diff_weights = tile_diff_weights},
    {.products = 9,
     .src = strided_tile_src,
     .dst = strided_tile_dst,
     .diff_dst = strided_tile_diff_dst,
     .diff_src = strided_tile_diff_src,
     .gradient = strided_tile_gradient,
     .weights = strided_tile_weights,
     .diff_weights = strided_tile_diff_weights},
};

#undef SQUARE
#undef WRITE_TILE
#undef READ_TILE
#undef INLINE
