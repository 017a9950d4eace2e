/* Fetches pictures at URLs into a temporary folder. */
#ifndef DLA_CLI_FETCH_PICTURES_H
#define DLA_CLI_FETCH_PICTURES_H

#include "process/argv.h"

typedef struct dla_fetched dla_fetched;

/* Called for each URL from which nothing was fetched. */
typedef void dla_fetch_refusal(void *context, const dla_error *why);

/* Fetches the paths that are URLs (http, https, s3). Each is replaced by the fetched file, or for
 * an S3 prefix by the folder with all its files. A URL from which nothing was fetched is removed.
 * *fetched is NULL if there is no URL. Free it when the files are no longer needed: it deletes
 * them. */
dla_status dla_fetch_pictures(dla_argv *paths, dla_fetch_refusal *refuse, void *context,
                              dla_fetched **fetched, dla_error *err);
/* For a path among the fetched files: the URL without its secrets, and the part below it. The
 * caller frees it. NULL: it is no such path, or there is no memory. */
char *dla_fetched_name(const dla_fetched *fetched, const char *path);
void dla_fetched_free(dla_fetched *fetched);

#endif
