/* Continuous sync: a thread pushes each file of a folder once nobody writes it any more. */
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
  uint64_t files, bytes, retries; /* files and bytes pushed; retries of failed requests */
  char **failed;                  /* names of files that could not be pushed */
  size_t failed_count;
} dla_watch_summary;

/* Starts the thread. dest is s3://... or a folder. The filters select the files, also those that
 * may be deleted. filters, settings and observer must outlive the watch. Calls to the observer come
 * from the thread and its helpers. */
dla_status dla_watch_start(const char *folder, const char *dest, dla_filters filters,
                           const dla_stage_settings *settings, const dla_stage_observer *observer,
                           dla_watch **watch, dla_error *err);

/* Pushes the rest of the folder within `deadline` seconds. With delete_gone, it then deletes from
 * dest what the folder no longer has (docs/staging.md). It ends the thread and frees the watch.
 * DLA_E_NOT_PUSHED: the summary names the files that failed; their local copies stay. Free the
 * summary in any case. */
dla_status dla_watch_finish(dla_watch *watch, double deadline, bool delete_gone,
                            dla_watch_summary *summary, dla_error *err);
void dla_watch_summary_free(dla_watch_summary *summary);

#endif
