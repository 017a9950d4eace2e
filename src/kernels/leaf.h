/* The innermost loops, compiled once per instruction set (leaf.c) and chosen at run time. They
 * run on the calling thread. The drivers (batch_norm.c ...) share out the work. */
#ifndef DLA_KERNELS_LEAF_H
#define DLA_KERNELS_LEAF_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/isa.h"
#include "kernels/kernels.h"

/* Where batch norm's backward pass finds ReLU's mask. */
typedef enum dla_mask { DLA_MASK_NONE, DLA_MASK_SRC, DLA_MASK_DST } dla_mask;

/* One plane of batch norm's backward pass; unused pointers are NULL. */
typedef struct dla_norm_plane {
  const void *src, *dst, *diff_dst[3];
  void *diff_src, *diff_residual;
  dla_mask relu_mask;
  bool stream; /* store past the cache; then dla_finish_streams() */
} dla_norm_plane;

/* Epilogue of a convolution: dst (+)= tile + bias, then max(dst, 0). bias: one block, or NULL. */
typedef struct dla_end {
  const float *bias;
  bool accumulate, relu;
} dla_end;

/* A product of matrices: rows by one or two blocks of columns (product_by_pixels: up to
 * pixel_blocks), summed over `panels` of the depth (product.h). c (+)= a b + bias, then max(c, 0)
 * with relu. a and b consist of words (images.h); their strides and the depth count words. c's
 * strides count floats or, if c is an image, its numbers. */
typedef struct dla_product {
  const void *a, *b;
  void *c;
  int64_t rows, panels, depth;       /* depth: of a panel */
  int64_t a_panel, b_panel, b_block; /* strides between panels, and between blocks of columns */
  int64_t c_row, c_block;
  int a_width, blocks; /* numbers in a row of a's panel; number of blocks of columns */
  bool accumulate, relu;
  const float *bias; /* per column, or NULL */
} dla_product;

/* Transforms the pixels of one tile of one block of channels to its products, `step` words apart.
 * (y, x): the tile's own first pixel. */
typedef void dla_winograd_read(const void *plane, int64_t height, int64_t width, int64_t y,
                               int64_t x, float *products, int64_t step);
typedef void dla_winograd_write(const float *products, int64_t step, const dla_end *end,
                                void *plane, int64_t height, int64_t width, int64_t y, int64_t x);
/* Transforms one block of in channels by one of out channels: 3x3 vectors, `step` floats apart,
 * to 6x6, or back. */
typedef void dla_winograd_square(const float *from, int64_t step, float *to, int64_t to_step);

/* The transforms of one algorithm, for one stride. Arrays of two: if a word holds two numbers of
 * the depth (deep), one transform writes the first and one the second; else both are the same. */
typedef struct dla_winograd_kernels {
  int products; /* along a tile's side */
  dla_winograd_read *src;
  dla_winograd_write *dst;
  dla_winograd_read *diff_dst; /* of backward_data */
  dla_winograd_write *diff_src;
  dla_winograd_read *summed_src[2], *gradient[2]; /* of backward_weights: src, diff_dst */
  dla_winograd_square *weights[2], *diff_weights;
} dla_winograd_kernels;

/* Planes consist of numbers of `element` bytes. Per-channel arrays hold one block, in floats. */
struct dla_leaf_kernels {
  const char *name; /* "avx512", "avx2", "neon", "generic" */
  int block;        /* channels */
  int rows;         /* rows of a product that fit the registers */
  int pixel_blocks; /* blocks of columns that product_by_pixels takes at most */
  size_t element;   /* bytes of a number of an image: float or bfloat16 */
  int deep;         /* numbers in a word of a product's operands: 1 float, or 2 bfloat16 */
  void (*statistics)(const void *src, int64_t pixels, float *mean, float *m2);
  void (*normalise)(const void *src, const void *residual, void *dst, int64_t pixels,
                    const float *scale, const float *shift, bool relu, bool stream);
  void (*backward_reduce)(const dla_norm_plane *plane, int64_t pixels, const float *mean,
                          const float *scale, const float *shift, float *sum_g, float *sum_gx);
  void (*backward_apply)(const dla_norm_plane *plane, int64_t pixels, const float *mean,
                         const float *scale, const float *shift, const float *slope,
                         const float *offset);
  const dla_winograd_kernels *winograd; /* for stride 1, for stride 2 */
  void (*product_by_channels)(const dla_product *product);
  void (*product_by_tiles)(const dla_product *product);
  void (*product_by_pixels)(const dla_product *product);
  void (*product_of_images)(const dla_product *product); /* by channels */
  /* The pixels of a plane that a 1x1 kernel visits, as words of a product whose depth is channels
   * or pixels. spread_pixels: such pixels back to a plane; the others are zero. */
  void (*take_channels)(const dla_window *w, const void *plane, float *out);
  void (*take_pixels)(const dla_window *w, const void *plane, float *out);
  void (*spread_pixels)(const dla_window *w, const void *dense, void *plane);
  /* Only for floats. row: floats from one dst pixel's row to the next. */
  void (*window_gather)(const dla_window *w, const float *plane, int64_t first, int64_t count,
                        float *rows, int64_t row);
  void (*window_scatter)(const dla_window *w, const float *rows, int64_t row, int64_t first,
                         int64_t count, float *plane);
  void (*rows_store)(const float *rows, int64_t row, int64_t count, const dla_end *end,
                     float *plane);
  void (*avg_pool)(const dla_window *w, const void *plane, void *out);
  void (*avg_pool_backward)(const dla_window *w, const void *diff_out, void *diff_plane);
  void (*max_pool)(const dla_window *w, const void *plane, void *out, int32_t *where);
  void (*max_pool_backward)(const dla_window *w, const void *diff_out, const int32_t *where,
                            void *diff_plane);
  void (*add)(const void *a, const void *b, void *dst, size_t count);
  void (*relu)(const void *src, void *dst, size_t count);
  void (*relu_backward)(const void *dst, const void *diff_dst, void *diff_src, size_t count);
  void (*narrow)(const float *src, uint16_t *dst, size_t count);
  void (*widen)(const uint16_t *src, float *dst, size_t count);
  double (*squares)(const float *values, size_t count); /* the sum of their squares */
  void (*scale)(float *values, size_t count, float factor);
  /* Runs so many iterations of independent multiply-adds and nothing else. *flops: the number of
   * operations. The result only keeps the compiler from removing them. */
  float (*multiply_add)(int64_t iterations, double *flops);
};

/* The address of a number of an image; NULL stays NULL. */
static inline const void *dla_number(const dla_leaf_kernels *leaf, const void *images, int64_t at)
{
  return images ? (const char *)images + at * (int64_t)leaf->element : NULL;
}
static inline void *dla_number_to(const dla_leaf_kernels *leaf, void *images, int64_t at)
{
  return images ? (char *)images + at * (int64_t)leaf->element : NULL;
}

/* Streamed stores are unordered. This fence puts the calling thread's before all that follows. */
static inline void dla_finish_streams(void)
{
#ifdef __SSE__
  __builtin_ia32_sfence();
#endif
}

extern const dla_leaf_kernels dla_leaf_generic, dla_leaf_neon, dla_leaf_avx2, dla_leaf_avx512;
extern const dla_leaf_kernels dla_half_generic, dla_half_neon, dla_half_avx2, dla_half_avx512,
    dla_half_avx512_bf16;

/* The kernels of an instruction set that this processor has (dla_isa_has), for images of F32 or
 * BF16. */
const dla_leaf_kernels *dla_leaf(dla_isa isa, dla_dtype images);

#endif
