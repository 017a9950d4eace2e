/* Moves data to and from the place where a job runs: folders and files, HTTP(S), S3. */
#ifndef DLA_STAGING_TRANSFER_STAGE_H
#define DLA_STAGING_TRANSFER_STAGE_H

#include "staging/observer.h"
#include "staging/settings.h"
#include "staging/transfer/filter.h"

typedef struct dla_stage_request {
  const char *source, *dest; /* s3://bucket/prefix, http(s)://..., or a path */
  bool dry_run;              /* only tells what would be done */
  bool delete_gone;          /* for sync: delete what the source no longer has */
  const dla_filter *filters; /* which files, if there are several */
  size_t filter_count;
  /* For objects whose keys cannot be file names. By default they are reported and skipped, and the
   * transfer fails in the end. strict: it fails at once and moves nothing. lenient: it does not
   * fail. */
  bool strict, lenient;
} dla_stage_request;

/* Gets the source into the folder dest. A single file, by HTTP or by path, is unpacked if it is an
 * archive; S3 objects are copied as they are. */
dla_status dla_stage_get(const dla_stage_request *request, const dla_stage_settings *settings,
                         const dla_stage_observer *observer, dla_stage_outcome *outcome,
                         dla_error *err);

/* Puts a file or folder to dest. Over HTTP, several files go as one zip. */
dla_status dla_stage_put(const dla_stage_request *request, const dla_stage_settings *settings,
                         const dla_stage_observer *observer, dla_stage_outcome *outcome,
                         dla_error *err);

/* Syncs a folder and S3, either way, or two folders. */
dla_status dla_stage_sync(const dla_stage_request *request, const dla_stage_settings *settings,
                          const dla_stage_observer *observer, dla_stage_outcome *outcome,
                          dla_error *err);

#endif
