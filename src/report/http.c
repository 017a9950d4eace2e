#include "report/http.h"

#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "base/hex.h"
#include "base/sha256.h"
#include "base/try.h"

bool dla_browser_is_whole(const char *text)
{
  return strstr(text, "\r\n\r\n") != NULL;
}

/* Returns false if it is no path, or contains a NUL. */
static bool decode_path(const char *from, size_t length, char *to)
{
  for (size_t i = 0; i < length && from[i] != '?' && from[i] != '#'; i++) {
    int byte = (unsigned char)from[i];
    if (from[i] == '%') {
      if (i + 2 >= length) return false;
      const int high = dla_hex_digit(from[i + 1]), low = dla_hex_digit(from[i + 2]);
      byte = high < 0 || low < 0 ? 0 : 16 * high + low;
      i += 2;
    }
    if (byte == 0) return false;
    *to++ = (char)byte;
  }
  *to = '\0';
  return true;
}

/* Reads the value of a header, without spaces around it; "" if there is none. Returns false if it
 * comes twice or is too long. */
static bool read_header(const char *text, const char *name, char *value, size_t size)
{
  const size_t length = strlen(name);
  bool found = false;
  *value = '\0';
  for (const char *line = strstr(text, "\r\n"); line && line[2]; line = strstr(line + 2, "\r\n")) {
    if (strncasecmp(line + 2, name, length) != 0 || line[2 + length] != ':') continue;
    const char *from = line + 3 + length;
    from += strspn(from, " \t");
    size_t count = strcspn(from, "\r\n");
    while (count && strchr(" \t", from[count - 1]))
      count--;
    if (found || count >= size) return false;
    found = true;
    memcpy(value, from, count);
    value[count] = '\0';
  }
  return true;
}

int dla_browser_parse(const char *text, dla_browser_request *r)
{
  const size_t method = strcspn(text, " \r\n");
  const char *path = text + method + 1;
  *r = (dla_browser_request){0};
  if (text[method] != ' ') return 400;
  r->head = method == 4 && strncmp(text, "HEAD", 4) == 0;
  if (!r->head && !(method == 3 && strncmp(text, "GET", 3) == 0)) return 405;
  const size_t length = strcspn(path, " \r\n");
  if (path[0] != '/' || strncmp(path + length, " HTTP/1.", 8) != 0) return 400;
  if (!decode_path(path, length, r->path)) return 400;
  if (!read_header(text, "Host", r->host, sizeof r->host)) return 400;
  if (!read_header(text, "If-None-Match", r->if_none_match, sizeof r->if_none_match)) return 400;
  return 0;
}

bool dla_browser_is_local(const char *host, int port)
{
  static const char *const names[] = {"127.0.0.1", "localhost", "[::1]"};
  char number[16];
  snprintf(number, sizeof number, ":%d", port);
  for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
    const size_t length = strlen(names[i]);
    if (strncasecmp(host, names[i], length) == 0 &&
        (!host[length] || strcmp(host + length, number) == 0))
      return true;
  }
  return false;
}

static const char *reason_of(int status)
{
  static const struct {
    int status;
    const char *reason;
  } reasons[] = {
      {200, "OK"},        {304, "Not Modified"}, {400, "Bad Request"},
      {403, "Forbidden"}, {404, "Not Found"},    {405, "Method Not Allowed"},
  };
  for (size_t i = 0; i < sizeof reasons / sizeof *reasons; i++)
    if (reasons[i].status == status) return reasons[i].reason;
  return "Internal Server Error";
}

dla_status dla_browser_answer(const dla_browser_request *request, int status,
                              const dla_strbuf *page, dla_strbuf *out, dla_error *err)
{
  char digest[DLA_SHA256_TEXT] = "", tag[DLA_SHA256_TEXT + 2] = "", plain[64];
  if (status == 200) {
    TRY(dla_sha256(dla_strbuf_text(page), page->length, digest, err));
    snprintf(tag, sizeof tag, "\"%s\"", digest);
    if (strcmp(request->if_none_match, tag) == 0) status = 304;
  }
  const bool whole = status == 200;
  snprintf(plain, sizeof plain, "%d %s\n", status, reason_of(status));
  const size_t length = whole ? page->length : status == 304 ? 0 : strlen(plain);
  dla_strbuf_printf(out, "HTTP/1.1 %d %s\r\nContent-Type: text/%s; charset=utf-8\r\n", status,
                    reason_of(status), whole || status == 304 ? "html" : "plain");
  if (status != 304) dla_strbuf_printf(out, "Content-Length: %zu\r\n", length);
  if (*tag) dla_strbuf_printf(out, "ETag: %s\r\n", tag);
  if (status == 405) dla_strbuf_printf(out, "Allow: GET, HEAD\r\n");
  dla_strbuf_printf(out, "Cache-Control: no-store\r\nX-Content-Type-Options: nosniff\r\n"
                         "X-Frame-Options: DENY\r\nReferrer-Policy: no-referrer\r\n"
                         "Cross-Origin-Resource-Policy: same-origin\r\nConnection: close\r\n\r\n");
  if (!request->head && length) dla_strbuf_append(out, whole ? page->text : plain, length);
  return out->failed ? dla_fail_memory(err, "an answer") : DLA_OK;
}
