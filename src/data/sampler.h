/* The order in which an epoch visits the samples. */
#ifndef DLA_DATA_SAMPLER_H
#define DLA_DATA_SAMPLER_H

#include <stddef.h>
#include <stdint.h>

/* Fills order[0..count) with 0..count-1, shuffled by (seed, epoch). */
void dla_sampler_shuffle(uint32_t *order, size_t count, uint64_t seed, uint64_t epoch);

/* The same, in order. */
void dla_sampler_in_order(uint32_t *order, size_t count);

#endif
