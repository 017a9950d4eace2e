/* The signature of a request to S3: AWS Signature Version 4, in the Authorization header. */
#ifndef DLA_STAGING_STORAGE_S3_SIGN_H
#define DLA_STAGING_STORAGE_S3_SIGN_H

#include <time.h>

#include "base/strbuf.h"
#include "dla/status.h"
#include "staging/transport/http.h"

typedef struct dla_s3_signer {
  const char *access_key, *secret_key, *region;
} dla_s3_signer;

/* Fills `added` with the headers that are sent beside the request's own: Host, the date, and the
 * signature of them all. The request's headers ("Name: value", NULL behind the last) include
 * x-amz-content-sha256. Path and query of the URL are signed the way servers write them, however
 * the URL writes them: encoded, sorted, each name with a "=". The caller frees `added`, also after
 * an error. */
dla_status dla_s3_sign(const dla_s3_signer *signer, const char *method, const char *url,
                       const char *const headers[DLA_HTTP_HEADERS], time_t now,
                       dla_strbuf added[DLA_HTTP_ADDED], dla_error *err);

#endif
