/* Shared by the files of the S3 storage. */
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
  dla_secret *token_header; /* NULL: no session token */
  dla_secret *customer[3];  /* SSE-C headers with the customer's key; NULL: none */
  char *create[4];          /* headers for new objects: encryption, storage class; NULL behind the
                             * last */
} dla_s3;

dla_status dla_s3_storage_new(const dla_location *location, dla_http *http, dla_storage **storage,
                              dla_error *err);

/* Sets up the keys, the headers and the bucket's URL, from the settings. */
dla_status dla_s3_set_up(dla_s3 *s3, dla_error *err);

/* What a call does with an object. It decides which headers the call needs. */
typedef enum dla_s3_use {
  DLA_S3_OTHER,
  DLA_S3_READ,
  DLA_S3_WRITE_PART,
  DLA_S3_CREATE /* makes an object, or begins an upload in parts */
} dla_s3_use;

typedef struct dla_s3_call dla_s3_call;

/* A call to S3. */
struct dla_s3_call {
  const char *method;
  const char *key;   /* relative to the prefix; NULL: the bucket itself */
  const char *query; /* encoded, sorted; NULL: none */
  const char *body;  /* what to send: text, or a range of a file with its SHA-256 */
  bool has_file;
  int file;
  uint64_t file_offset, file_size;
  const char *payload_sha256; /* NULL: computed from body */
  const char *header[2];
  dla_s3_use use;
  const dla_http_sink *sink;
  bool unstoppable; /* see http.h */
  /* What a 2xx answer has to be: XML with this root, or something that accepts() accepts. Both
   * NULL: anything. */
  const char *root;
  bool (*accepts)(const dla_s3_call *call, const dla_http_response *response);
  /* See http.h. */
  bool (*carried_out)(const dla_s3 *s3, const dla_s3_call *call);
  const void *context; /* for accepts() and carried_out() */
};

/* A call as an HTTP request, for one attempt or more. Do not move it in memory: it holds pointers
 * to itself. */
typedef struct dla_s3_request {
  dla_http_request http;
  dla_strbuf url, name;
  char payload_header[96];
  const dla_s3 *s3;
  const dla_s3_call *call;
} dla_s3_request;

dla_status dla_s3_request_init(dla_s3_request *request, const dla_s3 *s3, const dla_s3_call *call,
                               dla_error *err);
void dla_s3_request_free(dla_s3_request *request);

/* Makes the call, with retries. An answer that is no success becomes an error that says what is
 * wrong (action: "upload"). A 404 is no error where allow_missing is set. Free the response in any
 * case. */
dla_status dla_s3_send(const dla_s3 *s3, const dla_s3_call *call, const char *action,
                       bool allow_missing, dla_http_response *response, dla_error *err);

/* For accepts() of a call that deletes: S3 sends no body then. */
bool dla_s3_says_nothing(const dla_s3_call *call, const dla_http_response *response);

/* Makes the error for such an answer. */
dla_status dla_s3_explain(const dla_s3 *s3, const char *name, const char *action,
                          const dla_http_response *response, dla_error *err);

/* Whether a 2xx answer is a web page in place of S3's answer. */
bool dla_s3_is_page(const dla_http_response *response);
dla_status dla_s3_fail_page(const char *name, const char *action, const dla_http_response *response,
                            dla_error *err);

/* The URL that a 307 sends a request to, in the same scheme; see http.h. */
char *dla_s3_elsewhere(const dla_s3_request *request, const dla_http_response *response);

/* Percent-encodes all but letters, digits and -._~; with keep_slash, not the slash either. */
void dla_s3_encode(dla_strbuf *out, const char *text, bool keep_slash);

/* The operations that have files of their own. */
dla_status dla_s3_get(dla_storage *storage, const dla_object *object, const char *path,
                      dla_error *err);
dla_status dla_s3_put(dla_storage *storage, const char *key, int file, const char *name,
                      const char *sha256, dla_error *err);
dla_status dla_s3_head(dla_storage *storage, const char *key, dla_object *object, bool *found,
                       dla_error *err);

/* What is uploaded under a key: for finding out whether it arrived. */
typedef struct dla_s3_sent {
  int file;
  uint64_t size;
  dla_digest digest; /* the known ones */
} dla_s3_sent;

/* Uploads a file in parts. */
dla_status dla_s3_put_parts(const dla_s3 *s3, const char *key, const dla_s3_sent *sent,
                            dla_error *err);
/* Whether the server holds these bytes. False where nothing tells which bytes it holds. */
bool dla_s3_holds(const dla_s3 *s3, const char *key, const dla_s3_sent *sent);

/* Which digests of the sent bytes are needed. A signed request carries a SHA-256, and the server
 * refuses other bytes; the MD5 then only serves to check the answer, and is computed where it costs
 * little. Without a signature, only the ETag tells what has arrived. */
dla_digest_kinds dla_s3_sent_kinds(const dla_s3 *s3, uint64_t size);
/* Whether the answer's ETag is the one of the bytes, as far as that can be known. */
bool dla_s3_has_etag_of(const dla_http_response *response, const char *md5);

/* Whether the ETag is an MD5: it is for an object that was uploaded in one piece. */
bool dla_s3_etag_is_md5(const char *etag);

#endif
