/* What the server tells of one object: size, ETag, SHA-256. */
#include <stdio.h>
#include <strings.h>

#include "staging/storage/s3.h"

/* The answer to a HEAD has no body, so this asks for one byte by GET to learn what is wrong. */
static dla_status explain_head(const dla_s3 *s3, const char *key, dla_error *err)
{
  dla_http_response response;
  dla_s3_call call = {
      .method = "GET", .key = key, .header = {"Range: bytes=0-0"}, .use = DLA_S3_READ};
  dla_status status = dla_s3_send(s3, &call, "read", false, &response, err);
  dla_http_response_free(&response);
  return status ? status : dla_fail(err, DLA_E_IO, key, "try again", "the server denied a HEAD");
}

static void take(dla_object *object, const dla_headers *h)
{
  object->size = h->length;
  dla_object_set_etag(object, h->etag);
  snprintf(object->sha256, sizeof object->sha256, "%s",
           h->sha256[0] ? h->sha256 : h->checksum.sha256);
}

dla_status dla_s3_head(dla_storage *storage, const char *key, dla_object *object, bool *found,
                       dla_error *err)
{
  const dla_s3 *s3 = (const dla_s3 *)storage;
  dla_s3_request request;
  dla_http_response response = {0};
  dla_s3_call call = {.method = "HEAD", .key = key, .use = DLA_S3_READ};
  dla_status status = dla_s3_request_init(&request, s3, &call, err);
  if (!status) status = dla_http_send(s3->http, &request.http, &response, err);
  if (!status && dla_http_succeeded(&response) && dla_s3_is_page(&response))
    status = dla_s3_fail_page(request.name.text, "look at the object", &response, err);
  *found = !status && response.code == 200;
  if (!status && !*found && response.code != 404) status = explain_head(s3, key, err);
  if (*found) take(object, &response.headers);
  dla_http_response_free(&response);
  dla_s3_request_free(&request);
  return status;
}

/* Tries twice. With more tries, a server that is gone would take twice as long. */
static bool ask(const dla_s3 *s3, const char *key, dla_headers *headers)
{
  dla_s3_call call = {.method = "HEAD", .key = key, .use = DLA_S3_READ};
  bool found = false;
  for (int i = 0; i < 2 && !found; i++) {
    dla_s3_request request;
    dla_http_response response = {0};
    if (dla_s3_request_init(&request, s3, &call, NULL)) return false;
    dla_retry retry = dla_http_retry(s3->http, request.name.text);
    dla_status status = dla_http_attempt(s3->http, &request.http, retry.deadline, &response, NULL);
    found = !status && response.code == 200;
    *headers = response.headers;
    bool may_pass = dla_http_may_pass(&response, status);
    dla_http_response_free(&response);
    dla_s3_request_free(&request);
    if (!may_pass) break;
  }
  return found;
}

bool dla_s3_holds(const dla_s3 *s3, const char *key, const dla_s3_sent *sent)
{
  dla_headers h;
  dla_digest digest = sent->digest;
  dla_object object = {0};
  if (!ask(s3, key, &h) || !h.has_length || h.length != sent->size) return false;
  take(&object, &h);
  if (dla_s3_etag_is_md5(object.etag) && !h.etag_is_no_md5) {
    if (!digest.md5[0] &&
        dla_digest_range(sent->file, key, 0, sent->size, DLA_DIGEST_MD5, &digest, NULL))
      return false;
    if (digest.md5[0]) return strcasecmp(object.etag, digest.md5) == 0;
  }
  return object.sha256[0] && strcasecmp(object.sha256, sent->digest.sha256) == 0;
}
