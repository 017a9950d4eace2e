/* The place of a job's input or output, and how it is reached. */
#ifndef DLA_JOB_PLACE_H
#define DLA_JOB_PLACE_H

#include <jansson.h>

#include "config/config.h"
#include "staging/observer.h"
#include "staging/settings.h"
#include "staging/transfer/filter.h"

typedef struct dla_place {
  dla_secret *location; /* s3://bucket/path or http(s)://..., which may hold a password */
  dla_stage_settings settings;
  bool http;
  /* Which files are meant. Owned, with the patterns' texts in a JSON array. */
  dla_filter *filters;
  size_t filter_count;
  json_t *patterns;
  bool strict; /* of an input, see staging/transfer/stage.h */
} dla_place;

/* place->location is NULL where the input (the output) is local. Free in any case. */
dla_status dla_place_input(const dla_config *config, dla_place *place, dla_error *err);
dla_status dla_place_output(const dla_config *config, dla_place *place, dla_error *err);
void dla_place_free(dla_place *place);

/* Gets what the place holds into the folder, unless it is local. Then everything in the folder gets
 * the mode; -1: none. */
dla_status dla_place_fetch(const dla_place *from, const char *folder, int64_t mode,
                           const dla_stage_observer *observer, dla_stage_outcome *outcome,
                           dla_error *err);

#endif
