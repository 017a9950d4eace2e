/* Gradients of several ranks: which of them are summed together, and when (Li et al., "PyTorch
 * Distributed: Experiences on Accelerating Data Parallel Training", 2020, section 3.2.3). */
#ifndef DLA_GRAPH_EXCHANGE_H
#define DLA_GRAPH_EXCHANGE_H

#include "dla/dist.h"
#include "graph/accumulate.h"

/* Consecutive gradients of the store. They are final when instruction `after` has run. */
typedef struct dla_bucket {
  int after;
  size_t first, count; /* floats */
} dla_bucket;

typedef struct dla_exchange {
  dla_bucket bucket[DLA_DIST_PENDING]; /* in the order in which they become final */
  int count;
  int next; /* the next bucket of this step */
} dla_exchange;

/* Plans the buckets of a training program whose gradients lie in the store. All ranks get the
 * same plan. */
void dla_exchange_plan(const dla_store *store, const dla_program *program, dla_exchange *exchange);
/* Before the update: waits for all sums. */
void dla_exchange_wait(dla_exchange *exchange, dla_dist *dist);
/* After the instruction: begins the sums that can begin, and advances those under way.
 * accumulated: earlier parts of the step left sums, which are added. */
void dla_exchange_after(dla_exchange *exchange, dla_dist *dist, const dla_store *store,
                        dla_team *team, bool accumulated, int instruction);

#endif
