/* Winograd's transforms of whole tiles, for one block size: those of winograd_lines.h on columns
 * and rows, Y = A' [(G g G') * (B' d B)] A. Included by leaf.c, like planes.h. Of a 3x3 kernel's
 * algorithms, that for stride 1 has 36 products for 4x4 pixels instead of 144, that for stride 2
 * has 81; summed over the channels they are as many products of matrices. */
#define VEC    NAME(vec)
#define INLINE static inline __attribute__((always_inline))

enum { NAME(MOST) = 9 /* pixels and products on a side */ };

typedef void NAME(line)(const VEC *from, int step, VEC *to, int to_step);

/* A tile of side*side pixels to products*products vectors, `step` floats apart. Its first pixel,
 * (y, x), and others may lie outside: zero there. */
INLINE void NAME(read_tile)(const float *plane, int64_t height, int64_t width, int64_t y, int64_t x,
                            const int side, float *out, int64_t step, const int products,
                            NAME(line) * transform)
{
  static const float zeros[NAME(MOST) * BLOCK] __attribute__((aligned(64)));
  VEC t[NAME(MOST) * NAME(MOST)], d[NAME(MOST)];
  const VEC *row[NAME(MOST)];
#pragma GCC unroll 9
  for (int r = 0; r < side; r++) {
    bool inside = y + r >= 0 && y + r < height;
    row[r] = (const VEC *)(inside ? plane + ((y + r) * width + x) * BLOCK : zeros);
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
        d[r] = (VEC){0};
    transform(d, 1, t + c, side);
  }
#pragma GCC unroll 9
  for (int r = 0; r < products; r++) {
    transform(t + side * r, 1, d, 1);
#pragma GCC unroll 9
    for (int c = 0; c < products; c++)
      *(VEC *)(out + (products * r + c) * step) = d[c];
  }
}

/* The way back: products*products vectors to a tile of side*side pixels. */
INLINE void NAME(write_tile)(const float *from, int64_t step, const int products,
                             const dla_end *end, float *plane, int64_t height, int64_t width,
                             int64_t y, int64_t x, const int side, NAME(line) * transform)
{
  VEC m[NAME(MOST)], t[NAME(MOST) * NAME(MOST)];
  VEC bias = end->bias ? *(const VEC *)end->bias : (VEC){0};
#pragma GCC unroll 9
  for (int c = 0; c < products; c++) {
#pragma GCC unroll 9
    for (int r = 0; r < products; r++)
      m[r] = *(const VEC *)(from + (r * products + c) * step);
    transform(m, 1, t + c, products);
  }
  for (int r = 0; r < side && y + r < height; r++) {
    transform(t + products * r, 1, m, 1);
    VEC *row = (VEC *)(plane + ((y + r) * width + x) * BLOCK);
    for (int c = 0; c < side && x + c < width; c++) {
      VEC v = m[c] + bias;
      if (end->accumulate) v += row[c];
      row[c] = end->relu ? NAME(keep)(v, v > 0) : v;
    }
  }
}

/* from*from vectors, `step` floats apart, to to*to, `to_step` apart: of weights. */
INLINE void NAME(square)(const float *in, int64_t step, const int from, float *out, int64_t to_step,
                         const int to, NAME(line) * transform)
{
  VEC g[6], t[36];
#pragma GCC unroll 6
  for (int c = 0; c < from; c++) {
#pragma GCC unroll 6
    for (int r = 0; r < from; r++)
      g[r] = *(const VEC *)(in + (r * from + c) * step);
    transform(g, 1, t + c, from);
  }
#pragma GCC unroll 6
  for (int r = 0; r < to; r++) {
    transform(t + from * r, 1, g, 1);
#pragma GCC unroll 6
    for (int c = 0; c < to; c++)
      *(VEC *)(out + (to * r + c) * to_step) = g[c];
  }
}

/* (y, x) is the first pixel that is the tile's own; source tiles begin one before it. */
#define READ_TILE(name, transform, side, products, margin)                                         \
  static void NAME(name)(const float *plane, int64_t height, int64_t width, int64_t y, int64_t x,  \
                         float *out, int64_t step)                                                 \
  {                                                                                                \
    NAME(read_tile)                                                                                \
    (plane, height, width, y - margin, x - margin, side, out, step, products, NAME(transform));    \
  }
#define WRITE_TILE(name, transform, products, side)                                                \
  static void NAME(name)(const float *from, int64_t step, const dla_end *end, float *plane,        \
                         int64_t height, int64_t width, int64_t y, int64_t x)                      \
  {                                                                                                \
    NAME(write_tile)                                                                               \
    (from, step, products, end, plane, height, width, y, x, side, NAME(transform));                \
  }
#define SQUARE(name, transform, from, to)                                                          \
  static void NAME(name)(const float *in, int64_t step, float *out, int64_t to_step)               \
  {                                                                                                \
    NAME(square)(in, step, from, out, to_step, to, NAME(transform));                               \
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

static const dla_winograd_kernels NAME(winograd)[] = {
    {.products = 6,
     .src = NAME(tile_src),
     .dst = NAME(tile_dst),
     .diff_dst = NAME(tile_src),
     .diff_src = NAME(tile_dst),
     .gradient = NAME(tile_gradient),
     .weights = NAME(tile_weights),
     .diff_weights = NAME(tile_diff_weights)},
    {.products = 9,
     .src = NAME(strided_tile_src),
     .dst = NAME(strided_tile_dst),
     .diff_dst = NAME(strided_tile_diff_dst),
     .diff_src = NAME(strided_tile_diff_src),
     .gradient = NAME(strided_tile_gradient),
     .weights = NAME(strided_tile_weights),
     .diff_weights = NAME(strided_tile_diff_weights)},
};

#undef SQUARE
#undef WRITE_TILE
#undef READ_TILE
#undef INLINE
#undef VEC
