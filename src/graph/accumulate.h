/* Gradient accumulation: a step runs in parts, and the store adds up their gradients. A
 * parameter's sum lies at the same place as the parameter. */
#ifndef DLA_GRAPH_ACCUMULATE_H
#define DLA_GRAPH_ACCUMULATE_H

#include "base/team.h"
#include "graph/store.h"

/* After every part but the last: copies the gradients to the sums (first), or adds them. */
void dla_accumulate_keep(const dla_store *store, dla_team *team, const dla_program *program,
                         bool first);
/* Before the update: adds the sums to the gradients of the last part. */
void dla_accumulate_finish(const dla_store *store, dla_team *team, const dla_program *program);
/* The same for some floats of the store's gradients, before several ranks sum them. */
void dla_accumulate_finish_some(const dla_store *store, dla_team *team, size_t first, size_t count);

#endif
