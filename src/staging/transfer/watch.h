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

/* Everything but folder and dest must outlive the watch. */
typedef struct dla_watch_request {
  const char *folder;
  const char *dest;    /* s3://... or a folder */
  dla_filters filters; /* select the files, also those that may be deleted */
  /* Names of files that grow line by line, such as metrics.jsonl; ends with NULL. Before other
   * files are pushed, these are, as far as they go, though they are still open. So dest never has
   * a checkpoint without the lines that were written before it. NULL: none. */
  const char *const *logs;
  const dla_stage_settings *settings;
  const dla_stage_observer *observer; /* NULL: none; called by the thread and its helpers */
} dla_watch_request;

/* Starts the thread. */
dla_status dla_watch_start(const dla_watch_request *request, dla_watch **watch, dla_error *err);

/* Pushes the rest of the folder within `deadline` seconds. With delete_gone, it then deletes from
 * dest what the folder no longer has (docs/staging.md). It ends the thread and frees the watch.
 * DLA_E_NOT_PUSHED: the summary names the files that failed; their local copies stay. Free the
 * summary in any case. */
dla_status dla_watch_finish(dla_watch *watch, double deadline, bool delete_gone,
                            dla_watch_summary *summary, dla_error *err);
void dla_watch_summary_free(dla_watch_summary *summary);

#endif
