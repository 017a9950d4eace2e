/* The two passes of a resize, compiled once an instruction set (src/kernels/local.mk). */
#ifndef DLA_PICTURE_RESIZE_KERNEL_H
#define DLA_PICTURE_RESIZE_KERNEL_H

#include <stddef.h>
#include <stdint.h>

#include "base/isa.h"

/* Weights are fixed-point numbers, as in Pillow's Resample.c: 1 is 2^22. */
enum { DLA_WEIGHT_BITS = 22 };

/* For every pixel of the result: the first one that counts, how many do, and their weights. */
typedef struct dla_taps {
  int *first, *count;
  int32_t *weights; /* [pixel][most] */
  int most;
} dla_taps;

/* One row of RGB: `count` pixels of the result, of taps first on. A byte behind the last pixel of
 * `in` is read. */
typedef void dla_resize_across(const uint8_t *in, const dla_taps *taps, int first, int count,
                               uint8_t *out);
/* `count` bytes of a row, from `rows` rows that are `stride` apart. */
typedef void dla_resize_down(const uint8_t *in, size_t stride, const int32_t *weights, int rows,
                             size_t count, uint8_t *out);

#define DLA_DECLARE_RESIZE(leaf)                                                                   \
  dla_resize_across dla_resize_across_##leaf;                                                      \
  dla_resize_down dla_resize_down_##leaf
DLA_DECLARE_RESIZE(generic);
DLA_DECLARE_RESIZE(neon);
DLA_DECLARE_RESIZE(avx2);
DLA_DECLARE_RESIZE(avx512);

typedef struct dla_resize_kernels {
  dla_resize_across *across;
  dla_resize_down *down;
} dla_resize_kernels;

dla_resize_kernels dla_resize_choose(dla_isa isa);

#endif
