/* The inner loops of Winograd's F(4x4, 3x3), for one block size. Included by leaf.c, like planes.h.
 *
 * A tile of 6x6 source pixels gives 4x4 destination pixels by 36 products instead of 144 (Lavin and
 * Gray, "Fast Algorithms for Convolutional Neural Networks", 2015, section 4.3):
 *   Y = A' [(G g G') * (B' d B)] A
 * The 36 products, summed over the channels, are 36 products of matrices. Everything is in vectors
 * of one block of channels. */
#define VEC NAME(vec)

/* The points 0, +-a, +-b and infinity at which the polynomials behind the algorithm are evaluated.
 * Lavin and Gray take 1 and 2; these lose less than half as much (Barabasz, Anderson, Soodhalter
 * and Gregg, "Error analysis and improving the accuracy of Winograd convolution", 2020). */
#define POINT_A 0.625f
#define POINT_B 1.5f
#define SQUARES (POINT_A * POINT_A + POINT_B * POINT_B)
#define NORM_0  (POINT_A * POINT_A * POINT_B * POINT_B)
#define NORM_A  (2 * POINT_A * POINT_A * (POINT_A * POINT_A - POINT_B * POINT_B))
#define NORM_B  (2 * POINT_B * POINT_B * (POINT_B * POINT_B - POINT_A * POINT_A))

/* Rows of a product that are held in registers, times two blocks of columns. */
#define ROWS (BLOCK / 2)

/* One column or row of B' d. */
static inline void NAME(transform_source)(const VEC *d, int step, VEC *t, int to)
{
  VEC d0 = d[0], d1 = d[step], d2 = d[2 * step], d3 = d[3 * step], d4 = d[4 * step];
  VEC d5 = d[5 * step];
  VEC even_a = d4 - POINT_B * POINT_B * d2, odd_a = POINT_A * (d3 - POINT_B * POINT_B * d1);
  VEC even_b = d4 - POINT_A * POINT_A * d2, odd_b = POINT_B * (d3 - POINT_A * POINT_A * d1);
  t[0] = NORM_0 * d0 - SQUARES * d2 + d4;
  t[to] = even_a + odd_a;
  t[2 * to] = even_a - odd_a;
  t[3 * to] = even_b + odd_b;
  t[4 * to] = even_b - odd_b;
  t[5 * to] = NORM_0 * d1 - SQUARES * d3 + d5;
}

/* The tile whose first source pixel is (y, x), which may lie outside: zero there. */
static void NAME(winograd_source)(const float *plane, int64_t height, int64_t width, int64_t y,
                                  int64_t x, float *out, int64_t step)
{
  static const float zeros[6 * BLOCK] __attribute__((aligned(64)));
  VEC t[36], d[6];
  const VEC *row[6];
#pragma GCC unroll 6
  for (int r = 0; r < 6; r++) {
    bool inside = y + r >= 0 && y + r < height;
    row[r] = (const VEC *)(inside ? plane + ((y + r) * width + x) * BLOCK : zeros);
  }
#pragma GCC unroll 6
  for (int c = 0; c < 6; c++) {
    if (x + c >= 0 && x + c < width)
#pragma GCC unroll 6
      for (int r = 0; r < 6; r++)
        d[r] = row[r][c];
    else
#pragma GCC unroll 6
      for (int r = 0; r < 6; r++)
        d[r] = (VEC){0};
    NAME(transform_source)(d, 1, t + c, 6);
  }
#pragma GCC unroll 6
  for (int r = 0; r < 6; r++) {
    NAME(transform_source)(t + 6 * r, 1, d, 1);
#pragma GCC unroll 6
    for (int c = 0; c < 6; c++)
      *(VEC *)(out + (6 * r + c) * step) = d[c];
  }
}

/* One column or row of A y: what 4 gradients of the destination are to the 6 products. */
static inline void NAME(transform_gradient)(const VEC *y, int step, VEC *m, int to)
{
  VEC y0 = y[0], y1 = y[step], y2 = y[2 * step], y3 = y[3 * step];
  VEC even_a = y0 + POINT_A * POINT_A * y2, odd_a = POINT_A * (y1 + POINT_A * POINT_A * y3);
  VEC even_b = y0 + POINT_B * POINT_B * y2, odd_b = POINT_B * (y1 + POINT_B * POINT_B * y3);
  m[0] = y0;
  m[to] = even_a + odd_a;
  m[2 * to] = even_a - odd_a;
  m[3 * to] = even_b + odd_b;
  m[4 * to] = even_b - odd_b;
  m[5 * to] = y3;
}

static void NAME(winograd_gradient)(const float *plane, int64_t height, int64_t width, int64_t y,
                                    int64_t x, float *out, int64_t step)
{
  VEC d[16], t[24], m[6];
#pragma GCC unroll 4
  for (int r = 0; r < 4; r++)
#pragma GCC unroll 4
    for (int c = 0; c < 4; c++)
      d[4 * r + c] = y + r < height && x + c < width
                         ? *(const VEC *)(plane + ((y + r) * width + x + c) * BLOCK)
                         : (VEC){0};
#pragma GCC unroll 4
  for (int c = 0; c < 4; c++)
    NAME(transform_gradient)(d + c, 4, t + c, 4);
#pragma GCC unroll 6
  for (int r = 0; r < 6; r++) {
    NAME(transform_gradient)(t + 4 * r, 1, m, 1);
#pragma GCC unroll 6
    for (int c = 0; c < 6; c++)
      *(VEC *)(out + (6 * r + c) * step) = m[c];
  }
}

/* One column or row of A' m. */
static inline void NAME(transform_products)(const VEC *m, int step, VEC *y, int to)
{
  VEC even_a = m[step] + m[2 * step], odd_a = POINT_A * (m[step] - m[2 * step]);
  VEC even_b = m[3 * step] + m[4 * step], odd_b = POINT_B * (m[3 * step] - m[4 * step]);
  y[0] = m[0] + even_a + even_b;
  y[to] = odd_a + odd_b;
  y[2 * to] = POINT_A * POINT_A * even_a + POINT_B * POINT_B * even_b;
  y[3 * to] = POINT_A * POINT_A * odd_a + POINT_B * POINT_B * odd_b + m[5 * step];
}

static void NAME(winograd_dst)(const float *products, int64_t step, const dla_end *end,
                               float *plane, int64_t height, int64_t width, int64_t y, int64_t x)
{
  VEC m[36], t[24], out[4], bias = end->bias ? *(const VEC *)end->bias : (VEC){0};
#pragma GCC unroll 36
  for (int k = 0; k < 36; k++)
    m[k] = *(const VEC *)(products + k * step);
#pragma GCC unroll 6
  for (int c = 0; c < 6; c++)
    NAME(transform_products)(m + c, 6, t + c, 6);
  for (int r = 0; r < 4 && y + r < height; r++) {
    NAME(transform_products)(t + 6 * r, 1, out, 1);
    VEC *row = (VEC *)(plane + ((y + r) * width + x) * BLOCK);
    for (int c = 0; c < 4 && x + c < width; c++) {
      VEC v = out[c] + bias;
      if (end->accumulate) v += row[c];
      row[c] = end->relu ? NAME(keep)(v, v > 0) : v;
    }
  }
}

/* One column or row of G g. */
static inline void NAME(transform_weights)(const VEC *g, int step, VEC *u, int to)
{
  VEC g0 = g[0], g1 = g[step], g2 = g[2 * step];
  VEC even_a = g0 * (1 / NORM_A) + g2 * (POINT_A * POINT_A / NORM_A),
      odd_a = g1 * (POINT_A / NORM_A);
  VEC even_b = g0 * (1 / NORM_B) + g2 * (POINT_B * POINT_B / NORM_B),
      odd_b = g1 * (POINT_B / NORM_B);
  u[0] = g0 * (1 / NORM_0);
  u[to] = even_a + odd_a;
  u[2 * to] = even_a - odd_a;
  u[3 * to] = even_b + odd_b;
  u[4 * to] = even_b - odd_b;
  u[5 * to] = g2;
}

/* 3x3 vectors, `from` floats apart. */
static void NAME(winograd_weights)(const float *weights, int64_t from, float *out, int64_t step)
{
  VEC g[9], t[18], u[6];
#pragma GCC unroll 9
  for (int k = 0; k < 9; k++)
    g[k] = *(const VEC *)(weights + k * from);
#pragma GCC unroll 3
  for (int c = 0; c < 3; c++)
    NAME(transform_weights)(g + c, 3, t + c, 3);
#pragma GCC unroll 6
  for (int r = 0; r < 6; r++) {
    NAME(transform_weights)(t + 3 * r, 1, u, 1);
#pragma GCC unroll 6
    for (int c = 0; c < 6; c++)
      *(VEC *)(out + (6 * r + c) * step) = u[c];
  }
}

/* One column or row of G' u. */
static inline void NAME(transform_diff_weights)(const VEC *u, int step, VEC *g, int to)
{
  VEC even_a = u[step] + u[2 * step], odd_a = u[step] - u[2 * step];
  VEC even_b = u[3 * step] + u[4 * step], odd_b = u[3 * step] - u[4 * step];
  g[0] = u[0] * (1 / NORM_0) + even_a * (1 / NORM_A) + even_b * (1 / NORM_B);
  g[to] = odd_a * (POINT_A / NORM_A) + odd_b * (POINT_B / NORM_B);
  g[2 * to] =
      even_a * (POINT_A * POINT_A / NORM_A) + even_b * (POINT_B * POINT_B / NORM_B) + u[5 * step];
}

static void NAME(winograd_diff_weights)(const float *products, int64_t step, float *diff_weights,
                                        int64_t to)
{
  VEC u[36], t[18], g[3];
#pragma GCC unroll 36
  for (int k = 0; k < 36; k++)
    u[k] = *(const VEC *)(products + k * step);
#pragma GCC unroll 6
  for (int c = 0; c < 6; c++)
    NAME(transform_diff_weights)(u + c, 6, t + c, 6);
#pragma GCC unroll 3
  for (int r = 0; r < 3; r++) {
    NAME(transform_diff_weights)(t + 6 * r, 1, g, 1);
#pragma GCC unroll 3
    for (int c = 0; c < 3; c++)
      *(VEC *)(diff_weights + (3 * r + c) * to) = g[c];
  }
}

/* c[i][j] (+)= sum over d of a(i, d) b[d][j], i < ROWS, j < blocks * BLOCK; a(i, d) is at
 * a[i * row + d * deep]. All loops but that over d are unrolled, so that c stays in registers. */
static inline __attribute__((always_inline)) void
NAME(product)(const float *restrict a, int64_t row, int64_t deep, const float *restrict b,
              VEC c[ROWS][2], int64_t depth, const int blocks)
{
  for (int64_t d = 0; d < depth; d++, a += deep, b += blocks * BLOCK) {
    VEC b0 = *(const VEC *)b, b1 = blocks > 1 ? *(const VEC *)(b + BLOCK) : b0;
#pragma GCC unroll 8
    for (int i = 0; i < ROWS; i++) {
      c[i][0] += a[i * row] * b0;
      if (blocks > 1) c[i][1] += a[i * row] * b1;
    }
  }
}

static inline __attribute__((always_inline)) void NAME(product_of)(const dla_winograd_product *p,
                                                                   const int64_t row,
                                                                   const int64_t deep,
                                                                   const int blocks)
{
  VEC c[ROWS][2];
#pragma GCC unroll 8
  for (int i = 0; i < ROWS; i++)
    for (int j = 0; j < 2; j++)
      c[i][j] =
          p->accumulate && j < blocks ? *(const VEC *)(p->c + (i * blocks + j) * BLOCK) : (VEC){0};
  for (int64_t panel = 0; panel < p->panels; panel++)
    NAME(product)
  (p->a + panel * p->a_panel, row, deep, p->b + panel * p->b_panel, c, p->depth, blocks);
#pragma GCC unroll 8
  for (int i = 0; i < ROWS; i++)
    for (int j = 0; j < blocks; j++)
      *(VEC *)(p->c + (i * blocks + j) * BLOCK) = c[i][j];
}

/* Rows are tiles, depth are channels. */
static void NAME(winograd_by_channels)(const dla_winograd_product *p)
{
  if (p->a_width == BLOCK && p->blocks == 1)
    NAME(product_of)(p, BLOCK, 1, 1);
  else if (p->a_width == BLOCK)
    NAME(product_of)(p, BLOCK, 1, 2);
  else if (p->blocks == 1)
    NAME(product_of)(p, 2 * BLOCK, 1, 1);
  else
    NAME(product_of)(p, 2 * BLOCK, 1, 2);
}

/* Rows are channels, depth are tiles. */
static void NAME(winograd_by_tiles)(const dla_winograd_product *p)
{
  if (p->a_width == BLOCK && p->blocks == 1)
    NAME(product_of)(p, 1, BLOCK, 1);
  else if (p->a_width == BLOCK)
    NAME(product_of)(p, 1, BLOCK, 2);
  else if (p->blocks == 1)
    NAME(product_of)(p, 1, 2 * BLOCK, 1);
  else
    NAME(product_of)(p, 1, 2 * BLOCK, 2);
}

#undef NORM_B
#undef NORM_A
#undef NORM_0
#undef SQUARES
#undef POINT_B
#undef POINT_A
#undef ROWS
#undef VEC
