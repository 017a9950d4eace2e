/* The order of the samples in an epoch: a function of (seed, epoch). */
#ifndef DLA_DATASET_SAMPLER_H
#define DLA_DATASET_SAMPLER_H

#include <stddef.h>
#include <stdint.h>

/* Fills order with a permutation of 0..count-1 (Fisher and Yates, as Durstenfeld, 1964). */
void dla_sampler_shuffle(uint64_t seed, uint64_t epoch, uint32_t *order, uint32_t count);

#endif
