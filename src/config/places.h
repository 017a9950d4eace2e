/* The places of a run's input and output: the keys of the sections input and output. */
#ifndef DLA_CONFIG_PLACES_H
#define DLA_CONFIG_PLACES_H

#include "config/config.h"
#include "config/schema.h"

/* The names of the S3 options' keys. */
extern const dla_s3_option_names dla_config_input_s3, dla_config_output_s3;

/* Checks that each has at most one place, and no keys of another place. path is the file's name;
 * NULL: there is no file. */
dla_status dla_config_check_places(const dla_config *config, const char *path, dla_error *err);

/* Whether it is a key of the input or output, and the place of that one was given to this
 * configuration. */
bool dla_config_has_place_of(const dla_config *config, const dla_key *key);

#endif
