/* Where a bucket is, and what needs but one request: list, head, delete. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/path.h"
#include "staging/storage/s3.h"
#include "staging/storage/s3_xml.h"

/* Adds a page's objects without the prefix; the prefix itself is a folder's mark, and no file. */
static dla_status take_page(const dla_s3 *s3, const dla_http_response *response,
                            dla_objects *objects, char **next, dla_error *err)
{
  size_t first = objects->count, prefix = strlen(s3->prefix);
  dla_status status =
      dla_s3_read_list(dla_strbuf_text(&response->body), response->body.length, objects, next, err);
  size_t kept = first;
  for (size_t i = first; i < objects->count; i++) {
    dla_object object = objects->item[i];
    bool mark = object.size == 0 && object.key[strlen(object.key) - 1] == '/';
    if (strncmp(object.key, s3->prefix, prefix) != 0 || mark) {
      free(object.key);
      continue;
    }
    memmove(object.key, object.key + prefix, strlen(object.key + prefix) + 1);
    objects->item[kept++] = object;
  }
  objects->count = kept;
  return status;
}

static dla_status list_page(const dla_s3 *s3, dla_objects *objects, char **token, dla_error *err)
{
  dla_strbuf query = {0};
  if (*token) {
    dla_strbuf_printf(&query, "continuation-token=");
    dla_s3_encode(&query, *token, false);
    dla_strbuf_printf(&query, "&");
  }
  dla_strbuf_printf(&query, "encoding-type=url&list-type=2&max-keys=1000&prefix=");
  dla_s3_encode(&query, s3->prefix, false);
  free(*token);
  *token = NULL;
  dla_http_response response = {0};
  dla_s3_call call = {.method = "GET", .query = query.text};
  dla_status status = query.failed ? dla_fail_memory(err, "a request") : DLA_OK;
  if (!status) status = dla_s3_send(s3, &call, "list the bucket", false, &response, err);
  if (!status) status = take_page(s3, &response, objects, token, err);
  dla_http_response_free(&response);
  dla_strbuf_free(&query);
  return status;
}

static dla_status list(dla_storage *storage, dla_objects *objects, dla_error *err)
{
  const dla_s3 *s3 = (const dla_s3 *)storage;
  char *token = NULL;
  dla_status status;
  do
    status = list_page(s3, objects, &token, err);
  while (!status && token);
  free(token);
  dla_objects_sort(objects);
  return status;
}

static dla_status remove_object(dla_storage *storage, const char *key, dla_error *err)
{
  const dla_s3 *s3 = (const dla_s3 *)storage;
  dla_http_response response;
  dla_s3_call call = {.method = "DELETE", .key = key};
  dla_status status = dla_s3_send(s3, &call, "delete", true, &response, err);
  dla_http_response_free(&response);
  return status;
}

static void free_storage(dla_storage *storage)
{
  dla_s3 *s3 = (dla_s3 *)storage;
  dla_http_free(s3->http);
  free(s3->bucket_url);
  free(s3->bucket);
  free(s3->prefix);
  dla_secret_free(s3->token_header);
  free(s3);
}

/* A name with dots fits no wildcard certificate; one with capitals is no host. */
static bool is_host_name(const char *bucket)
{
  return bucket[strspn(bucket, "abcdefghijklmnopqrstuvwxyz0123456789-")] == '\0';
}

static dla_status make_url(dla_s3 *s3, dla_error *err)
{
  const dla_stage_settings *s = s3->settings;
  char amazon[128];
  snprintf(amazon, sizeof amazon, "https://s3.%s.amazonaws.com", s->region);
  const char *endpoint = s->endpoint[0] ? s->endpoint : amazon;
  const char *host = strstr(endpoint, "://");
  if (!host || (strncmp(endpoint, "http://", 7) != 0 && strncmp(endpoint, "https://", 8) != 0))
    return dla_fail(err, DLA_E_INPUT, "AWS_ENDPOINT_URL", "https://host[:port]",
                    "the endpoint is no http(s) URL");
  if (strpbrk(host, "@?#"))
    return dla_fail(err, DLA_E_INPUT, "AWS_ENDPOINT_URL", "the keys are given apart, in AWS_*",
                    "the endpoint holds more than host and path");
  host += 3;
  int length = (int)strlen(endpoint);
  while (length && endpoint[length - 1] == '/')
    length--;
  bool virtual_host = s->style == DLA_S3_VIRTUAL_HOST ||
                      (s->style == DLA_S3_AUTO && !s->endpoint[0] && is_host_name(s3->bucket));
  int scheme = (int)(host - endpoint);
  dla_strbuf url = {0};
  if (virtual_host)
    dla_strbuf_printf(&url, "%.*s%s.%.*s", scheme, endpoint, s3->bucket, length - scheme, host);
  else {
    dla_strbuf_printf(&url, "%.*s/", length, endpoint);
    dla_s3_encode(&url, s3->bucket, false);
  }
  s3->bucket_url = url.text;
  return url.failed ? dla_fail_memory(err, "a URL") : DLA_OK;
}

static dla_status set_up_key(dla_s3 *s3, dla_error *err)
{
  const dla_stage_settings *s = s3->settings;
  const char *token = dla_secret_text(s->session_token);
  if (!s->access_key != !s->secret_key)
    return dla_fail(err, DLA_E_INPUT, s->access_key ? "AWS_SECRET_ACCESS_KEY" : "AWS_ACCESS_KEY_ID",
                    "set both, or none for a public bucket", "is not set");
  snprintf(s3->sigv4, sizeof s3->sigv4, "aws:amz:%s:s3", s->region);
  if (!token) return DLA_OK;
  dla_strbuf header = {0};
  dla_strbuf_printf(&header, "x-amz-security-token: %s", token);
  dla_status status = header.failed ? dla_fail_memory(err, "a session token") : DLA_OK;
  if (!status) status = dla_secret_new(header.text, header.length, &s3->token_header, err);
  if (header.text) explicit_bzero(header.text, header.length);
  dla_strbuf_free(&header);
  return status;
}

dla_status dla_s3_storage_new(const dla_location *location, dla_http *http, dla_storage **storage,
                              dla_error *err)
{
  static const dla_storage_operations operations = {.kind = DLA_LOCATION_S3,
                                                    .list = list,
                                                    .head = dla_s3_head,
                                                    .get = dla_s3_get,
                                                    .put = dla_s3_put,
                                                    .remove = remove_object,
                                                    .free = free_storage};
  dla_s3 *s3 = calloc(1, sizeof *s3);
  if (!s3) {
    dla_http_free(http);
    return dla_fail_memory(err, "S3");
  }
  s3->base.op = &operations;
  s3->http = http;
  s3->settings = dla_http_settings(http);
  s3->meter = dla_http_meter(http);
  s3->bucket = strdup(location->bucket);
  s3->prefix = dla_join_path(location->path, "");
  dla_status status = s3->bucket && s3->prefix ? DLA_OK : dla_fail_memory(err, "S3");
  if (!status) status = set_up_key(s3, err);
  if (!status) status = make_url(s3, err);
  if (status)
    free_storage(&s3->base);
  else
    *storage = &s3->base;
  return status;
}
