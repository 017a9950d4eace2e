/* Explains an answer: whether key, bucket, rights, region or clock is wrong, and the server's own
 * words. */
#include <curl/curl.h>
#include <math.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "staging/page.h"
#include "staging/storage/s3.h"
#include "staging/storage/s3_xml.h"

typedef struct explanation {
  const char *code; /* S3's error code */
  const char *what, *hint;
} explanation;

static const explanation explanations[] = {
    {"SignatureDoesNotMatch", "the access key and the secret do not belong together",
     "check AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY"},
    {"InvalidAccessKeyId", "the server does not know the access key", "check AWS_ACCESS_KEY_ID"},
    {"AccessDenied", "the key has no right to do this, or is unknown",
     "check AWS_ACCESS_KEY_ID, and the rights that it has on the bucket"},
    {"UserSuspended", "the server has suspended the access key's user",
     "ask who runs the server, or use another key"},
    {"AllAccessDisabled", "the bucket is closed", "ask who owns the bucket"},
    {"NoSuchBucket", "there is no such bucket", "check the bucket's name and the endpoint"},
    {"NoSuchUpload", "the upload is gone: somebody has aborted it", "try again"},
    {"InvalidPart", "the server has not kept a part of the upload", "try again"},
    {"NoSuchKey", "there is no such object", "check the key"},
    {"InvalidBucketName", "the bucket's name is not allowed", "check the bucket's name"},
    {"ExpiredToken", "the session token has expired", "get a new AWS_SESSION_TOKEN"},
    {"InvalidToken", "the session token is wrong", "check AWS_SESSION_TOKEN"},
    {"RequestTimeTooSkewed", "this machine's clock is wrong", "set the clock"},
    {"InvalidObjectState", "the object is archived", "restore it from the archive first"},
    {"MethodNotAllowed", "the server does not allow it for this object", NULL},
    {"PreconditionFailed", "the object was changed while it was read", "try again"},
    {"InvalidRange", "the object was changed while it was read", "try again"},
    {"BadDigest", "the server got other bytes than were sent",
     "was the file changed meanwhile? try again"},
    {"XAmzContentSHA256Mismatch", "the server got other bytes than were sent",
     "was the file changed meanwhile? try again"},
    {"EntityTooSmall", "the parts are too small for this server",
     "raise --part-size (staging.part_size)"},
    {"EntityTooLarge", "the object is larger than the server allows", NULL},
    {"MissingContentLength", "the server got no length of what was sent", NULL},
    {"KeyTooLongError", "the key is longer than the server allows", "rename the file"},
    {"InvalidObjectName", "the server does not take the key: it is too long, or no UTF-8",
     "rename the file"},
    {"InvalidStorageClass", "the server has no such storage class",
     "check --storage-class (storageClass)"},
    {"NotImplemented", "the server does not know this request, or a header of it", NULL},
    {"QuotaExceeded", "the server has no more room for this account", "make room there"},
};

/* For answers without an XML document: from a proxy, or to a HEAD. */
static const explanation *explain_code(long code)
{
  static const struct {
    long code;
    explanation e;
  } codes[] = {
      {401, {"", "the server does not take the key", "check the AWS_* keys"}},
      {403, {"", "access is denied", "check the AWS_* keys, and the rights that they give"}},
      {404, {"", "there is no such object or bucket", "check the bucket's name and the key"}},
      {407,
       {"", "the proxy wants a user and a password", "http_proxy=http://USER:PASSWORD@HOST:PORT"}},
      {412, {"", "the object was changed while it was read", "try again"}},
      {416, {"", "the object was changed while it was read", "try again"}},
      {503, {"SlowDown", "the server is too busy", "try again later"}},
  };
  for (size_t i = 0; i < sizeof codes / sizeof *codes; i++)
    if (codes[i].code == code) return &codes[i].e;
  return NULL;
}

/* The bucket is in another region: a redirect, or an error document that says so. */
static bool is_about_region(const dla_http_response *response, const dla_s3_error *error)
{
  return response->code == 301 || response->code == 302 || response->code == 307 ||
         response->code == 308 ||
         (strcmp(error->code, "AuthorizationHeaderMalformed") == 0 && error->region[0]) ||
         strcmp(error->code, "IllegalLocationConstraintException") == 0;
}

static dla_status explain_region(const dla_s3 *s3, const char *name, const char *action,
                                 const char *region, dla_error *err)
{
  char hint[128] = "set AWS_REGION, and the endpoint, to the bucket's";
  if (region[0]) snprintf(hint, sizeof hint, "set AWS_REGION=%s", region);
  return dla_fail(err, DLA_E_INPUT, name, hint, "cannot %s: the bucket is not in the region %s",
                  action, s3->settings->region);
}

/* For a redirect that is not followed: it leads to another scheme, or it is the second one. */
static dla_status explain_redirect(const dla_s3 *s3, const char *name, const char *action,
                                   const char *place, long code, dla_error *err)
{
  char hint[256];
  int length = (int)strcspn(place, "?#");
  const char *host = strstr(place, "://");
  int authority = host ? (int)(host + 3 - place) + (int)strcspn(host + 3, "/?#") : length;
  bool same = strncmp(place, s3->bucket_url, strcspn(s3->bucket_url, ":") + 3) == 0;
  snprintf(hint, sizeof hint, "set the endpoint to %.*s", authority, place);
  return dla_fail(err, DLA_E_INPUT, name, hint, "cannot %s: the server redirects to %.*s%s (%ld)",
                  action, length, place,
                  same || !host ? "" : ", which is not the scheme of the endpoint", code);
}

/* How many seconds the local clock is ahead of the server's; 0 if the server does not tell its
 * time. */
static double skew(const dla_headers *headers, const dla_s3_error *error)
{
  int year, month, day, hour, minute, second;
  time_t server = headers->date[0] ? curl_getdate(headers->date, NULL) : -1;
  if (sscanf(error->server_time, "%4d-%2d-%2dT%2d:%2d:%2d", &year, &month, &day, &hour, &minute,
             &second) == 6) {
    struct tm date = {.tm_year = year - 1900,
                      .tm_mon = month - 1,
                      .tm_mday = day,
                      .tm_hour = hour,
                      .tm_min = minute,
                      .tm_sec = second};
    server = timegm(&date);
  }
  return server > 0 ? difftime(time(NULL), server) : 0;
}

static dla_status explain_clock(const char *name, const char *action,
                                const dla_http_response *response, const dla_s3_error *error,
                                dla_error *err)
{
  double ahead = skew(&response->headers, error), by = fabs(ahead);
  char how[80] = "wrong";
  if (by >= 1)
    snprintf(how, sizeof how, "%.0f min %02.0f s %s the server's", floor(by / 60), fmod(by, 60),
             ahead > 0 ? "ahead of" : "behind");
  return dla_fail(err, DLA_E_INPUT, name, "set the clock",
                  "cannot %s: this machine's clock is %s (%ld RequestTimeTooSkewed)", action, how,
                  response->code);
}

/* The server's own words, unless they contain a secret. */
static void own_words(const dla_s3 *s3, const dla_http_response *response,
                      const dla_s3_error *error, char *words, size_t size)
{
  const char *text = error->message[0] ? error->message : dla_strbuf_text(&response->body);
  const char *secret = dla_secret_text(s3->settings->secret_key);
  const char *token = dla_secret_text(s3->settings->session_token);
  words[0] = '\0';
  if (!error->message[0] && error->code[0]) return;
  dla_page_words(text, strlen(text), words, size);
  if ((secret && strstr(words, secret)) || (token && strstr(words, token))) words[0] = '\0';
}

bool dla_s3_is_page(const dla_http_response *response)
{
  const dla_headers *h = &response->headers;
  dla_object object = {0};
  dla_object_set_etag(&object, h->etag);
  bool html = dla_headers_say_html(h) ||
              dla_page_is_html(dla_strbuf_text(&response->body), response->body.length);
  return html && !h->is_s3 && !dla_s3_etag_is_md5(object.etag);
}

dla_status dla_s3_fail_page(const char *name, const char *action, const dla_http_response *response,
                            dla_error *err)
{
  char words[200];
  dla_object stored = {0};
  const char *body = dla_strbuf_text(&response->body);
  bool html =
      dla_headers_say_html(&response->headers) || dla_page_is_html(body, response->body.length);
  dla_object_set_etag(&stored, response->headers.etag);
  if (!html && dla_s3_etag_is_md5(stored.etag))
    return dla_fail(err, DLA_E_IO, name, "upload it again",
                    "cannot %s: the server stored other bytes than were sent", action);
  dla_page_words(body, response->body.length, words, sizeof words);
  return dla_fail(
      err, DLA_E_IO, name, "does the endpoint speak S3, or is a portal or proxy before it?",
      "cannot %s: the server's answer (%ld) is not understood: it is %s%s%s", action,
      response->code, html ? "a web page" : "not what S3 answers", words[0] ? ": " : "", words);
}

/* A hint about features that the request used and not every server has. */
static const char *asked_for(const dla_s3 *s3)
{
  const dla_stage_settings *s = s3->settings;
  if (s->sse[0]) return "can the server do --sse (sse)? some do it over https alone";
  if (s->customer_key)
    return "can the server do --sse-c-key (sseCKeyFile)? some do it over https alone";
  if (s->storage_class[0])
    return "does the server have the class of --storage-class (storageClass)?";
  return NULL;
}

static dla_status explain(const dla_s3 *s3, const char *name, const char *action,
                          const dla_http_response *response, const dla_s3_error *error,
                          dla_error *err)
{
  const explanation *e = NULL;
  char words[200];
  long code = response->code;
  for (size_t i = 0; !e && i < sizeof explanations / sizeof *explanations; i++)
    if (strcmp(error->code, explanations[i].code) == 0) e = &explanations[i];
  if (!e) e = explain_code(code);
  own_words(s3, response, error, words, sizeof words);
  bool passes = dla_http_may_pass(response, DLA_OK) || code == 412 || code == 416 ||
                strcmp(error->code, "NoSuchUpload") == 0 || strcmp(error->code, "InvalidPart") == 0;
  dla_status status = passes ? DLA_E_IO : DLA_E_INPUT;
  const char *hint = e ? e->hint : NULL, *between = words[0] ? "; it says: " : "";
  if (!e && code == 400) hint = asked_for(s3);
  if (!s3->settings->access_key && (code == 401 || code == 403))
    hint = "the request was not signed: set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or "
           "AWS_PROFILE";
  if (e)
    return dla_fail(err, status, name, hint, "cannot %s: %s (%ld %s)%s%s", action, e->what, code,
                    error->code[0] ? error->code : e->code, between, words);
  return dla_fail(err, status, name, hint, "cannot %s: the server answered %ld %s%s%s", action,
                  code, error->code, words[0] ? ": " : "", words);
}

dla_status dla_s3_explain(const dla_s3 *s3, const char *name, const char *action,
                          const dla_http_response *response, dla_error *err)
{
  dla_s3_error error = {0};
  const char *body = dla_strbuf_text(&response->body);
  const char *place = response->headers.location;
  dla_s3_read_error(body, response->body.length, &error);
  /* A server may begin with 200 and fail later. */
  if (dla_http_succeeded(response) && !error.code[0])
    return dla_s3_fail_page(name, action, response, err);
  const char *region = response->headers.region[0] ? response->headers.region : error.region;
  if (is_about_region(response, &error)) {
    if (!*place) place = error.endpoint;
    if (!region[0] && *place) return explain_redirect(s3, name, action, place, response->code, err);
    return explain_region(s3, name, action, region, err);
  }
  if (strcmp(error.code, "RequestTimeTooSkewed") == 0)
    return explain_clock(name, action, response, &error, err);
  if (dla_http_wants_https(response))
    return dla_fail(err, DLA_E_INPUT, name, "https:// instead of http://",
                    "cannot %s: the server speaks TLS (https) at this port, and was asked by http",
                    action);
  return explain(s3, name, action, response, &error, err);
}
