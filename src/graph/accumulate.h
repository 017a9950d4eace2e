/* A step in parts: the gradients of each are added to the sums of those before, which have the same
 * places in an array of the store. */
#ifndef DLA_GRAPH_ACCUMULATE_H
#define DLA_GRAPH_ACCUMULATE_H

#include "base/team.h"
#include "graph/store.h"

/* Behind a part that is not the last: its gradients become the sums, or are added to them. */
void dla_accumulate_keep(const dla_store *store, dla_team *team, const dla_program *program,
                         bool first);
/* Before the update: adds the sums to the gradients of the last part. */
void dla_accumulate_finish(const dla_store *store, dla_team *team, const dla_program *program);
/* The same of some floats of the store's gradients, before several ranks sum them. */
void dla_accumulate_finish_some(const dla_store *store, dla_team *team, size_t first, size_t count);

#endif
