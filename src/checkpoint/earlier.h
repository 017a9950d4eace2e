/* The earlier checkpoints that a run keeps beside the one that it replaces, `out`: each under its
 * own step. A file's step is what it says itself; its name and where the run started say nothing of
 * what it holds. */
#ifndef DLA_CHECKPOINT_EARLIER_H
#define DLA_CHECKPOINT_EARLIER_H

#include <stdint.h>

#include "dla/status.h"

typedef struct dla_earlier dla_earlier;

/* start: the step that the run goes on from; 0: from nothing. count: how many are kept. */
dla_status dla_earlier_create(const char *out, int64_t start, int64_t count, dla_earlier **earlier,
                              dla_error *err);
void dla_earlier_free(dla_earlier *earlier);

/* Before `out` is replaced: gives what it holds a name of its own, and removes the oldest beyond
 * count. A file that is not whole replaces nothing. What came after the step that the run goes on
 * from (out itself, too, whatever count is) is not removed. */
dla_status dla_earlier_keep(dla_earlier *earlier, dla_error *err);
/* After it was replaced: the step of the whole checkpoint that it holds now. */
void dla_earlier_replaced(dla_earlier *earlier, int64_t step);

#endif
