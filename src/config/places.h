/* Where a run's input comes from and its output goes to: the keys of input and output. */
#ifndef DLA_CONFIG_PLACES_H
#define DLA_CONFIG_PLACES_H

#include "config/config.h"
#include "config/schema.h"

/* What the keys of S3's options are called. */
extern const dla_s3_option_names dla_config_input_s3, dla_config_output_s3;

/* At most one place for each, and nothing that is said of another one. path is the file's; NULL:
 * there is none. */
dla_status dla_config_check_places(const dla_config *config, const char *path, dla_error *err);

/* Is it a key of the input or the output, whose place was given to this configuration? */
bool dla_config_has_place_of(const dla_config *config, const dla_key *key);

#endif
