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
  dla_secret *token_header; /* NULL: no session token */
  dla_secret *customer[3];  /* headers of a key that encrypts here; NULL: none */
  char *create[4];          /* headers for what is made: encryption, storage class; NULL: no more */
} dla_s3;

dla_status dla_s3_storage_new(const dla_location *location, dla_http *http, dla_storage **storage,
                              dla_error *err);

/* What the settings say: the key, the headers, the bucket's URL. */
dla_status dla_s3_set_up(dla_s3 *s3, dla_error *err);

/* What a call does with an object, which tells the headers that it needs. */
typedef enum dla_s3_use {
  DLA_S3_OTHER,
  DLA_S3_READ,
  DLA_S3_WRITE_PART,
  DLA_S3_CREATE /* an object, or an upload in parts */
} dla_s3_use;

typedef struct dla_s3_call dla_s3_call;

/* A request to S3. */
struct dla_s3_call {
  const char *method;
  const char *key;   /* relative to the prefix; NULL: the bucket itself */
  const char *query; /* encoded, sorted; NULL: none */
  const char *body;  /* text, or a range of a file with its SHA-256 */
  bool has_file;
  int file;
  uint64_t file_offset, file_size;
  const char *payload_sha256; /* NULL: that of body */
  const char *header[2];
  dla_s3_use use;
  const dla_http_sink *sink;
  bool unstoppable; /* see http.h */
  /* What a 2xx answer has to be: XML with that root, or what accepts() takes. NULL: anything. */
  const char *root;
  bool (*accepts)(const dla_s3_call *call, const dla_http_response *response);
  /* See http.h. */
  bool (*carried_out)(const dla_s3 *s3, const dla_s3_call *call);
  const void *context; /* for both */
};

/* The call as an HTTP request, ready for one attempt or more. It stays where it is. */
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

/* Carries the call out, with retries. An answer that is no success becomes an error that says what
 * is wrong (action: "upload"), except 404 where that is allowed. Free the response in any case. */
dla_status dla_s3_send(const dla_s3 *s3, const dla_s3_call *call, const char *action,
                       bool allow_missing, dla_http_response *response, dla_error *err);

/* For `accepts` of a call that deletes: nothing comes back then. */
bool dla_s3_says_nothing(const dla_s3_call *call, const dla_http_response *response);

/* The error that such an answer means. */
dla_status dla_s3_explain(const dla_s3 *s3, const char *name, const char *action,
                          const dla_http_response *response, dla_error *err);

/* Is a 2xx answer a web page that somebody has put in the place of S3's? */
bool dla_s3_is_page(const dla_http_response *response);
dla_status dla_s3_fail_page(const char *name, const char *action, const dla_http_response *response,
                            dla_error *err);

/* Where a 307 sends a request to, in the same scheme; see http.h. */
char *dla_s3_elsewhere(const dla_s3_request *request, const dla_http_response *response);

/* Percent-encodes all but letters, digits and -._~; optionally not the slash. */
void dla_s3_encode(dla_strbuf *out, const char *text, bool keep_slash);

/* The operations that need a file of their own. */
dla_status dla_s3_get(dla_storage *storage, const dla_object *object, const char *path,
                      dla_error *err);
dla_status dla_s3_put(dla_storage *storage, const char *key, int file, const char *name,
                      const char *sha256, dla_error *err);
dla_status dla_s3_head(dla_storage *storage, const char *key, dla_object *object, bool *found,
                       dla_error *err);

/* What is sent under a key, to find it again. */
typedef struct dla_s3_sent {
  int file;
  uint64_t size;
  dla_digest digest; /* as far as it is known */
} dla_s3_sent;

/* A file in parts. */
dla_status dla_s3_put_parts(const dla_s3 *s3, const char *key, const dla_s3_sent *sent,
                            dla_error *err);
/* Does the server hold it? Where nothing tells what bytes it holds: no. */
bool dla_s3_holds(const dla_s3 *s3, const char *key, const dla_s3_sent *sent);

/* Which digests of the sent bytes are needed. A signed request carries a SHA-256, and the server
 * refuses other bytes; then the MD5 serves to know its answer, where it costs little. Without a
 * signature only the ETag tells what has arrived. */
dla_digest_kinds dla_s3_sent_kinds(const dla_s3 *s3, uint64_t size);
/* Is the answer's ETag that of the bytes, as far as it can be known? */
bool dla_s3_has_etag_of(const dla_http_response *response, const char *md5);

/* Is it an MD5: what the ETag is of an object uploaded in one piece? */
bool dla_s3_etag_is_md5(const char *etag);

#endif
