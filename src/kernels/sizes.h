/* Sizes of the kernels for the instruction set that leaf.c is compiled for: channels per block,
 * and how much fits the registers. Wider tiles would spill; narrower ones would wait for the
 * latency of the multiply-adds (4 to 5 cycles, two units). */
#ifndef DLA_KERNELS_SIZES_H
#define DLA_KERNELS_SIZES_H

/* BLOCK: channels of a vector (kernels.h). ROWS: rows of a product that fit the registers, by two
 * blocks of columns. ROWS_OF_THREE: by three, a divisor of BLOCK; 0: none. REGISTER: floats.
 * CHAINS: independent multiply-adds needed for peak speed. */
#if defined __AVX512F__ /* 32 registers of 16 floats: 16 sums, 2 columns */
#define BLOCK         16
#define ROWS          8
#define ROWS_OF_THREE 0
#define REGISTER      16
#define CHAINS        16
#elif defined __AVX2__ /* 16 of 8: 12 sums, 2 columns, 1 row */
#define BLOCK         8
#define ROWS          6
#define ROWS_OF_THREE 4
#define REGISTER      8
#define CHAINS        12
#elif defined DLA_NEON /* 32 of 4, a vector is two: 24 sums, 4 columns, 1 row */
#define BLOCK         8
#define ROWS          6
#define ROWS_OF_THREE 4
#define REGISTER      4
#define CHAINS        24
#else /* 16 of 4 (SSE2), a vector is two: 8 sums, 4 columns, 1 row */
#define BLOCK         8
#define ROWS          2
#define ROWS_OF_THREE 0
#define REGISTER      4
#define CHAINS        12
#endif

/* DEEP: numbers in a word of a product's operands (images.h). */
#if defined DLA_HALF && defined __AVX512BF16__
#define DEEP 2
#else
#define DEEP 1
#endif

#endif
