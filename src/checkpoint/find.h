/* The checkpoint that checkpoint.in names: a file, or one of the run's own. */
#ifndef DLA_CHECKPOINT_FIND_H
#define DLA_CHECKPOINT_FIND_H

#include "checkpoint/retention.h"

/* Is it a word for one of the run's own checkpoints: "auto", "last" or "best"? */
bool dla_checkpoint_is_of_run(const char *in);

/* Reads it. `out` is where the run writes. "auto" is the newest whole one, and may find none; a
 * file may be missing where may_be_missing says so. *checkpoint is NULL then, and path names the
 * missing file. skipped is told of damaged ones. */
dla_status dla_checkpoint_find(const char *in, const char *out, bool may_be_missing,
                               dla_checkpoint_skipped *skipped, void *context, dla_strbuf *path,
                               dla_checkpoint **checkpoint, dla_error *err);

#endif
