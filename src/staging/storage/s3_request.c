/* Makes the URL, headers and signature of a request. */
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "base/sha256.h"
#include "staging/storage/s3.h"
#include "staging/storage/s3_sign.h"
#include "staging/storage/s3_xml.h"

static void make_url(dla_s3_request *request, const dla_s3 *s3, const dla_s3_call *call)
{
  dla_strbuf_printf(&request->url, "%s/", s3->bucket_url);
  dla_strbuf_printf(&request->name, "s3://%s/", s3->bucket);
  if (call->key) {
    dla_s3_encode(&request->url, s3->prefix, true);
    dla_s3_encode(&request->url, call->key, true);
    dla_strbuf_printf(&request->name, "%s%s", s3->prefix, call->key);
  }
  if (call->query) dla_strbuf_printf(&request->url, "?%s", call->query);
}

static void add_header(dla_http_request *request, const char *header)
{
  for (int i = 0; header && i < DLA_HTTP_HEADERS; i++) {
    if (request->headers[i]) continue;
    request->headers[i] = header;
    return;
  }
}

static void add_headers(dla_http_request *request, const dla_s3 *s3, const dla_s3_call *call)
{
  add_header(request, dla_secret_text(s3->token_header));
  for (int i = 0; i < 2; i++)
    add_header(request, call->header[i]);
  if (s3->settings->requester_pays) add_header(request, "x-amz-request-payer: requester");
  for (int i = 0; i < 3 && call->use != DLA_S3_OTHER; i++)
    add_header(request, dla_secret_text(s3->customer[i]));
  for (int i = 0; i < 4 && call->use == DLA_S3_CREATE; i++)
    add_header(request, s3->create[i]);
}

static bool accepts(const void *context, const dla_http_response *response)
{
  const dla_s3_call *call = ((const dla_s3_request *)context)->call;
  if (call->root)
    return dla_s3_has_root(dla_strbuf_text(&response->body), response->body.length, call->root);
  return !call->accepts || call->accepts(call, response);
}

static bool carried_out(const void *context)
{
  const dla_s3_request *request = context;
  return request->call->carried_out(request->s3, request->call);
}

static dla_status sign(const void *context, const char *url, dla_strbuf added[DLA_HTTP_ADDED],
                       dla_error *err)
{
  const dla_s3_request *request = context;
  const dla_stage_settings *s = request->s3->settings;
  const dla_s3_signer signer = {.access_key = dla_secret_text(s->access_key),
                                .secret_key = dla_secret_text(s->secret_key),
                                .region = s->region};
  return dla_s3_sign(&signer, request->http.method, url, request->http.headers, time(NULL), added,
                     err);
}

static char *elsewhere(const void *context, const dla_http_response *response)
{
  return dla_s3_elsewhere(context, response);
}

dla_status dla_s3_request_init(dla_s3_request *request, const dla_s3 *s3, const dla_s3_call *call,
                               dla_error *err)
{
  char sha256[DLA_SHA256_TEXT];
  const char *body = call->body ? call->body : "", *payload = call->payload_sha256;
  *request = (dla_s3_request){.s3 = s3, .call = call};
  make_url(request, s3, call);
  if (request->url.failed || request->name.failed) return dla_fail_memory(err, "a request");
  dla_status status = payload ? DLA_OK : dla_sha256(body, strlen(body), sha256, err);
  if (status) return status;
  snprintf(request->payload_header, sizeof request->payload_header, "x-amz-content-sha256: %s",
           payload ? payload : sha256);
  request->http = (dla_http_request){
      .method = call->method,
      .url = request->url.text,
      .name = request->name.text,
      .body = call->body,
      .has_file = call->has_file,
      .file = call->file,
      .file_offset = call->file_offset,
      .file_size = call->file_size,
      .sink = call->sink,
      .unstoppable = call->unstoppable,
      .context = request,
      .sign = s3->settings->access_key ? sign : NULL,
      .accepts = accepts,
      .carried_out = call->carried_out ? carried_out : NULL,
      .elsewhere = elsewhere,
  };
  add_header(&request->http, request->payload_header);
  add_headers(&request->http, s3, call);
  return DLA_OK;
}

void dla_s3_request_free(dla_s3_request *request)
{
  dla_strbuf_free(&request->url);
  dla_strbuf_free(&request->name);
}

bool dla_s3_says_nothing(const dla_s3_call *call, const dla_http_response *response)
{
  (void)call;
  return response->body.length == 0;
}

/* Whether the object, or the upload, is missing. A missing bucket is something else. */
static bool is_missing(const dla_http_response *response)
{
  dla_s3_error error;
  dla_s3_read_error(dla_strbuf_text(&response->body), response->body.length, &error);
  return strcmp(error.code, "NoSuchBucket") != 0;
}

dla_status dla_s3_send(const dla_s3 *s3, const dla_s3_call *call, const char *action,
                       bool allow_missing, dla_http_response *response, dla_error *err)
{
  dla_s3_request request;
  *response = (dla_http_response){0};
  dla_status status = dla_s3_request_init(&request, s3, call, err);
  if (!status) status = dla_http_send(s3->http, &request.http, response, err);
  bool missing = allow_missing && response->code == 404 && is_missing(response);
  if (!status && !dla_http_done(response) && !missing)
    status = dla_s3_explain(s3, request.name.text, action, response, err);
  dla_s3_request_free(&request);
  return status;
}
