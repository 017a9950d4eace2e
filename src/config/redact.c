#include "config/redact.h"

#include <stdlib.h>
#include <string.h>

#include "config/expand.h"

/* The end of a URL's user and password: behind the last @ of the authority (RFC 3986, section 3.2).
 * In an invalid authority, such as one with a slash in the password, it may be farther on. */
static const char *credentials_end(const char *authority)
{
  size_t length = strcspn(authority, "/?#");
  const char *end = NULL, *colon = memchr(authority, ':', length);
  bool port = !colon || *authority == '[' ||
              strspn(colon + 1, "0123456789") == (size_t)(authority + length - colon - 1);
  if (!port) length = strlen(authority);
  for (const char *p = authority; p < authority + length; p++)
    if (*p == '@') end = p + 1;
  return end;
}

static void redact_url(const char *url, dla_strbuf *out)
{
  const char *scheme = strstr(url, "://"), *authority = scheme ? scheme + 3 : url;
  const char *rest = credentials_end(authority);
  dla_strbuf_append(out, url, (size_t)(authority - url));
  if (rest) dla_strbuf_printf(out, "%s@", DLA_REDACTED);
  if (!rest) rest = authority;
  size_t plain = strcspn(rest, "?");
  dla_strbuf_append(out, rest, plain);
  /* A query may be a signature. */
  if (rest[plain]) dla_strbuf_printf(out, "?%s", DLA_REDACTED);
}

void dla_redact(dla_secrecy secrecy, const char *text, dla_strbuf *out)
{
  if (secrecy == DLA_SECRET_IN_URL)
    redact_url(text, out);
  else
    dla_strbuf_printf(out, "%s", secrecy == DLA_SECRET && *text ? DLA_REDACTED : text);
}

bool dla_holds_secret(dla_secrecy secrecy, const char *text)
{
  dla_strbuf shown = {0};
  dla_redact(secrecy, text, &shown);
  bool holds = strcmp(dla_strbuf_text(&shown), text) != 0;
  dla_strbuf_free(&shown);
  return holds;
}

/* Whether a query has a value, or a word that may be one. */
static bool query_holds(const char *query)
{
  while (*query) {
    const size_t length = strcspn(query, "&"), name = strcspn(query, "=&");
    if (name < length ? name + 1 < length : length > 0) return true;
    query += length + (query[length] == '&');
  }
  return false;
}

/* The URL is without its variables: what of it is secret is empty then. */
static bool url_holds(const char *url)
{
  const char *scheme = strstr(url, "://"), *authority = scheme ? scheme + 3 : url;
  const char *end = credentials_end(authority), *query = strchr(end ? end : authority, '?');
  if (query && query_holds(query + 1)) return true;
  if (!end) return false;
  const char *colon = memchr(authority, ':', (size_t)(end - authority));
  return (colon ? colon + 1 : authority) < end - 1;
}

bool dla_holds_literal_secret(dla_secrecy secrecy, const char *text)
{
  dla_strbuf rest = {.secret = true};
  dla_expand_leave_out(text, &rest);
  const bool has_variables = strcmp(dla_strbuf_text(&rest), text) != 0;
  const bool holds = secrecy == DLA_SECRET_IN_URL && has_variables
                         ? url_holds(dla_strbuf_text(&rest))
                         : dla_holds_secret(secrecy, dla_strbuf_text(&rest));
  const bool failed = rest.failed;
  dla_strbuf_free(&rest);
  return holds || (failed && secrecy);
}

void dla_config_redact(dla_config *config)
{
  for (const dla_key *key = dla_keys; key < dla_keys + DLA_KEY_COUNT; key++) {
    char **field = (char **)((char *)config + key->offset);
    dla_strbuf shown = {0};
    if (!key->secrecy) continue;
    dla_redact(key->secrecy, *field, &shown);
    explicit_bzero(*field, strlen(*field));
    if (!shown.failed && shown.text) {
      free(*field);
      *field = shown.text;
    }
  }
}
