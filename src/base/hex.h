/* Hexadecimal digits. */
#ifndef DLA_BASE_HEX_H
#define DLA_BASE_HEX_H

/* The value of a digit of either case; -1 if it is no digit. */
static inline int dla_hex_digit(char c)
{
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  return c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

#endif
