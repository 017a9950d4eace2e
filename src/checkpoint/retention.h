/* Decides which checkpoints of a run to keep, and finds the newest complete one or the one that
 * is asked for.
 *
 * `out`, such as run/ckpt.pth, is always the last checkpoint. Beside it there may be
 *    run/ckpt.step-00001200.pth   earlier ones (checkpoint.keep_last - 1 of them; earlier.h), and
 *    run/ckpt.best.pth, run/ckpt.best-2.pth ...   the best on the test split
 * (checkpoint.keep_best). They are hard links, or copies if the file system has no links. */
#ifndef DLA_CHECKPOINT_RETENTION_H
#define DLA_CHECKPOINT_RETENTION_H

#include "base/strbuf.h"
#include "dla/checkpoint.h"

/* Is `path` out itself, or one of its earlier or best ones? */
bool dla_checkpoint_belongs(const char *out, const char *path);

/* Call after `out` was written with a new best: the others move down, those beyond count are
 * removed. */
dla_status dla_checkpoint_keep_best(const char *out, int64_t count, dla_error *err);
/* Does that for the `out` of a process that ended in between. */
dla_status dla_checkpoint_settle_best(const char *out, int64_t count, dla_error *err);

/* Called for every incomplete file that was looked at. */
typedef void dla_checkpoint_skipped(void *context, const char *path, const dla_error *why);
/* dla_checkpoint_read() or dla_checkpoint_read_weights(). */
typedef dla_status dla_checkpoint_reader(const char *path, const char *key,
                                         dla_checkpoint **checkpoint, dla_error *err);

/* Does it name one of the run's own checkpoints: "auto", "last" or "best"? */
bool dla_checkpoint_is_of_run(const char *in);

/* Reads it with `read`. key: as in dla_checkpoint_read(). `out` is the run's output. "auto" is
 * the newest complete one, if there is any; may_be_missing allows a missing file. *checkpoint is
 * NULL then, and path names the missing file. skipped is called for damaged ones. */
dla_status dla_checkpoint_find(const char *in, const char *key, const char *out,
                               bool may_be_missing, dla_checkpoint_reader *read,
                               dla_checkpoint_skipped *skipped, void *context, dla_strbuf *path,
                               dla_checkpoint **checkpoint, dla_error *err);

/* Removes unfinished checkpoints of killed processes. */
void dla_checkpoint_sweep(const char *out);

#endif
