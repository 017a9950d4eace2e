/* A place: s3://bucket/prefix, http(s)://..., or a path. */
#ifndef DLA_STAGING_LOCATION_H
#define DLA_STAGING_LOCATION_H

#include <stdbool.h>

#include "staging/secret.h"

typedef enum dla_location_kind {
  DLA_LOCATION_PATH,
  DLA_LOCATION_HTTP,
  DLA_LOCATION_S3
} dla_location_kind;

typedef struct dla_location {
  dla_location_kind kind;
  char *bucket;                /* of S3 */
  char *path;                  /* a path; a URL without credentials; a key of S3 or the prefix of
                                * keys */
  char *shown;                 /* for people: no credentials, no query */
  dla_secret *user, *password; /* from a URL, or NULL */
} dla_location;

/* Its errors quote no part of a text that may hold a password. Free the location with
 * dla_location_free(), also after a failure. */
dla_status dla_location_parse(const char *text, dla_location *location, dla_error *err);
void dla_location_free(dla_location *location);

/* Cuts the last part off the path, so that the location becomes its folder. *name is that part, or
 * "" where the path ends with a slash; the caller frees it. A URL stays as it is, and its *name is
 * percent-decoded. */
dla_status dla_location_split(dla_location *location, char **name, dla_error *err);

#endif
