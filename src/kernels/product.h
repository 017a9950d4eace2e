/* The products of matrices that convolutions come down to. Included by leaf.c, like planes.h.
 *
 * Sums are held in registers: `rows` by one or two blocks of columns, a block being LANES
 * registers. */

typedef float lane __attribute__((vector_size(REGISTER * sizeof(float))));
typedef int32_t lane_mask __attribute__((vector_size(REGISTER * sizeof(float))));
enum { LANES = BLOCK / REGISTER };

/* How a product's operands lie, known when it is compiled: a(i, d) is at a[i * row + d * deep], and
 * b(d, j) for the block's column j at b[d * step + j]. */
typedef struct strides {
  int64_t row, deep, step;
} strides;

#define INLINE static inline __attribute__((always_inline))

/* c[i][j] += sum over d of a(i, d) b(d, j). The loop over d is unrolled in part: 5 % on Sapphire
 * Rapids, whose loads come from further ahead then. */
INLINE void product(const float *restrict a, const float *restrict b, int64_t b_block,
                    lane c[ROWS][2 * LANES], int64_t depth, const strides s, const int rows,
                    const int blocks)
{
#pragma GCC unroll 4
  for (int64_t d = 0; d < depth; d++, a += s.deep, b += s.step) {
    lane b0[LANES], b1[LANES];
#pragma GCC unroll 2
    for (int l = 0; l < LANES; l++) {
      b0[l] = *(const lane *)(b + l * REGISTER);
      b1[l] = blocks > 1 ? *(const lane *)(b + b_block + l * REGISTER) : b0[l];
    }
#pragma GCC unroll 8
    for (int i = 0; i < rows; i++)
#pragma GCC unroll 2
      for (int l = 0; l < LANES; l++) {
        c[i][l] += a[i * s.row] * b0[l];
        if (blocks > 1) c[i][LANES + l] += a[i * s.row] * b1[l];
      }
  }
}

/* Where a sum begins, and how it ends. */
INLINE lane begin_sum(const dla_product *p, const float *to)
{
  return p->accumulate ? *(const lane *)to : (lane){0};
}

INLINE void end_sum(const dla_product *p, lane sum, int64_t column, float *to)
{
  if (p->bias) sum += *(const lane *)(p->bias + column);
  if (p->relu) sum = (lane)((lane_mask)sum & ~(sum <= 0)); /* a NaN goes on */
  *(lane *)to = sum;
}

INLINE void product_rows(const dla_product *p, int64_t first, const strides s, const int rows,
                         const int blocks)
{
  lane c[ROWS][2 * LANES];
  float *to = p->c + first * p->c_row;
#pragma GCC unroll 8
  for (int i = 0; i < rows; i++)
#pragma GCC unroll 4
    for (int k = 0; k < blocks * LANES; k++)
      c[i][k] = begin_sum(p, to + i * p->c_row + k / LANES * p->c_block + k % LANES * REGISTER);
  for (int64_t panel = 0; panel < p->panels; panel++)
    product(p->a + panel * p->a_panel + first * s.row, p->b + panel * p->b_panel, p->b_block, c,
            p->depth, s, rows, blocks);
#pragma GCC unroll 8
  for (int i = 0; i < rows; i++)
#pragma GCC unroll 4
    for (int k = 0; k < blocks * LANES; k++)
      end_sum(p, c[i][k], k * REGISTER,
              to + i * p->c_row + k / LANES * p->c_block + k % LANES * REGISTER);
}

/* As many rows at once as registers hold. Eight are two fours, as six and two would wait longer. */
INLINE void product_blocks(const dla_product *p, const strides s, const int blocks)
{
  int64_t first = 0;
  for (; p->rows - first >= ROWS && !(ROWS == 6 && p->rows - first == 8); first += ROWS)
    product_rows(p, first, s, ROWS, blocks);
#if ROWS > 4
  for (; p->rows - first >= 4; first += 4)
    product_rows(p, first, s, 4, blocks);
#endif
  for (; p->rows - first >= 2; first += 2)
    product_rows(p, first, s, 2, blocks);
  for (; first < p->rows; first++)
    product_rows(p, first, s, 1, blocks);
}

INLINE void product_of(const dla_product *p, const int64_t row, const int64_t deep,
                       const int64_t step)
{
  if (p->blocks == 1)
    product_blocks(p, (strides){row, deep, BLOCK}, 1);
  else
    product_blocks(p, (strides){row, deep, step}, 2);
}

/* Rows are tiles or pixels, depth are channels; the columns of two blocks are beside each other. */
static void product_by_channels(const dla_product *p)
{
  if (p->a_width == BLOCK)
    product_of(p, BLOCK, 1, 2 * BLOCK);
  else
    product_of(p, 2 * BLOCK, 1, 2 * BLOCK);
}

/* Rows are channels, depth are tiles. */
static void product_by_tiles(const dla_product *p)
{
  if (p->a_width == BLOCK)
    product_of(p, 1, BLOCK, 2 * BLOCK);
  else
    product_of(p, 1, 2 * BLOCK, 2 * BLOCK);
}

/* Rows are channels, depth are pixels of planes: a block of columns is a plane. */
static void product_by_pixels(const dla_product *p)
{
  product_of(p, 1, BLOCK, BLOCK);
}

#undef INLINE
