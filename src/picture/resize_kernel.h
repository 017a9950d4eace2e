/* The two passes of a resize, and the conversion of its bytes to floats. Compiled once for each
 * instruction set (src/kernels/local.mk). */
#ifndef DLA_PICTURE_RESIZE_KERNEL_H
#define DLA_PICTURE_RESIZE_KERNEL_H

#include <stddef.h>
#include <stdint.h>

#include "base/isa.h"

/* Weights are fixed-point, as in Pillow's Resample.c: 1 is 2^22. */
enum { DLA_WEIGHT_BITS = 22 };

/* For each pixel of the result: its first source pixel, and `taps` weights. */
typedef struct dla_taps {
  int *first;
  int32_t *weights; /* [pixel][taps] */
  int taps;
} dla_taps;

/* Makes `count` pixels of the result in each of two rows of RGB, which may be the same row. It also
 * reads one byte behind the last pixel of each source row. */
typedef void dla_resize_across(const uint8_t *const in[2], const dla_taps *taps, int count,
                               uint8_t *const out[2]);
/* Makes `count` bytes of a row from `rows` rows that are `stride` bytes apart. */
typedef void dla_resize_down(const uint8_t *in, size_t stride, const int32_t *weights, int rows,
                             size_t count, uint8_t *out);
/* Turns RGB into planes of floats: value * scale[c] + offset[c]. */
typedef void dla_to_planes(const uint8_t *rgb, size_t pixels, const float scale[3],
                           const float offset[3], float *planes);

#define DLA_DECLARE_RESIZE(leaf)                                                                   \
  dla_resize_across dla_resize_across_##leaf;                                                      \
  dla_resize_down dla_resize_down_##leaf;                                                          \
  dla_to_planes dla_to_planes_##leaf
DLA_DECLARE_RESIZE(generic);
DLA_DECLARE_RESIZE(neon);
DLA_DECLARE_RESIZE(avx2);
DLA_DECLARE_RESIZE(avx512);

typedef struct dla_resize_kernels {
  dla_resize_across *across;
  dla_resize_down *down;
  dla_to_planes *to_planes;
} dla_resize_kernels;

dla_resize_kernels dla_resize_choose(dla_isa isa);

#endif
