/* The location of a job's input or output, and how to access it. */
#ifndef DLA_JOB_PLACE_H
#define DLA_JOB_PLACE_H

#include <jansson.h>

#include "config/config.h"
#include "staging/observer.h"
#include "staging/settings.h"
#include "staging/transfer/filter.h"
#include "staging/transfer/watch.h"

typedef struct dla_place {
  dla_secret *location; /* s3://bucket/path or http(s)://...; may contain a password */
  dla_stage_settings settings;
  bool http;
  /* Which files to transfer. Owned, with the patterns' texts in a JSON array. */
  dla_filter *filters;
  size_t filter_count;
  json_t *patterns;
  bool strict; /* for an input; see staging/transfer/stage.h */
} dla_place;

/* place->location is NULL if the input (or output) is local. Free in any case. */
dla_status dla_place_input(const dla_config *config, dla_place *place, dla_error *err);
dla_status dla_place_output(const dla_config *config, dla_place *place, dla_error *err);
void dla_place_free(dla_place *place);

/* Fetches the place's files into the folder, unless it is local. Then sets the mode of everything
 * in the folder; -1: unchanged. */
dla_status dla_place_fetch(const dla_place *from, const char *folder, int64_t mode,
                           const dla_stage_observer *observer, dla_stage_outcome *outcome,
                           dla_error *err);

/* Starts to push the folder's files to the place, in S3 or a folder; a run's logs go before its
 * checkpoints. The place and the observer must outlive the watch. */
dla_status dla_place_watch(const dla_place *to, const char *folder,
                           const dla_stage_observer *observer, dla_watch **watch, dla_error *err);

#endif
