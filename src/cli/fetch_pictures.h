/* Pictures at URLs, fetched into a temporary folder to be looked at there. */
#ifndef DLA_CLI_FETCH_PICTURES_H
#define DLA_CLI_FETCH_PICTURES_H

#include "process/argv.h"

typedef struct dla_fetched dla_fetched;

/* Told of each URL that nothing came from. */
typedef void dla_fetch_refusal(void *context, const dla_error *why);

/* Fetches what of the paths is a URL (http, https, s3) and puts the file that came, or the folder
 * of all under an S3 prefix, in its place; one that nothing came from goes. *fetched is NULL where
 * there is no URL. Free it when the files are done with: they go with it. */
dla_status dla_fetch_pictures(dla_argv *paths, dla_fetch_refusal *refuse, void *context,
                              dla_fetched **fetched, dla_error *err);
/* Of a path that lies in what was fetched: the URL, without its secrets, and what is below it; the
 * caller frees it. NULL: it does not lie there, or there is no memory. */
char *dla_fetched_name(const dla_fetched *fetched, const char *path);
void dla_fetched_free(dla_fetched *fetched);

#endif
