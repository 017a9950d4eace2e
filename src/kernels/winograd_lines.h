/* Winograd's transforms of one column or row. Included by leaf.c, like planes.h; winograd_tiles.h
 * applies them to the columns and then the rows of a tile. All vectors hold one block of
 * channels. `step` vectors lie from one source vector to the next, `to` from one result to the
 * next.
 *
 * Y = A' [(G g) * (B' d)] (Lavin and Gray, "Fast Algorithms for Convolutional Neural Networks",
 * 2015, section 4.1). A, B and G come from the points at which the algorithm evaluates its
 * polynomials. The choice of points decides the rounding error (Barabasz, Anderson, Soodhalter
 * and Gregg, "Error analysis and improving the accuracy of Winograd convolution", 2020). */

/* ---- Stride 1: F(4, 3). 6 pixels give 4 by 6 products instead of 12. Points 0, +-a, +-b and
 * infinity. Lavin and Gray take 1 and 2; the points here have less than half the error. */

#define POINT_A 0.625f
#define POINT_B 1.5f
#define SQUARES (POINT_A * POINT_A + POINT_B * POINT_B)
#define NORM_0  (POINT_A * POINT_A * POINT_B * POINT_B)
#define NORM_A  (2 * POINT_A * POINT_A * (POINT_A * POINT_A - POINT_B * POINT_B))
#define NORM_B  (2 * POINT_B * POINT_B * (POINT_B * POINT_B - POINT_A * POINT_A))

/* B' d */
static inline void line_src(const vec *d, int step, vec *t, int to)
{
  vec d0 = d[0], d1 = d[step], d2 = d[2 * step], d3 = d[3 * step], d4 = d[4 * step];
  vec d5 = d[5 * step];
  vec even_a = d4 - POINT_B * POINT_B * d2, odd_a = POINT_A * (d3 - POINT_B * POINT_B * d1);
  vec even_b = d4 - POINT_A * POINT_A * d2, odd_b = POINT_B * (d3 - POINT_A * POINT_A * d1);
  t[0] = NORM_0 * d0 - SQUARES * d2 + d4;
  t[to] = even_a + odd_a;
  t[2 * to] = even_a - odd_a;
  t[3 * to] = even_b + odd_b;
  t[4 * to] = even_b - odd_b;
  t[5 * to] = NORM_0 * d1 - SQUARES * d3 + d5;
}

/* A y: from 4 gradients of the destination to the 6 products. */
static inline void line_gradient(const vec *y, int step, vec *m, int to)
{
  vec y0 = y[0], y1 = y[step], y2 = y[2 * step], y3 = y[3 * step];
  vec even_a = y0 + POINT_A * POINT_A * y2, odd_a = POINT_A * (y1 + POINT_A * POINT_A * y3);
  vec even_b = y0 + POINT_B * POINT_B * y2, odd_b = POINT_B * (y1 + POINT_B * POINT_B * y3);
  m[0] = y0;
  m[to] = even_a + odd_a;
  m[2 * to] = even_a - odd_a;
  m[3 * to] = even_b + odd_b;
  m[4 * to] = even_b - odd_b;
  m[5 * to] = y3;
}

/* A' m */
static inline void line_dst(const vec *m, int step, vec *y, int to)
{
  vec even_a = m[step] + m[2 * step], odd_a = POINT_A * (m[step] - m[2 * step]);
  vec even_b = m[3 * step] + m[4 * step], odd_b = POINT_B * (m[3 * step] - m[4 * step]);
  y[0] = m[0] + even_a + even_b;
  y[to] = odd_a + odd_b;
  y[2 * to] = POINT_A * POINT_A * even_a + POINT_B * POINT_B * even_b;
  y[3 * to] = POINT_A * POINT_A * odd_a + POINT_B * POINT_B * odd_b + m[5 * step];
}

/* G g */
static inline void line_weights(const vec *g, int step, vec *u, int to)
{
  vec g0 = g[0], g1 = g[step], g2 = g[2 * step];
  vec even_a = g0 * (1 / NORM_A) + g2 * (POINT_A * POINT_A / NORM_A),
      odd_a = g1 * (POINT_A / NORM_A);
  vec even_b = g0 * (1 / NORM_B) + g2 * (POINT_B * POINT_B / NORM_B),
      odd_b = g1 * (POINT_B / NORM_B);
  u[0] = g0 * (1 / NORM_0);
  u[to] = even_a + odd_a;
  u[2 * to] = even_a - odd_a;
  u[3 * to] = even_b + odd_b;
  u[4 * to] = even_b - odd_b;
  u[5 * to] = g2;
}

/* G' u */
static inline void line_diff_weights(const vec *u, int step, vec *g, int to)
{
  vec even_a = u[step] + u[2 * step], odd_a = u[step] - u[2 * step];
  vec even_b = u[3 * step] + u[4 * step], odd_b = u[3 * step] - u[4 * step];
  g[0] = u[0] * (1 / NORM_0) + even_a * (1 / NORM_A) + even_b * (1 / NORM_B);
  g[to] = odd_a * (POINT_A / NORM_A) + odd_b * (POINT_B / NORM_B);
  g[2 * to] =
      even_a * (POINT_A * POINT_A / NORM_A) + even_b * (POINT_B * POINT_B / NORM_B) + u[5 * step];
}

#undef NORM_B
#undef NORM_A
#undef NORM_0
#undef SQUARES
#undef POINT_B
#undef POINT_A

/* ---- Stride 2: y[i] = g0 d[2i] + g1 d[2i + 1] + g2 d[2i + 2].
 *
 * The even pixels are a convolution with (g0, g2), F(4, 2): 5 give 4 by 5 products instead of 8.
 * The odd ones times g1 are 4 plain products. So 9 pixels give 4 by 9 products instead of 12. The
 * last four products share their weights, so there are 6 weights. Points 0, +-p, q and infinity:
 * the most accurate of those tried. */

#define POINT_P 0.75f
#define POINT_Q 2.f
#define NORM_0  (POINT_P * POINT_P * POINT_Q)
#define NORM_P  (2 * POINT_P * POINT_P * (POINT_P - POINT_Q))
#define NORM_M  (-2 * POINT_P * POINT_P * (POINT_P + POINT_Q)) /* of point -p */
#define NORM_Q  (POINT_Q * (POINT_Q * POINT_Q - POINT_P * POINT_P))

/* F(4, 2)'s B' d, of 5 pixels. */
static inline void pair_src(const vec *d, int step, vec *t, int to)
{
  vec d1 = d[step], d2 = d[2 * step], d3 = d[3 * step];
  vec e0 = d1 - POINT_Q * d[0], e1 = d2 - POINT_Q * d1, e2 = d3 - POINT_Q * d2;
  vec e3 = d[4 * step] - POINT_Q * d3;
  t[0] = e2 - POINT_P * POINT_P * e0;
  t[to] = e2 + POINT_P * e1;
  t[2 * to] = e2 - POINT_P * e1;
  t[3 * to] = d3 - POINT_P * POINT_P * d1;
  t[4 * to] = e3 - POINT_P * POINT_P * e1;
}

/* F(4, 2)'s A' m: 4 of 5 products. */
static inline void pair_dst(const vec *m, int step, vec *y, int to)
{
  vec even = m[step] + m[2 * step], odd = POINT_P * (m[step] - m[2 * step]), q = m[3 * step];
  y[0] = m[0] + even + q;
  y[to] = odd + POINT_Q * q;
  y[2 * to] = POINT_P * POINT_P * even + POINT_Q * POINT_Q * q;
  y[3 * to] = POINT_P * POINT_P * odd + POINT_Q * POINT_Q * POINT_Q * q + m[4 * step];
}

static inline void strided_src(const vec *d, int step, vec *t, int to)
{
  pair_src(d, 2 * step, t, to);
#pragma GCC unroll 4
  for (int i = 0; i < 4; i++)
    t[(5 + i) * to] = d[(2 * i + 1) * step];
}

static inline void strided_dst(const vec *m, int step, vec *y, int to)
{
  pair_dst(m, step, y, to);
#pragma GCC unroll 4
  for (int i = 0; i < 4; i++)
    y[i * to] += m[(5 + i) * step];
}

/* backward_data: from 5 gradients of the destination to 8 of the source. The even ones of the 8
 * are the 5 times g1; the odd ones are a convolution with (g2, g0). */
static inline void strided_diff_dst(const vec *d, int step, vec *t, int to)
{
  pair_src(d, step, t, to);
#pragma GCC unroll 4
  for (int i = 0; i < 4; i++)
    t[(5 + i) * to] = d[i * step];
}

static inline void strided_diff_src(const vec *m, int step, vec *y, int to)
{
  pair_dst(m, step, y + to, 2 * to);
#pragma GCC unroll 4
  for (int i = 0; i < 4; i++)
    y[2 * i * to] = m[(5 + i) * step];
}

static inline void strided_gradient(const vec *y, int step, vec *m, int to)
{
  vec y0 = y[0], y1 = y[step], y2 = y[2 * step], y3 = y[3 * step];
  vec even = y0 + POINT_P * POINT_P * y2, odd = POINT_P * (y1 + POINT_P * POINT_P * y3);
  m[0] = y0;
  m[to] = even + odd;
  m[2 * to] = even - odd;
  m[3 * to] = y0 + POINT_Q * (y1 + POINT_Q * (y2 + POINT_Q * y3));
  m[4 * to] = y3;
#pragma GCC unroll 4
  for (int i = 0; i < 4; i++)
    m[(5 + i) * to] = y[i * step];
}

static inline void strided_weights(const vec *g, int step, vec *u, int to)
{
  vec g0 = g[0], g2 = g[2 * step];
  u[0] = g0 * (1 / NORM_0);
  u[to] = g0 * (1 / NORM_P) + g2 * (POINT_P / NORM_P);
  u[2 * to] = g0 * (1 / NORM_M) - g2 * (POINT_P / NORM_M);
  u[3 * to] = g0 * (1 / NORM_Q) + g2 * (POINT_Q / NORM_Q);
  u[4 * to] = g2;
  u[5 * to] = g[step];
}

static inline void strided_diff_weights(const vec *u, int step, vec *g, int to)
{
  vec p = u[step] * (1 / NORM_P), m = u[2 * step] * (1 / NORM_M), q = u[3 * step] * (1 / NORM_Q);
  g[0] = u[0] * (1 / NORM_0) + p + m + q;
  g[to] = u[5 * step];
  g[2 * to] = POINT_P * (p - m) + POINT_Q * q + u[4 * step];
}

#undef NORM_Q
#undef NORM_M
#undef NORM_P
#undef NORM_0
#undef POINT_Q
#undef POINT_P
