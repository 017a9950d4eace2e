#include "base/utf8_locale.h"

dla_utf8_locale dla_utf8_locale_enter(void)
{
  dla_utf8_locale l = {.utf8 = newlocale(LC_CTYPE_MASK, "C.UTF-8", (locale_t)0)};
  if (l.utf8) l.before = uselocale(l.utf8);
  return l;
}

void dla_utf8_locale_leave(dla_utf8_locale l)
{
  if (!l.utf8) return;
  uselocale(l.before);
  freelocale(l.utf8);
}
