/* From the configuration's words to a place that src/staging understands. */
#ifndef DLA_CLI_STAGE_PLACE_H
#define DLA_CLI_STAGE_PLACE_H

#include "config/config.h"
#include "staging/settings.h"

typedef struct dla_stage_place {
  dla_secret *location; /* s3://bucket/path or http(s)://..., which may hold a password */
  dla_stage_settings settings;
  bool http;
} dla_stage_place;

/* place->location is NULL where the input (the output) is local. Free in any case. */
dla_status dla_stage_place_input(const dla_config *config, dla_stage_place *place, dla_error *err);
dla_status dla_stage_place_output(const dla_config *config, dla_stage_place *place, dla_error *err);
void dla_stage_place_free(dla_stage_place *place);

#endif
