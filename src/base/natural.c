#include "base/natural.h"

#include <stddef.h>
#include <string.h>

static int is_digit(char c)
{
  return c >= '0' && c <= '9';
}

/* Only ASCII letters have a case here, whatever the locale. */
static unsigned lower(char c)
{
  return (unsigned char)(c >= 'A' && c <= 'Z' ? c - 'A' + 'a' : c);
}

static const char *skip_zeros(const char *text)
{
  while (text[0] == '0' && is_digit(text[1]))
    text++;
  return text;
}

static size_t digits(const char *text)
{
  size_t count = 0;
  while (is_digit(text[count]))
    count++;
  return count;
}

/* Compares two numbers. Both texts begin with a digit; moves both behind the number. */
static int compare_numbers(const char **a, const char **b)
{
  const char *x = skip_zeros(*a), *y = skip_zeros(*b);
  const size_t m = digits(x), n = digits(y);
  *a = x + m;
  *b = y + n;
  return m != n ? (m < n ? -1 : 1) : strncmp(x, y, m);
}

int dla_natural_compare(const char *a, const char *b)
{
  const char *x = a, *y = b;
  while (*x && *y) {
    if (is_digit(*x) && is_digit(*y)) {
      const int order = compare_numbers(&x, &y);
      if (order) return order;
    } else {
      if (lower(*x) != lower(*y)) return lower(*x) < lower(*y) ? -1 : 1;
      x++;
      y++;
    }
  }
  if (*x || *y) return *x ? 1 : -1;
  return strcmp(a, b);
}
