/* Continuous sync: a thread that pushes what settles in a folder while the folder's owner goes on.
 */
#ifndef DLA_STAGING_TRANSFER_WATCH_H
#define DLA_STAGING_TRANSFER_WATCH_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "staging/observer.h"
#include "staging/settings.h"

typedef struct dla_watch dla_watch;

typedef struct dla_watch_summary {
  uint64_t files, bytes, retries; /* pushed; retries of what failed in between */
  char **failed;                  /* names of files that could not be pushed */
  size_t failed_count;
} dla_watch_summary;

/* Starts a thread that pushes what settles in `folder` to `dest` (s3://... or a folder). settings
 * and observer must outlive it. Calls to the observer come from that thread and its helpers. */
dla_status dla_watch_start(const char *folder, const char *dest, const dla_stage_settings *settings,
                           const dla_stage_observer *observer, dla_watch **watch, dla_error *err);

/* Final flush: everything in the folder is pushed, within `deadline` seconds; deletes remotely what
 * is gone if delete_gone (as documented in docs/staging.md). Ends the thread and frees the watch.
 * DLA_E_NOT_PUSHED when something could not be pushed: the summary names the files; local copies
 * stay. Free the summary in any case. */
dla_status dla_watch_finish(dla_watch *watch, double deadline, bool delete_gone,
                            dla_watch_summary *summary, dla_error *err);
void dla_watch_summary_free(dla_watch_summary *summary);

#endif
