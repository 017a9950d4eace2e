/* What the server says about one object: its size, its ETag, its SHA-256. */
#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "staging/storage/s3.h"

/* The answer to a HEAD has no body: a GET of a byte tells what is wrong. */
static dla_status explain_head(const dla_s3 *s3, const char *key, dla_error *err)
{
  dla_http_response response;
  dla_s3_call call = {.method = "GET", .key = key, .header = {"Range: bytes=0-0"}};
  dla_status status = dla_s3_send(s3, &call, "read", false, &response, err);
  dla_http_response_free(&response);
  return status ? status : dla_fail(err, DLA_E_IO, key, "try again", "the server denied a HEAD");
}

dla_status dla_s3_head(dla_storage *storage, const char *key, dla_object *object, bool *found,
                       dla_error *err)
{
  const dla_s3 *s3 = (const dla_s3 *)storage;
  dla_s3_request request;
  dla_http_response response = {0};
  dla_s3_call call = {.method = "HEAD", .key = key};
  dla_status status = dla_s3_request_init(&request, s3, &call, err);
  if (!status) status = dla_http_send(s3->http, &request.http, &response, err);
  *found = !status && dla_http_succeeded(&response);
  if (!status && !*found && response.code != 404) status = explain_head(s3, key, err);
  if (*found) {
    object->size = response.headers.length;
    dla_object_set_etag(object, response.headers.etag);
    snprintf(object->sha256, sizeof object->sha256, "%s", response.headers.sha256);
  }
  dla_http_response_free(&response);
  dla_s3_request_free(&request);
  return status;
}

bool dla_s3_etag_is_md5(const char *etag)
{
  return strlen(etag) == 32 && strspn(etag, "0123456789abcdefABCDEF") == 32;
}

dla_digest_kinds dla_s3_sent_kinds(const dla_s3 *s3)
{
  return s3->settings->secret_key ? DLA_DIGEST_SHA256 : DLA_DIGEST_BOTH;
}

dla_status dla_s3_check_sent(const dla_headers *headers, const char *md5, const char *key,
                             dla_error *err)
{
  dla_object stored = {0};
  dla_object_set_etag(&stored, headers->etag);
  if (!dla_s3_etag_is_md5(stored.etag) || headers->etag_is_no_md5 || !md5[0]) return DLA_OK;
  if (strcasecmp(stored.etag, md5) == 0) return DLA_OK;
  return dla_fail(err, DLA_E_IO, key, "upload it again",
                  "the server stored other bytes than were sent");
}
