/* Earlier checkpoints that a run keeps beside `out`, the one that it replaces: each is named by
 * its step. A file's step is read from the file. Its name and the start of the run do not
 * decide. */
#ifndef DLA_CHECKPOINT_EARLIER_H
#define DLA_CHECKPOINT_EARLIER_H

#include <stdint.h>

#include "dla/status.h"

typedef struct dla_earlier dla_earlier;

/* start: the step that the run resumes from; 0: a fresh run. count: how many to keep. */
dla_status dla_earlier_create(const char *out, int64_t start, int64_t count, dla_earlier **earlier,
                              dla_error *err);
void dla_earlier_free(dla_earlier *earlier);

/* Call before `out` is replaced. Gives its present content a name of its own, and removes the
 * oldest beyond count. An incomplete file replaces nothing. Checkpoints after the step that the
 * run resumes from (including out itself, whatever count is) are not removed. */
dla_status dla_earlier_keep(dla_earlier *earlier, dla_error *err);
/* Call after out was replaced, with the step of the checkpoint that it holds now. */
void dla_earlier_replaced(dla_earlier *earlier, int64_t step);

#endif
