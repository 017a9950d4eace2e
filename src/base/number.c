#include "base/number.h"

#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char *skip_digits(const char *p)
{
  return p + strspn(p, "0123456789");
}

static const char *skip_sign(const char *p)
{
  return *p == '-' || *p == '+' ? p + 1 : p;
}

bool dla_integer_read(const char *text, int64_t *value)
{
  const char *digits = skip_sign(text), *end = skip_digits(digits);
  if (end == digits || *end || (digits[0] == '0' && digits[1])) return false;
  errno = 0;
  *value = strtoll(text, NULL, 10);
  return errno == 0;
}

static bool is_decimal(const char *text)
{
  const char *start = skip_sign(text), *p = skip_digits(start);
  ptrdiff_t digits = p - start;
  if (*p == '.') {
    const char *fraction = p + 1;
    p = skip_digits(fraction);
    digits += p - fraction;
  }
  if (digits == 0) return false;
  if (*p == 'e' || *p == 'E') {
    const char *exponent = skip_sign(p + 1);
    p = skip_digits(exponent);
    if (p == exponent) return false;
  }
  return *p == '\0';
}

bool dla_number_read(const char *text, double *value)
{
  if (!is_decimal(text)) return false;
  *value = strtod(text, NULL);
  return isfinite(*value);
}

void dla_number_write(double value, dla_strbuf *out)
{
  char text[32];
  for (int digits = 15; digits <= 17; digits++) {
    snprintf(text, sizeof text, "%.*g", digits, value);
    if (strtod(text, NULL) == value) break;
  }
  /* YAML 1.1 readers such as PyYAML read "1e-05" as a string; the point makes it a number. */
  const char *exponent = strchr(text, 'e');
  bool pointless = exponent && !strchr(text, '.');
  int mantissa = exponent ? (int)(exponent - text) : (int)strlen(text);
  dla_strbuf_printf(out, "%.*s%s%s", mantissa, text, pointless ? ".0" : "", text + mantissa);
}
