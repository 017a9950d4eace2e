/* libcurl can sign too, but signs something else than the server sees. 7.88 sorts the header lines,
 * not their names, so "...-customer-key-MD5" comes before "...-customer-key". It signs headers that
 * it then removes. And its treatment of paths and queries changes from release to release. */
#include "staging/storage/s3_sign.h"

#include "config.h" /* explicit_bzero, gmtime_r */

#include <ctype.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/hex.h"
#include "base/sha256.h"

#include <openssl/evp.h>
#include <openssl/hmac.h>

enum { MAC = 32, NAME = 64, FIELDS = DLA_HTTP_HEADERS + 2 };

typedef struct field {
  char name[NAME]; /* in small letters */
  const char *value;
  int length; /* without blanks at both ends */
} field;

typedef struct signing {
  char date[20]; /* 20130524T000000Z */
  field field[FIELDS];
  size_t count;
  dla_strbuf names, scope, text; /* "host;x-amz-date"; "20130524/..."; the text to sign */
} signing;

static bool is_blank(char c)
{
  return c == ' ' || c == '\t';
}

/* Takes a header "Name: value". Returns false if it does not fit. */
static bool take_header(signing *s, const char *header)
{
  field *f = &s->field[s->count];
  size_t length = strcspn(header, ":");
  if (s->count == FIELDS || length >= NAME || header[length] != ':') return false;
  for (size_t i = 0; i < length; i++)
    f->name[i] = (char)tolower((unsigned char)header[i]);
  f->name[length] = '\0';
  f->value = header + length + 1;
  while (is_blank(*f->value))
    f->value++;
  f->length = (int)strlen(f->value);
  while (f->length && is_blank(f->value[f->length - 1]))
    f->length--;
  s->count++;
  return true;
}

static int compare_names(const void *a, const void *b)
{
  return strcmp(((const field *)a)->name, ((const field *)b)->name);
}

/* The Host header as clients send it: without the scheme's default port. */
static void add_host(dla_strbuf *out, const char *url)
{
  const char *host = strstr(url, "://") + 3;
  const char *port = strncasecmp(url, "https", 5) == 0 ? ":443" : ":80";
  size_t length = (size_t)(url + dla_url_authority(url) - host), usual = strlen(port);
  if (length > usual && strncmp(host + length - usual, port, usual) == 0) length -= usual;
  dla_strbuf_printf(out, "Host: %.*s", (int)length, host);
}

/* Percent-encodes a text, encoded already or not, in the one way that every server uses for the
 * signature. */
static void add_encoded(dla_strbuf *out, const char *text, size_t length, const char *kept)
{
  for (size_t i = 0; i < length; i++) {
    unsigned char c = (unsigned char)text[i];
    if (c == '%' && i + 2 < length && dla_hex_digit(text[i + 1]) >= 0 &&
        dla_hex_digit(text[i + 2]) >= 0) {
      c = (unsigned char)(16 * dla_hex_digit(text[i + 1]) + dla_hex_digit(text[i + 2]));
      i += 2;
    }
    if (c < 0x80 && c && (isalnum(c) || strchr("-._~", c) || strchr(kept, c)))
      dla_strbuf_append(out, (const char *)&c, 1);
    else
      dla_strbuf_printf(out, "%%%02X", c);
  }
}

static int compare_pairs(const void *a, const void *b)
{
  const char *x = dla_strbuf_text(a), *y = dla_strbuf_text(b);
  const size_t n = strcspn(x, "="), m = strcspn(y, "=");
  const int names = memcmp(x, y, n < m ? n : m);
  if (names) return names;
  return n == m ? strcmp(x + n, y + m) : n < m ? -1 : 1;
}

/* Appends name=value, sorted by name. This program's queries are sorted; a redirect's may not
 * be. */
static void add_query(dla_strbuf *out, const char *query)
{
  size_t most = 1, count = 0;
  for (const char *p = query; *p; p++)
    most += *p == '&';
  dla_strbuf *pair = calloc(most, sizeof *pair);
  out->failed |= !pair;
  for (; pair && *query; count++) {
    const size_t length = strcspn(query, "&"), name = strcspn(query, "=&");
    add_encoded(&pair[count], query, name, "");
    dla_strbuf_append(&pair[count], "=", 1);
    if (name < length) add_encoded(&pair[count], query + name + 1, length - name - 1, "");
    query += length + (query[length] == '&');
  }
  if (count) qsort(pair, count, sizeof *pair, compare_pairs);
  for (size_t i = 0; i < count; i++) {
    dla_strbuf_printf(out, "%s%s", i ? "&" : "", dla_strbuf_text(&pair[i]));
    out->failed |= pair[i].failed;
    dla_strbuf_free(&pair[i]);
  }
  free(pair);
}

/* The canonical request, which the server makes, too: method, path, query, headers. */
static void add_request(signing *s, dla_strbuf *out, const char *method, const char *url)
{
  const char *path = url + dla_url_authority(url), *payload = "";
  int payload_length = 0;
  size_t length = strcspn(path, "?");
  dla_strbuf_printf(out, "%s\n", method);
  add_encoded(out, length ? path : "/", length ? length : 1, "/");
  dla_strbuf_append(out, "\n", 1);
  if (path[length]) add_query(out, path + length + 1);
  dla_strbuf_append(out, "\n", 1);
  qsort(s->field, s->count, sizeof *s->field, compare_names);
  for (size_t i = 0; i < s->count; i++) {
    const field *f = &s->field[i];
    dla_strbuf_printf(out, "%s:%.*s\n", f->name, f->length, f->value);
    dla_strbuf_printf(&s->names, "%s%s", i ? ";" : "", f->name);
    if (strcmp(f->name, "x-amz-content-sha256") != 0) continue;
    payload = f->value;
    payload_length = f->length;
  }
  dla_strbuf_printf(out, "\n%s\n%.*s", dla_strbuf_text(&s->names), payload_length, payload);
}

/* The text to sign: the scope, and the digest of the request. */
static dla_status make_text(signing *s, const dla_s3_signer *signer, const char *method,
                            const char *url, dla_error *err)
{
  char sha256[DLA_SHA256_TEXT];
  dla_strbuf request = {.secret = true}; /* contains the session token and the SSE-C key */
  add_request(s, &request, method, url);
  dla_strbuf_printf(&s->scope, "%.8s/%s/s3/aws4_request", s->date, signer->region);
  bool failed = request.failed || s->names.failed || s->scope.failed;
  dla_status status = failed ? dla_fail_memory(err, "a signature")
                             : dla_sha256(request.text, request.length, sha256, err);
  dla_strbuf_free(&request);
  if (status) return status;
  dla_strbuf_printf(&s->text, "AWS4-HMAC-SHA256\n%s\n%s\n%s", s->date, s->scope.text, sha256);
  return s->text.failed ? dla_fail_memory(err, "a signature") : DLA_OK;
}

static bool hmac(unsigned char key[MAC], const char *text)
{
  unsigned char out[EVP_MAX_MD_SIZE];
  unsigned int length = 0;
  if (!HMAC(EVP_sha256(), key, MAC, (const unsigned char *)text, strlen(text), out, &length))
    return false;
  memcpy(key, out, MAC);
  explicit_bzero(out, sizeof out);
  return true;
}

/* Derives the key for the day, the region and the service from the secret. */
static bool derive_key(const signing *s, const dla_s3_signer *signer, unsigned char key[MAC])
{
  char day[9];
  dla_strbuf secret = {.secret = true};
  unsigned char out[EVP_MAX_MD_SIZE];
  unsigned int length = 0;
  memcpy(day, s->date, 8);
  day[8] = '\0';
  dla_strbuf_printf(&secret, "AWS4%s", signer->secret_key);
  bool done = !secret.failed && HMAC(EVP_sha256(), secret.text, (int)secret.length,
                                     (const unsigned char *)day, 8, out, &length);
  dla_strbuf_free(&secret);
  if (done) memcpy(key, out, MAC);
  explicit_bzero(out, sizeof out);
  return done && hmac(key, signer->region) && hmac(key, "s3") && hmac(key, "aws4_request");
}

static dla_status add_signature(signing *s, const dla_s3_signer *signer, dla_strbuf *out,
                                dla_error *err)
{
  unsigned char key[MAC];
  bool done = derive_key(s, signer, key) && hmac(key, s->text.text);
  if (done) {
    dla_strbuf_printf(
        out, "Authorization: AWS4-HMAC-SHA256 Credential=%s/%s, SignedHeaders=%s, Signature=",
        signer->access_key, s->scope.text, s->names.text);
    for (int i = 0; i < MAC; i++)
      dla_strbuf_printf(out, "%02x", key[i]);
  }
  explicit_bzero(key, sizeof key);
  return done ? DLA_OK
              : dla_fail(err, DLA_E_UNSUPPORTED, "S3", NULL, "libcrypto cannot sign a request");
}

dla_status dla_s3_sign(const dla_s3_signer *signer, const char *method, const char *url,
                       const char *const headers[DLA_HTTP_HEADERS], time_t now,
                       dla_strbuf added[DLA_HTTP_ADDED], dla_error *err)
{
  signing s = {.count = 0};
  struct tm utc;
  if (!gmtime_r(&now, &utc) || !strftime(s.date, sizeof s.date, "%Y%m%dT%H%M%SZ", &utc))
    return dla_fail(err, DLA_E_INPUT, "S3", "set the clock", "this machine's clock is wrong");
  add_host(&added[0], url);
  dla_strbuf_printf(&added[1], "x-amz-date: %s", s.date);
  if (added[0].failed || added[1].failed) return dla_fail_memory(err, "a signature");
  bool fits = take_header(&s, added[0].text) && take_header(&s, added[1].text);
  for (int i = 0; fits && i < DLA_HTTP_HEADERS && headers[i]; i++)
    fits = take_header(&s, headers[i]);
  dla_status status = fits ? make_text(&s, signer, method, url, err)
                           : dla_fail(err, DLA_E_INPUT, "S3", NULL, "a header cannot be signed");
  if (!status) status = add_signature(&s, signer, &added[2], err);
  if (!status && added[2].failed) status = dla_fail_memory(err, "a signature");
  dla_strbuf_free(&s.names);
  dla_strbuf_free(&s.scope);
  dla_strbuf_free(&s.text);
  return status;
}
