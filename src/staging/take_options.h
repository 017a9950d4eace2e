/* Turns what a user sets into the settings of a transfer, for `stage` and for jobs. */
#ifndef DLA_STAGING_TAKE_OPTIONS_H
#define DLA_STAGING_TAKE_OPTIONS_H

#include "staging/s3_options.h"
#include "staging/settings.h"

/* Takes the defaults, what AWS_* and the profile say, and over them the options. Reads the
 * customer's key from its file. On failure nothing needs freeing. An error names the option, and
 * quotes no key. */
dla_status dla_stage_settings_with(dla_stage_settings *settings, const dla_s3_options *options,
                                   const dla_s3_option_names *names, dla_error *err);

/* Sets the SHA-256 that a single download must have, in hexadecimal digits. */
dla_status dla_stage_take_sha256(dla_stage_settings *settings, const char *what, const char *text,
                                 dla_error *err);
/* Files that are at least twice as large as a part go in parts then. */
void dla_stage_set_part_size(dla_stage_settings *settings, double mib);
/* Sets how many transfers run at once, both files and parts of one file. */
void dla_stage_set_parallel(dla_stage_settings *settings, int count);

#endif
