/* The S3 storage's parts among themselves. */
#ifndef DLA_STAGING_STORAGE_S3_H
#define DLA_STAGING_STORAGE_S3_H

#include "staging/digest.h"
#include "staging/storage/storage.h"

typedef struct dla_s3 {
  dla_storage base;
  dla_http *http; /* owned */
  const dla_stage_settings *settings;
  dla_meter *meter;
  char *bucket_url;      /* "https://bucket.s3.REGION.amazonaws.com", "http://HOST:PORT/bucket" */
  char *bucket, *prefix; /* the prefix is empty or ends with a slash */
  char sigv4[96];
  dla_secret *token_header; /* NULL: no session token */
} dla_s3;

dla_status dla_s3_storage_new(const dla_location *location, dla_http *http, dla_storage **storage,
                              dla_error *err);

/* A request to S3. */
typedef struct dla_s3_call {
  const char *method;
  const char *key;   /* relative to the prefix; NULL: the bucket itself */
  const char *query; /* encoded, sorted; NULL: none */
  const char *body;  /* text, or a range of a file with its SHA-256 */
  bool has_file;
  int file;
  uint64_t file_offset, file_size;
  const char *payload_sha256; /* NULL: that of body */
  const char *header[2];
  const dla_http_sink *sink;
  bool unstoppable; /* see http.h */
} dla_s3_call;

/* The call as an HTTP request, ready for one attempt or more. */
typedef struct dla_s3_request {
  dla_http_request http;
  dla_strbuf url, name;
  char payload_header[96];
} dla_s3_request;

dla_status dla_s3_request_init(dla_s3_request *request, const dla_s3 *s3, const dla_s3_call *call,
                               dla_error *err);
void dla_s3_request_free(dla_s3_request *request);

/* Carries the call out, with retries. An answer that is no success becomes an error that says what
 * is wrong (action: "upload"), except 404 where that is allowed. Free the response in any case. */
dla_status dla_s3_send(const dla_s3 *s3, const dla_s3_call *call, const char *action,
                       bool allow_missing, dla_http_response *response, dla_error *err);

/* The error that such an answer means. */
dla_status dla_s3_explain(const dla_s3 *s3, const char *name, const char *action,
                          const dla_http_response *response, dla_error *err);

/* Percent-encodes all but letters, digits and -._~; optionally not the slash. */
void dla_s3_encode(dla_strbuf *out, const char *text, bool keep_slash);

/* The operations that need a file of their own. */
dla_status dla_s3_get(dla_storage *storage, const dla_object *object, const char *path,
                      dla_error *err);
dla_status dla_s3_put(dla_storage *storage, const char *key, const char *path, const char *sha256,
                      dla_error *err);
dla_status dla_s3_head(dla_storage *storage, const char *key, dla_object *object, bool *found,
                       dla_error *err);
/* A file in parts; sha256 is the whole file's. */
dla_status dla_s3_put_parts(const dla_s3 *s3, const char *key, int file, uint64_t size,
                            const char *sha256, dla_error *err);

/* Which digests of the sent bytes are needed. A signed request carries a SHA-256, and the server
 * refuses other bytes. Without a signature only the ETag tells what has arrived. */
dla_digest_kinds dla_s3_sent_kinds(const dla_s3 *s3);
/* Compares our MD5 with the answer's ETag, if both are there. */
dla_status dla_s3_check_sent(const dla_headers *headers, const char *md5, const char *key,
                             dla_error *err);

/* Is it an MD5: what the ETag is of an object uploaded in one piece? */
bool dla_s3_etag_is_md5(const char *etag);

#endif
