/* backward_weights in parts: the images are shared out, each part has sums of its own, and these
 * are added up in the parts' order. So the bits are those of the number of threads, whoever
 * computed. */
#ifndef DLA_KERNELS_PARTS_H
#define DLA_KERNELS_PARTS_H

#include <stdint.h>

#include "base/team.h"

/* Parts of a thread, where they fit: so that who is done can take what others have not begun. */
enum { DLA_PARTS_EACH = 4 };

/* How many parts there may be with so many floats of sums each, which 16 MB shall hold: a multiple
 * of the threads, or fewer than those. 0 where not even one fits. */
int64_t dla_parts_most(int64_t floats, int threads);

/* sums += others[0] + ... + others[count - 1], in this order; each has so many floats, and they lie
 * behind one another. */
void dla_parts_join(dla_team *team, float *sums, const float *others, int64_t floats,
                    int64_t count);

#endif
