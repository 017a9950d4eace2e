/* Moving data to where a job runs and back: folders and files, HTTP(S), S3. */
#ifndef DLA_STAGING_TRANSFER_STAGE_H
#define DLA_STAGING_TRANSFER_STAGE_H

#include "staging/observer.h"
#include "staging/settings.h"
#include "staging/transfer/filter.h"

typedef struct dla_stage_request {
  const char *source, *dest; /* s3://bucket/prefix, http(s)://..., or a path */
  bool dry_run;              /* tell what would be done, and do nothing */
  bool delete_gone;          /* of sync: delete what the source has no more */
  const dla_filter *filters; /* of more than one file: which ones */
  size_t filter_count;
  /* An object whose key cannot be the name of a file is told and skipped, and in the end an error;
   * strict: it is one at once, and nothing is moved; lenient: it is none. */
  bool strict, lenient;
} dla_stage_request;

/* Into the folder dest. A single file, by HTTP or by path, is unpacked if it is an archive; S3
 * objects are copied as they are. */
dla_status dla_stage_get(const dla_stage_request *request, const dla_stage_settings *settings,
                         const dla_stage_observer *observer, dla_stage_outcome *outcome,
                         dla_error *err);

/* From a file or folder. Over HTTP, several files go as one zip. */
dla_status dla_stage_put(const dla_stage_request *request, const dla_stage_settings *settings,
                         const dla_stage_observer *observer, dla_stage_outcome *outcome,
                         dla_error *err);

/* Between a folder and S3, either way, or between folders. */
dla_status dla_stage_sync(const dla_stage_request *request, const dla_stage_settings *settings,
                          const dla_stage_observer *observer, dla_stage_outcome *outcome,
                          dla_error *err);

#endif
