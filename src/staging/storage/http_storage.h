/* A URL as a storage. Its one object is the URL's content, whatever the key. */
#ifndef DLA_STAGING_STORAGE_HTTP_STORAGE_H
#define DLA_STAGING_STORAGE_HTTP_STORAGE_H

#include "staging/storage/storage.h"

typedef struct dla_http_storage {
  dla_storage base;
  dla_http *http; /* owned */
  char *url, *shown;
  dla_secret *user, *password;
} dla_http_storage;

/* Takes the secrets from the location. */
dla_status dla_http_storage_new(dla_location *location, dla_http *http, dla_storage **storage,
                                dla_error *err);

/* A request for the URL, with its credentials. */
dla_http_request dla_http_storage_request(const dla_http_storage *storage, const char *method);

/* Makes the error for an answer that is no success. */
dla_status dla_http_explain(const char *name, const char *action, const dla_http_response *response,
                            dla_error *err);

/* Downloads into the file `stem`. If the file exists, with STEM.meta beside it, the server is only
 * asked whether it changed; *unchanged tells (unchanged may be NULL). If STEM.part holds a broken
 * download, it goes on from there where the server can. sha256 may be empty. */
dla_status dla_http_download(const dla_http_storage *storage, const char *stem, const char *sha256,
                             bool *unchanged, dla_error *err);
/* Deletes such a download, and its STEM.meta. */
void dla_http_forget(const char *stem);

#endif
