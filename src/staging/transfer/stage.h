/* Moves data to and from the place where a job runs: folders and files, HTTP(S), S3. */
#ifndef DLA_STAGING_TRANSFER_STAGE_H
#define DLA_STAGING_TRANSFER_STAGE_H

#include "staging/observer.h"
#include "staging/settings.h"
#include "staging/transfer/filter.h"

typedef enum dla_stage_act {
  /* Gets the source into the folder dest. A single file, by HTTP or by path, is unpacked if it is
   * an archive; S3 objects are copied as they are. */
  DLA_ACT_GET,
  DLA_ACT_PUT,  /* puts a file or folder to dest; over HTTP, several files go as one zip */
  DLA_ACT_SYNC, /* syncs a folder and S3, either way, or two folders */
} dla_stage_act;

typedef struct dla_stage_request {
  dla_stage_act act;
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

dla_status dla_stage(const dla_stage_request *request, const dla_stage_settings *settings,
                     const dla_stage_observer *observer, dla_stage_outcome *outcome,
                     dla_error *err);

#endif
