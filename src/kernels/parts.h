/* Shares out backward_weights: the images are split into parts with sums of their own. The parts'
 * sums are then added in order. So the bits depend on the number of threads, but not on which
 * thread computed a part. */
#ifndef DLA_KERNELS_PARTS_H
#define DLA_KERNELS_PARTS_H

#include <stdint.h>

#include "base/team.h"

/* Parts per thread, if they fit. With several, a thread that is done can take over parts that no
 * other has begun. */
enum { DLA_PARTS_EACH = 4 };

/* The largest number of parts whose sums, each of so many floats, fit 16 MB together: a multiple of
 * the threads, or fewer than these. 0 if not even one fits. */
int64_t dla_parts_most(int64_t floats, int threads);

/* sums += others[0] + ... + others[count - 1], in this order. Each array has so many floats; the
 * others lie one after another. */
void dla_parts_join(dla_team *team, float *sums, const float *others, int64_t floats,
                    int64_t count);

#endif
