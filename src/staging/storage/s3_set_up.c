/* Takes the URL, the key and the headers of an S3 storage from the settings. */
#include "config.h" /* explicit_bzero */

#include <arpa/inet.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "base/base64.h"
#include "base/try.h"
#include "staging/storage/s3.h"

#include <openssl/evp.h>

/* Whether the bucket can be in a host name. A name with dots fits no wildcard certificate, and a
 * host name has no capitals. */
static bool is_host_name(const char *bucket)
{
  return bucket[strspn(bucket, "abcdefghijklmnopqrstuvwxyz0123456789-")] == '\0';
}

/* No bucket can stand in front of an IP address. */
static bool is_address(const char *host)
{
  char name[INET_ADDRSTRLEN];
  struct in_addr ignored;
  size_t length = strcspn(host, ":/");
  if (host[0] == '[') return true;
  if (length >= sizeof name) return false;
  memcpy(name, host, length);
  name[length] = '\0';
  return inet_pton(AF_INET, name, &ignored) == 1;
}

/* Returns "http" or "https", in small letters; *host is the part behind "://". */
static const char *split_scheme(const char *endpoint, const char **host)
{
  static const char *const schemes[] = {"https", "http"};
  for (size_t i = 0; i < sizeof schemes / sizeof *schemes; i++) {
    size_t length = strlen(schemes[i]);
    if (strncasecmp(endpoint, schemes[i], length) != 0) continue;
    if (strncmp(endpoint + length, "://", 3) != 0) continue;
    *host = endpoint + length + 3;
    return schemes[i];
  }
  return NULL;
}

static dla_status make_url(dla_s3 *s3, dla_error *err)
{
  const dla_stage_settings *s = s3->settings;
  char amazon[128];
  snprintf(amazon, sizeof amazon, "https://s3.%s.amazonaws.com", s->region);
  const char *host = NULL, *endpoint = s->endpoint[0] ? s->endpoint : amazon;
  const char *scheme = split_scheme(endpoint, &host);
  if (!scheme)
    return dla_fail(err, DLA_E_INPUT, "AWS_ENDPOINT_URL", "https://host[:port]",
                    "the endpoint is no http(s) URL");
  if (strpbrk(host, "@?# \t"))
    return dla_fail(err, DLA_E_INPUT, "AWS_ENDPOINT_URL", "the keys are given apart, in AWS_*",
                    "the endpoint holds more than host and path");
  int length = (int)strlen(host);
  while (length && host[length - 1] == '/')
    length--;
  if (!length)
    return dla_fail(err, DLA_E_INPUT, "AWS_ENDPOINT_URL", "https://host[:port]",
                    "the endpoint has no host");
  bool virtual_host = s->style == DLA_S3_VIRTUAL_HOST ||
                      (s->style == DLA_S3_AUTO && !s->endpoint[0] && is_host_name(s3->bucket));
  if (virtual_host && is_address(host))
    return dla_fail(err, DLA_E_INPUT, "S3",
                    "leave out --virtual-host (addressingStyle: virtual), or give the host's name",
                    "the endpoint is an address, and no bucket can stand in front of one");
  dla_strbuf url = {0};
  if (virtual_host)
    dla_strbuf_printf(&url, "%s://%s.%.*s", scheme, s3->bucket, length, host);
  else {
    dla_strbuf_printf(&url, "%s://%.*s/", scheme, length, host);
    dla_s3_encode(&url, s3->bucket, false);
  }
  s3->bucket_url = url.text;
  return url.failed ? dla_fail_memory(err, "a URL") : DLA_OK;
}

/* Makes "name: value" as a secret. */
static dla_status make_header(const char *name, const char *value, dla_secret **header,
                              dla_error *err)
{
  dla_strbuf text = {.secret = true};
  dla_strbuf_printf(&text, "%s: %s", name, value);
  dla_status status = text.failed ? dla_fail_memory(err, "a header")
                                  : dla_secret_new(text.text, text.length, header, err);
  dla_strbuf_free(&text);
  return status;
}

static dla_status set_up_key(dla_s3 *s3, dla_error *err)
{
  const dla_stage_settings *s = s3->settings;
  const char *token = dla_secret_text(s->session_token);
  if (!s->access_key != !s->secret_key)
    return dla_fail(err, DLA_E_INPUT, s->access_key ? "AWS_SECRET_ACCESS_KEY" : "AWS_ACCESS_KEY_ID",
                    "set both, or none for a public bucket", "is not set");
  if (!s->access_key && s->missing_profile[0])
    return dla_fail(err, DLA_E_INPUT, "AWS_PROFILE", "see ~/.aws/credentials and ~/.aws/config",
                    "there is no profile '%s'", s->missing_profile);
  if (!token) return DLA_OK;
  return make_header("x-amz-security-token", token, &s3->token_header, err);
}

/* SSE-C: the server encrypts with our key and forgets it, so each request sends it again. */
static dla_status set_up_customer_key(dla_s3 *s3, dla_error *err)
{
  enum { KEY = 32, MD5 = 16 };
  static const char name[] = "x-amz-server-side-encryption-customer-key";
  const char *text = dla_secret_text(s3->settings->customer_key);
  unsigned char key[KEY + 1], md5[EVP_MAX_MD_SIZE];
  char md5_text[32], md5_name[64];
  unsigned int length = 0;
  if (!text) return DLA_OK;
  if (dla_base64_decode(text, key, sizeof key) != KEY)
    return dla_fail(err, DLA_E_INPUT, "SSE-C", NULL, "the key is not 32 bytes in base64");
  bool done = EVP_Digest(key, KEY, md5, &length, EVP_md5(), NULL) == 1;
  explicit_bzero(key, sizeof key);
  if (!done) return dla_fail(err, DLA_E_UNSUPPORTED, "SSE-C", NULL, "libcrypto forbids MD5 here");
  dla_base64_encode(md5_text, sizeof md5_text, md5, MD5);
  snprintf(md5_name, sizeof md5_name, "%s-MD5", name);
  TRY(make_header("x-amz-server-side-encryption-customer-algorithm", "AES256", &s3->customer[0],
                  err));
  TRY(make_header(name, text, &s3->customer[1], err));
  return make_header(md5_name, md5_text, &s3->customer[2], err);
}

static dla_status add_create(dla_s3 *s3, const char *name, const char *value, dla_error *err)
{
  dla_strbuf text = {0};
  int at = 0;
  if (!value[0]) return DLA_OK;
  while (s3->create[at])
    at++;
  dla_strbuf_printf(&text, "%s: %s", name, value);
  s3->create[at] = text.text;
  return text.failed ? dla_fail_memory(err, "a header") : DLA_OK;
}

dla_status dla_s3_set_up(dla_s3 *s3, dla_error *err)
{
  const dla_stage_settings *s = s3->settings;
  TRY(set_up_key(s3, err));
  TRY(set_up_customer_key(s3, err));
  TRY(add_create(s3, "x-amz-server-side-encryption", s->sse, err));
  TRY(add_create(s3, "x-amz-server-side-encryption-aws-kms-key-id", s->kms_key, err));
  TRY(add_create(s3, "x-amz-storage-class", s->storage_class, err));
  return make_url(s3, err);
}
