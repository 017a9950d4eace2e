#include "staging/transport/headers.h"

#include <stdio.h>
#include <string.h>
#include <strings.h>

enum { LONGEST_WAIT = 3600 };

static bool is_blank(char c)
{
  return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

/* Digits at *text, which it is moved behind. A number too large is none. */
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

/* "bytes 0-99/1234", "bytes 0-99" followed by "/" and a star. */
static void take_range(dla_headers *h, const char *value)
{
  uint64_t first, last, total = 0;
  if (strncasecmp(value, "bytes ", 6) != 0) return;
  value += 6;
  if (!take_number(&value, &first) || *value++ != '-') return;
  if (!take_number(&value, &last) || *value++ != '/') return;
  if (*value != '*' && !take_number(&value, &total)) return;
  if (last < first || (total && last >= total)) return;
  h->has_range = true;
  h->range_first = first;
  h->range_last = last;
  h->range_total = total;
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
      {"x-amz-meta-sha256", h->sha256, sizeof h->sha256},
      {"x-amz-bucket-region", h->region, sizeof h->region},
  };
  for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
    if (strcasecmp(name, texts[i].name) == 0 && strlen(value) < texts[i].size)
      snprintf(texts[i].text, texts[i].size, "%s", value);
  if (strcasecmp(name, "x-amz-server-side-encryption-customer-algorithm") == 0 ||
      (strcasecmp(name, "x-amz-server-side-encryption") == 0 && strncmp(value, "aws:", 4) == 0))
    h->etag_is_no_md5 = true;
  if (strcasecmp(name, "content-range") == 0) take_range(h, value);
  if (strcasecmp(name, "content-length") == 0 && take_number(&value, &number)) {
    h->has_length = true;
    h->length = number;
  }
  /* A date is allowed, too; the usual wait serves for it. */
  if (strcasecmp(name, "retry-after") == 0 && take_number(&value, &number))
    h->retry_after = number < LONGEST_WAIT ? (double)number : LONGEST_WAIT;
}

void dla_headers_take(dla_headers *h, const char *line, size_t length)
{
  char copy[512];
  if (length >= 5 && memcmp(line, "HTTP/", 5) == 0) {
    *h = (dla_headers){.retry_after = -1};
    return;
  }
  if (length >= sizeof copy) return; /* none that is looked at is so long */
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
