/* The profiles of the AWS tools: ~/.aws/credentials and ~/.aws/config. */
#ifndef DLA_STAGING_PROFILE_H
#define DLA_STAGING_PROFILE_H

#include <stdbool.h>

/* Called for each "key = value" of a profile. Neither string outlives the call. */
typedef void dla_profile_found(void *context, const char *key, const char *value);

/* Reads the profile from both files, the credentials first. Returns false if neither has it. */
bool dla_profile_read(const char *name, dla_profile_found *found, void *context);

/* The same for one section of a text. It changes the text. */
bool dla_profile_parse(char *text, const char *section, dla_profile_found *found, void *context);

#endif
