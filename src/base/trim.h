/* Removes blanks and line ends around a text. */
#ifndef DLA_BASE_TRIM_H
#define DLA_BASE_TRIM_H

#include <string.h>

/* Moves *text behind the blanks in front; returns the length without those at the end. */
static inline size_t dla_trim(const char **text)
{
  static const char around[] = " \t\r\n";
  *text += strspn(*text, around);
  size_t length = strlen(*text);
  while (length && strchr(around, (*text)[length - 1]))
    length--;
  return length;
}

#endif
