/* Products of matrices for convolutions. Included by leaf.c, like planes.h.
 *
 * Registers hold the sums: `rows` by one to three blocks of columns. A block is LANES registers. */

typedef float lane __attribute__((vector_size(REGISTER * sizeof(float)), may_alias));
typedef int32_t lane_mask __attribute__((vector_size(REGISTER * sizeof(float))));
enum { LANES = BLOCK / REGISTER };

/* Strides of a product's operands, in words, known at compile time: a(i, d) is at a[i * row + d *
 * deep], and b(d, j) for column j of a block at b[d * step + j]. */
typedef struct strides {
  int64_t row, deep, step;
} strides;

/* sum + a b; with words of two numbers, sum + a0 b0 + a1 b1. */
#if DEEP == 2
typedef int32_t word __attribute__((may_alias));
INLINE lane multiply(lane sum, word a, lane b)
{
  return (lane)_mm512_dpbf16_ps((__m512)sum, (__m512bh)_mm512_set1_epi32(a), (__m512bh)b);
}
#else
typedef float word;
INLINE lane multiply(lane sum, word a, lane b)
{
  return sum + a * b;
}
#endif

/* c[i][j] += sum over d of a(i, d) b(d, j). The loop over d is partly unrolled: 5 % faster on
 * Sapphire Rapids, whose loads then start earlier. */
INLINE void product(const word *restrict a, const float *restrict b, int64_t b_block,
                    lane c[ROWS][3 * LANES], int64_t depth, const strides s, const int rows,
                    const int blocks)
{
#pragma GCC unroll 4
  for (int64_t d = 0; d < depth; d++, a += s.deep, b += s.step) {
    lane column[3 * LANES];
#pragma GCC unroll 6
    for (int k = 0; k < blocks * LANES; k++)
      column[k] = *(const lane *)(b + k / LANES * b_block + k % LANES * REGISTER);
#pragma GCC unroll 8
    for (int i = 0; i < rows; i++)
#pragma GCC unroll 6
      for (int k = 0; k < blocks * LANES; k++)
        c[i][k] = multiply(c[i][k], a[i * s.row], column[k]);
  }
}

/* Loads and stores sums: floats or, with `image`, numbers of an image. */
#ifdef DLA_HALF
typedef uint16_t lane_halves __attribute__((vector_size(REGISTER * sizeof(uint16_t)), may_alias));
typedef uint32_t lane_words __attribute__((vector_size(REGISTER * sizeof(uint32_t))));
CONVERSIONS(lane, lane_words, lane_halves, narrowed_lane, widened_lane)
#endif

INLINE lane read_lane(const void *c, int64_t at, const bool image)
{
#ifdef DLA_HALF
  if (image) return widened_lane(*(const lane_halves *)((const element *)c + at));
#endif
  (void)image;
  return *(const lane *)((const float *)c + at);
}

INLINE void write_lane(void *c, int64_t at, lane v, const bool image)
{
#ifdef DLA_HALF
  if (image) {
    *(lane_halves *)((element *)c + at) = narrowed_lane(v);
    return;
  }
#endif
  (void)image;
  *(lane *)((float *)c + at) = v;
}

INLINE lane ended(const dla_product *p, lane sum, int64_t column)
{
  if (p->bias) sum += *(const lane *)(p->bias + column);
  if (p->relu) sum = (lane)((lane_mask)sum & ~(sum <= 0)); /* a NaN passes */
  return sum;
}

/* The offset of lane k of row i. */
INLINE int64_t lane_at(const dla_product *p, int64_t i, int k)
{
  return i * p->c_row + k / LANES * p->c_block + k % LANES * REGISTER;
}

INLINE void product_rows(const dla_product *p, int64_t first, const strides s, const int rows,
                         const int blocks, const bool image)
{
  lane c[ROWS][3 * LANES];
#pragma GCC unroll 8
  for (int i = 0; i < rows; i++)
#pragma GCC unroll 6
    for (int k = 0; k < blocks * LANES; k++)
      c[i][k] = p->accumulate ? read_lane(p->c, lane_at(p, first + i, k), image) : (lane){0};
  for (int64_t panel = 0; panel < p->panels; panel++)
    product((const word *)p->a + panel * p->a_panel + first * s.row,
            (const float *)p->b + panel * p->b_panel, p->b_block, c, p->depth, s, rows, blocks);
#pragma GCC unroll 8
  for (int i = 0; i < rows; i++)
#pragma GCC unroll 6
    for (int k = 0; k < blocks * LANES; k++)
      write_lane(p->c, lane_at(p, first + i, k), ended(p, c[i][k], k * REGISTER), image);
}

/* As many rows at a time as fit the registers. Of six, ten are done as two fives and eight as two
 * fours: six and four, or six and two, would wait longer. */
INLINE void product_blocks(const dla_product *p, const strides s, const int blocks,
                           const bool image)
{
  int64_t first = 0;
  for (; p->rows - first >= ROWS; first += ROWS) {
    if (ROWS == 6 && (p->rows - first == 8 || p->rows - first == 10)) break;
    product_rows(p, first, s, ROWS, blocks, image);
  }
#if ROWS == 6
  for (; p->rows - first == 10 || p->rows - first == 5; first += 5)
    product_rows(p, first, s, 5, blocks, image);
#endif
#if ROWS > 4
  for (; p->rows - first >= 4; first += 4)
    product_rows(p, first, s, 4, blocks, image);
#endif
  for (; p->rows - first >= 2; first += 2)
    product_rows(p, first, s, 2, blocks, image);
  for (; first < p->rows; first++)
    product_rows(p, first, s, 1, blocks, image);
}

INLINE void product_of(const dla_product *p, const int64_t row, const int64_t deep,
                       const int64_t step, const bool image)
{
  if (p->blocks == 1)
    product_blocks(p, (strides){row, deep, BLOCK}, 1, image);
  else
    product_blocks(p, (strides){row, deep, step}, 2, image);
}

/* Rows are tiles or pixels, the depth is channels. Two blocks of columns are neighbours. */
static void product_by_channels(const dla_product *p)
{
  if (p->a_width == BLOCK)
    product_of(p, BLOCK / DEEP, 1, 2 * BLOCK, false);
  else
    product_of(p, 2 * BLOCK / DEEP, 1, 2 * BLOCK, false);
}

/* The same from images to an image: rows are pixels. */
static void product_of_images(const dla_product *p)
{
  product_of(p, BLOCK / DEEP, 1, 2 * BLOCK, true);
}

/* Rows are channels, the depth is tiles. */
static void product_by_tiles(const dla_product *p)
{
  if (p->a_width == BLOCK)
    product_of(p, 1, BLOCK, 2 * BLOCK, false);
  else
    product_of(p, 1, 2 * BLOCK, 2 * BLOCK, false);
}

/* Rows are channels, the depth is pixels of planes. A block of columns is a plane. A plane has only
 * BLOCK channels, which ROWS may not divide: three blocks of fewer rows fill the registers better.
 */
static void product_by_pixels(const dla_product *p)
{
#if ROWS_OF_THREE > 0
  const strides s = {1, BLOCK, BLOCK};
  if (p->blocks == 3) {
    for (int64_t first = 0; first < p->rows; first += ROWS_OF_THREE)
      product_rows(p, first, s, ROWS_OF_THREE, 3, false);
    return;
  }
#endif
  product_of(p, 1, BLOCK, BLOCK, false);
}
