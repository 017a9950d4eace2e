/* Which checkpoints of a run are kept, which is the newest whole one, and which one is meant.
 *
 * Beside `out`, say run/ckpt.pth, which is always the last one, there may be
 *   run/ckpt.step-00001200.pth   earlier ones (checkpoint.keep_last - 1 of them; earlier.h), and
 *   run/ckpt.best.pth, run/ckpt.best-2.pth ...   the best on the test split (checkpoint.keep_best).
 * They are hard links where the file system has them, else copies. */
#ifndef DLA_CHECKPOINT_RETENTION_H
#define DLA_CHECKPOINT_RETENTION_H

#include "base/strbuf.h"
#include "dla/checkpoint.h"

/* Is `path` out itself, or one of its earlier and best ones? */
bool dla_checkpoint_belongs(const char *out, const char *path);

/* After `out` was written with a new best: the others move down, those beyond count are removed. */
dla_status dla_checkpoint_keep_best(const char *out, int64_t count, dla_error *err);

/* Told of every file that was looked at and is not whole. */
typedef void dla_checkpoint_skipped(void *context, const char *path, const dla_error *why);
/* dla_checkpoint_read() or dla_checkpoint_read_weights(). */
typedef dla_status dla_checkpoint_reader(const char *path, const char *key,
                                         dla_checkpoint **checkpoint, dla_error *err);
/* The whole checkpoint with the most steps among out and its earlier and best ones; *checkpoint is
 * NULL and path empty when there is none at all. DLA_E_INPUT when there are some, but all damaged:
 * starting fresh would overwrite them. */
dla_status dla_checkpoint_newest(const char *out, dla_checkpoint_reader *read,
                                 dla_checkpoint_skipped *skipped, void *context, dla_strbuf *path,
                                 dla_checkpoint **checkpoint, dla_error *err);

/* Is it a word for one of the run's own checkpoints: "auto", "last" or "best"? */
bool dla_checkpoint_is_of_run(const char *in);

/* Reads it, by `read`. key: as of dla_checkpoint_read(). `out` is where the run writes. "auto" is
 * the newest whole one, and may find none; a file may be missing where may_be_missing says so.
 * *checkpoint is NULL then, and path names the missing file. skipped is told of damaged ones. */
dla_status dla_checkpoint_find(const char *in, const char *key, const char *out,
                               bool may_be_missing, dla_checkpoint_reader *read,
                               dla_checkpoint_skipped *skipped, void *context, dla_strbuf *path,
                               dla_checkpoint **checkpoint, dla_error *err);

/* Removes what killed processes left of unfinished checkpoints. */
void dla_checkpoint_sweep(const char *out);

#endif
