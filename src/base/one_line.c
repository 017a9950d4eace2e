#include "base/one_line.h"

void dla_one_line(char *text)
{
  for (unsigned char *p = (unsigned char *)text; *p; p++)
    if (*p < 0x20 || *p == 0x7f) *p = '?';
}
