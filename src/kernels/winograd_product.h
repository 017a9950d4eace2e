/* The products of matrices that Winograd's convolution comes down to, for one block size. Included
 * by leaf.c, like planes.h. */

/* Rows of a product that are held in registers, times two blocks of columns. */
#define ROWS (BLOCK / 2)
#define VEC  NAME(vec)

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

#undef VEC
#undef ROWS
