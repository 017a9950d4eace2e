/* Continuous sync: a thread pushes each file of a folder once nobody writes to it any more. */
#ifndef DLA_STAGING_TRANSFER_WATCH_H
#define DLA_STAGING_TRANSFER_WATCH_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "staging/observer.h"
#include "staging/settings.h"
#include "staging/transfer/filter.h"

typedef struct dla_watch dla_watch;

typedef struct dla_watch_summary {
  uint64_t files, bytes, retries; /* pushed; retries of what failed in between */
  char **failed;                  /* names of files that could not be pushed */
  size_t failed_count;
} dla_watch_summary;

/* Starts the thread. dest is s3://... or a folder. filters say which files are meant, also for
 * what is deleted. They, settings and observer must outlive it. Calls to the observer
 * come from that thread and its helpers. */
dla_status dla_watch_start(const char *folder, const char *dest, dla_filters filters,
                           const dla_stage_settings *settings, const dla_stage_observer *observer,
                           dla_watch **watch, dla_error *err);

/* Pushes the rest of the folder within `deadline` seconds. delete_gone: then deletes at the other
 * end what the folder no longer has (docs/staging.md). Ends the thread and frees the watch.
 * DLA_E_NOT_PUSHED: the summary names the files that failed; their local copies stay. Free the
 * summary in any case. */
dla_status dla_watch_finish(dla_watch *watch, double deadline, bool delete_gone,
                            dla_watch_summary *summary, dla_error *err);
void dla_watch_summary_free(dla_watch_summary *summary);

#endif
