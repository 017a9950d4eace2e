/* Random numbers without state to save: Philox 4x32-10 of Salmon, Moraes, Dror and Shaw, "Parallel
 * random numbers: as easy as 1, 2, 3" (SC 2011).
 *
 * A number depends only on (seed, purpose, epoch, index) and on how many were drawn there before.
 * So threads, ranks and restarts cannot change it, and no two purposes share a number. */
#ifndef DLA_BASE_PHILOX_H
#define DLA_BASE_PHILOX_H

#include <stddef.h>
#include <stdint.h>

/* These values are part of every result: never renumber them, only append. */
typedef enum dla_random_purpose {
  DLA_RANDOM_SHUFFLE = 1,
  DLA_RANDOM_CROP = 2,
  DLA_RANDOM_FLIP = 3,
  DLA_RANDOM_WEIGHTS = 4,
  DLA_RANDOM_SWEEP = 5,
  DLA_RANDOM_SPLIT = 6,
  DLA_RANDOM_RESIZED_CROP = 7,
  DLA_RANDOM_JITTER = 8,
  DLA_RANDOM_ROTATION = 9,
  DLA_RANDOM_ERASING = 10,
  DLA_RANDOM_STAND_IN = 11,
  DLA_RANDOM_CUTOUT = 12,
  DLA_RANDOM_POLICY = 13,
  DLA_RANDOM_MIX = 14,
  DLA_RANDOM_DROP = 15,
} dla_random_purpose;

typedef struct dla_random {
  uint32_t key[2];
  uint32_t counter[4];
  uint32_t block[4];
  unsigned left; /* words of block not yet drawn */
} dla_random;

/* The bijection itself: 10 rounds. */
void dla_philox(const uint32_t key[2], const uint32_t counter[4], uint32_t out[4]);

/* The stream of numbers at one place. index is the sample, or the number of the parameter; 0 where
 * there is only one. Only the low 56 bits of epoch count. */
dla_random dla_random_at(uint64_t seed, dla_random_purpose purpose, uint64_t epoch, uint32_t index);

uint32_t dla_random_bits(dla_random *random);

/* Uniform on the multiples of 2^-24 in [0, 1). */
float dla_random_float(dla_random *random);

/* Uniform on the multiples of 2^-53 in [0, 1). */
double dla_random_double(dla_random *random);

/* The numbers [first, first + count) of those that dla_random_float() draws from the start of the
 * stream. first is a multiple of 4. */
void dla_random_fill(const dla_random *stream, uint32_t first, float *numbers, size_t count);

/* Uniform in 0..bound-1, without bias; bound > 0. */
uint32_t dla_random_below(dla_random *random, uint32_t bound);

#endif
