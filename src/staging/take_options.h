/* From what a user says to the settings of a transfer: for `stage` and for jobs alike. */
#ifndef DLA_STAGING_TAKE_OPTIONS_H
#define DLA_STAGING_TAKE_OPTIONS_H

#include "staging/s3_options.h"
#include "staging/settings.h"

/* The defaults, what AWS_* and the profile say, and over them the options. The customer's key is
 * read from its file. On failure nothing needs freeing. An error names the option, and quotes no
 * key. */
dla_status dla_stage_settings_with(dla_stage_settings *settings, const dla_s3_options *options,
                                   const dla_s3_option_names *names, dla_error *err);

/* What a single download must have, in hexadecimal digits. */
dla_status dla_stage_take_sha256(dla_stage_settings *settings, const char *what, const char *text,
                                 dla_error *err);
/* Then files from twice the size of a part on go in parts. */
void dla_stage_set_part_size(dla_stage_settings *settings, double mib);
/* How many transfers at once, of files and of parts of one. */
void dla_stage_set_parallel(dla_stage_settings *settings, int count);

#endif
