/* The profiles of the AWS tools: ~/.aws/credentials and ~/.aws/config. */
#ifndef DLA_STAGING_PROFILE_H
#define DLA_STAGING_PROFILE_H

#include "staging/settings.h"

/* Fills what the settings do not have yet: the key, the region, the endpoint. A profile that was
 * asked for by name (NULL: by AWS_PROFILE, or the one called "default") and is not there is noted:
 * whoever needs no key needs no profile. */
dla_status dla_profile_read(dla_stage_settings *settings, const char *name, dla_error *err);

/* Calls back for each "key = value" of the section; for any text. False: there is no such section.
 * Neither string outlives the call. */
typedef void dla_profile_found(void *context, const char *key, const char *value);
bool dla_profile_parse(char *text, const char *section, dla_profile_found *found, void *context);

#endif
