/* What tests of src/kernels share: plain arrays to the kernels' blocks and back, and comparing what
 * one instruction set computes with another. */
#ifndef TESTS_UNIT_KERNEL_FIXTURE_H
#define TESTS_UNIT_KERNEL_FIXTURE_H

#include <stddef.h>
#include <stdint.h>

#include "kernels/kernels.h"
#include "kernels/leaf.h"

/* Zeros, aligned to 64 bytes, of just that size: AddressSanitizer sees what goes past them. A test
 * without memory fails. */
float *kernel_floats(size_t count);

/* Numbers between -1 and 1, the same in each run. */
float *kernel_numbers(size_t count, unsigned seed);

/* [batch][channels][pixels] to blocks, and back. The way back fails the test where padded channels
 * are not zero. */
float *kernel_pack_images(const dla_blocked *shape, const float *plain);
float *kernel_unpack_images(const dla_blocked *shape, const float *blocked);
size_t kernel_image_floats(const dla_blocked *shape); /* of all blocks */

/* [out][in][taps] to [out / block][in / block][taps][block of in][block of out], and back. */
typedef struct kernel_weights {
  int64_t out, in, taps;
  int block;
} kernel_weights;
float *kernel_pack_weights(const kernel_weights *shape, const float *plain);
float *kernel_unpack_weights(const kernel_weights *shape, const float *blocked);
size_t kernel_weight_floats(const kernel_weights *shape); /* of all blocks */

/* The kernels of each instruction set that is there, `generic` first; returns their number. Two
 * sets that share their kernels count once. */
size_t kernel_leaves(const dla_leaf_kernels *leaves[DLA_ISA_COUNT]);
void kernel_for_each(void (*check)(const dla_leaf_kernels *leaf));

/* Fails where they differ by more than `tolerance` of the largest that is expected. */
void kernel_compare(const char *what, const char *isa, const float *expected, const float *got,
                    size_t count, double tolerance);

#endif
