/* A 307: S3 sends a request to the bucket's region. The request is signed anew for it. */
#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "staging/storage/s3.h"
#include "staging/storage/s3_xml.h"

/* Credentials do not go from https to http, and http does not silently turn into https. */
static bool is_same_scheme(const char *a, const char *b)
{
  size_t length = strcspn(a, ":") + 3;
  return strncasecmp(a, b, length) == 0 && !memchr(b, '@', dla_url_authority(b));
}

static char *from_location(const char *url, const char *location)
{
  dla_strbuf target = {0};
  if (location[0] == '/' && location[1] != '/') /* the same host */
    dla_strbuf_printf(&target, "%.*s%s", (int)dla_url_authority(url), url, location);
  else
    dla_strbuf_printf(&target, "%s", location);
  if (!target.failed && is_same_scheme(url, target.text)) return target.text;
  dla_strbuf_free(&target);
  return NULL;
}

/* The endpoint is "bucket.s3.eu-west-1.amazonaws.com", or lacks the bucket; then the bucket goes
 * into the path. */
static char *from_endpoint(const dla_s3 *s3, const char *url, const char *endpoint)
{
  const char *path = url + strlen(s3->bucket_url); /* "/KEY?QUERY" */
  size_t bucket = strlen(s3->bucket);
  bool in_host = strncmp(endpoint, s3->bucket, bucket) == 0 && endpoint[bucket] == '.';
  if (!endpoint[0] || endpoint[strcspn(endpoint, "/@?# ")]) return NULL;
  dla_strbuf target = {0};
  dla_strbuf_printf(&target, "%.*s%s", (int)strcspn(url, ":") + 3, url, endpoint);
  if (!in_host) {
    dla_strbuf_printf(&target, "/");
    dla_s3_encode(&target, s3->bucket, false);
  }
  dla_strbuf_printf(&target, "%s", path);
  if (!target.failed) return target.text;
  dla_strbuf_free(&target);
  return NULL;
}

char *dla_s3_elsewhere(const dla_s3_request *request, const dla_http_response *response)
{
  const char *url = request->url.text, *location = response->headers.location;
  dla_s3_error error;
  if (location[0]) return from_location(url, location);
  dla_s3_read_error(dla_strbuf_text(&response->body), response->body.length, &error);
  return from_endpoint(request->s3, url, error.endpoint);
}
