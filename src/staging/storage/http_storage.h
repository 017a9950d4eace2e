/* A URL as a storage: its one object is what it names, whatever the key. */
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

/* The error that an answer means which is no success. */
dla_status dla_http_explain(const char *name, const char *action, const dla_http_response *response,
                            dla_error *err);

/* Downloads into the file `stem`. If it is there from before, with STEM.meta beside it, the server
 * is only asked whether it changed (*unchanged, which may be NULL). What a broken download left in
 * STEM.part is gone on with where the server can. sha256 may be empty. */
dla_status dla_http_download(const dla_http_storage *storage, const char *stem, const char *sha256,
                             bool *unchanged, dla_error *err);
/* Deletes what such a download left, and what goes with it. */
void dla_http_forget(const char *stem);

#endif
