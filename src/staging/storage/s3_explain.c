/* Which of key, bucket or rights is wrong. */
#include <stdio.h>
#include <string.h>

#include "staging/storage/s3.h"
#include "staging/storage/s3_xml.h"

typedef struct explanation {
  const char *code; /* of S3 */
  const char *what, *hint;
} explanation;

static const explanation explanations[] = {
    {"SignatureDoesNotMatch", "the access key and the secret do not belong together",
     "check AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY"},
    {"InvalidAccessKeyId", "the server does not know the access key", "check AWS_ACCESS_KEY_ID"},
    {"AccessDenied", "the key has no right to do this, or is unknown",
     "check AWS_ACCESS_KEY_ID, and the rights that it has on the bucket"},
    {"AllAccessDisabled", "the bucket is closed", "ask who owns the bucket"},
    {"NoSuchBucket", "there is no such bucket", "check the bucket's name and the endpoint"},
    {"NoSuchKey", "there is no such object", "check the key"},
    {"InvalidBucketName", "the bucket's name is not allowed", "check the bucket's name"},
    {"ExpiredToken", "the session token has expired", "get a new AWS_SESSION_TOKEN"},
    {"InvalidToken", "the session token is wrong", "check AWS_SESSION_TOKEN"},
    {"RequestTimeTooSkewed", "this machine's clock is wrong", "set the clock"},
    {"BadDigest", "the server got other bytes than were sent",
     "was the file changed meanwhile? try again"},
    {"XAmzContentSHA256Mismatch", "the server got other bytes than were sent",
     "was the file changed meanwhile? try again"},
    {"EntityTooSmall", "the parts are too small for this server", "raise --part-size"},
    {"EntityTooLarge", "the object is larger than the server allows", NULL},
    {"QuotaExceeded", "the server has no more room for this account", "make room there"},
};

/* Answers without a document, from a proxy or to a HEAD. */
static const explanation *explain_code(long code)
{
  static const struct {
    long code;
    explanation e;
  } codes[] = {
      {403, {"", "access is denied", "check the AWS_* keys, and the rights that they give"}},
      {404, {"", "there is no such object or bucket", "check the bucket's name and the key"}},
      {412, {"", "the object was changed while it was read", "try again"}},
      {503, {"SlowDown", "the server is too busy", "try again later"}},
  };
  for (size_t i = 0; i < sizeof codes / sizeof *codes; i++)
    if (codes[i].code == code) return &codes[i].e;
  return NULL;
}

/* Another region: 301, 307, or 400 with the right one in the document. */
static bool is_about_region(const dla_http_response *response, const dla_s3_error *error)
{
  return response->code == 301 || response->code == 302 || response->code == 307 ||
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

dla_status dla_s3_explain(const dla_s3 *s3, const char *name, const char *action,
                          const dla_http_response *response, dla_error *err)
{
  dla_s3_error error = {0};
  const explanation *e = NULL;
  dla_s3_read_error(dla_strbuf_text(&response->body), response->body.length, &error);
  const char *region = response->headers.region[0] ? response->headers.region : error.region;
  if (is_about_region(response, &error)) return explain_region(s3, name, action, region, err);
  for (size_t i = 0; !e && i < sizeof explanations / sizeof *explanations; i++)
    if (strcmp(error.code, explanations[i].code) == 0) e = &explanations[i];
  if (!e) e = explain_code(response->code);
  dla_status status = dla_http_may_pass(response, DLA_OK) ? DLA_E_IO : DLA_E_INPUT;
  if (e)
    return dla_fail(err, status, name, e->hint, "cannot %s: %s (%ld %s)", action, e->what,
                    response->code, error.code[0] ? error.code : e->code);
  return dla_fail(err, status, name, NULL, "cannot %s: the server answered %ld %s%s%s", action,
                  response->code, error.code, error.message[0] ? ": " : "", error.message);
}
