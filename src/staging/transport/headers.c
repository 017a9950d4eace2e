#include "staging/transport/headers.h"

#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "base/base64.h"

enum { LONGEST_WAIT = 3600 };

static bool is_blank(char c)
{
  return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

/* Reads digits and moves *text behind them. A number that is too large counts as none. */
static bool take_number(const char **text, uint64_t *number)
{
  const char *p = *text;
  uint64_t n = 0;
  for (; *p >= '0' && *p <= '9'; p++) {
    if (n > (UINT64_MAX / 2 - 9) / 10) return false; /* so that it fits an off_t, too */
    n = 10 * n + (uint64_t)(*p - '0');
  }
  if (p == *text) return false;
  *text = p;
  *number = n;
  return true;
}

/* "bytes 0-99/1234", "bytes 0-99" followed by "/" and a star, or a star followed by "/1234". */
static void take_range(dla_headers *h, const char *value)
{
  uint64_t first, last, total = 0;
  if (strncasecmp(value, "bytes ", 6) != 0) return;
  value += 6;
  if (strncmp(value, "*/", 2) == 0) {
    value += 2;
    h->has_total = take_number(&value, &h->range_total);
    return;
  }
  if (!take_number(&value, &first) || *value++ != '-') return;
  if (!take_number(&value, &last) || *value++ != '/') return;
  bool known = *value != '*';
  if (known && !take_number(&value, &total)) return;
  if (last < first || (known && last >= total)) return;
  h->has_range = true;
  h->has_total = known;
  h->range_first = first;
  h->range_last = last;
  h->range_total = total;
}

/* Decodes base64 into hexadecimal digits. Returns false unless it fills `hex` exactly. */
static bool take_base64(const char *value, char *hex, size_t size)
{
  unsigned char bytes[64];
  size_t count = dla_base64_decode(value, bytes, sizeof bytes);
  if (count == 0 || 2 * count + 1 != size) return false;
  for (size_t i = 0; i < count; i++)
    snprintf(hex + 2 * i, 3, "%02x", bytes[i]);
  return true;
}

/* Accepts hexadecimal, and base64 as in S3's checksums, which other clients store. Anything else is
 * ignored. */
static void take_sha256(dla_headers *h, const char *value)
{
  size_t length = strlen(value);
  if (length == 64 && strspn(value, "0123456789abcdefABCDEF") == length)
    memcpy(h->sha256, value, length + 1);
  else
    take_base64(value, h->sha256, sizeof h->sha256);
}

/* For an object in parts, the checksum may be one of the parts' checksums ("...-3"); that one is
 * ignored. */
static void take_checksum(dla_headers *h, const char *name, const char *value)
{
  dla_digest *c = &h->checksum;
  const struct {
    const char *name;
    char *text;
    size_t size;
  } kinds[] = {
      {"sha256", c->sha256, sizeof c->sha256},
      {"sha1", c->sha1, sizeof c->sha1},
      {"crc32", c->crc32, sizeof c->crc32},
      {"crc32c", c->crc32c, sizeof c->crc32c},
      {"crc64nvme", c->crc64nvme, sizeof c->crc64nvme},
  };
  for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++)
    if (strcasecmp(name, kinds[i].name) == 0 && !strchr(value, '-'))
      take_base64(value, kinds[i].text, kinds[i].size);
}

static void take_amazon(dla_headers *h, const char *name, const char *value)
{
  h->is_s3 = true;
  if (strcasecmp(name, "meta-sha256") == 0) take_sha256(h, value);
  if (strncasecmp(name, "checksum-", 9) == 0) take_checksum(h, name + 9, value);
  if (strcasecmp(name, "server-side-encryption-customer-algorithm") == 0 ||
      (strcasecmp(name, "server-side-encryption") == 0 && strncmp(value, "aws:", 4) == 0))
    h->etag_is_no_md5 = true;
}

static void take_value(dla_headers *h, const char *name, const char *value)
{
  uint64_t number;
  const struct {
    const char *name;
    char *text;
    size_t size;
  } texts[] = {
      {"etag", h->etag, sizeof h->etag},
      {"last-modified", h->last_modified, sizeof h->last_modified},
      {"date", h->date, sizeof h->date},
      {"content-type", h->content_type, sizeof h->content_type},
      {"location", h->location, sizeof h->location},
      {"x-amz-bucket-region", h->region, sizeof h->region},
  };
  for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
    if (strcasecmp(name, texts[i].name) == 0 && strlen(value) < texts[i].size)
      snprintf(texts[i].text, texts[i].size, "%s", value);
  if (strncasecmp(name, "x-amz-", 6) == 0) take_amazon(h, name + 6, value);
  if (strcasecmp(name, "content-range") == 0) take_range(h, value);
  if (strcasecmp(name, "content-length") == 0 && take_number(&value, &number)) {
    h->has_length = true;
    h->length = number;
  }
  /* It may be a date; the usual wait is used then. */
  if (strcasecmp(name, "retry-after") == 0 && take_number(&value, &number))
    h->retry_after = number < LONGEST_WAIT ? (double)number : LONGEST_WAIT;
}

void dla_headers_take(dla_headers *h, const char *line, size_t length)
{
  char copy[2048];
  if (length >= 5 && memcmp(line, "HTTP/", 5) == 0) {
    *h = (dla_headers){.retry_after = -1};
    return;
  }
  if (length >= sizeof copy) return; /* no header of interest is so long */
  memcpy(copy, line, length);
  while (length && is_blank(copy[length - 1]))
    length--;
  copy[length] = '\0';
  char *colon = strchr(copy, ':');
  if (!colon || strlen(copy) != length) return;
  *colon++ = '\0';
  while (is_blank(*colon))
    colon++;
  take_value(h, copy, colon);
}

bool dla_headers_say_html(const dla_headers *h)
{
  return strncasecmp(h->content_type, "text/html", 9) == 0 ||
         strncasecmp(h->content_type, "application/xhtml", 17) == 0;
}
