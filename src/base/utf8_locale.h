/* The program runs in the C locale. There libarchive cannot convert names that archives store as
 * UTF-8 or UTF-16. This gives one thread a locale that can, for a while. */
#ifndef DLA_BASE_UTF8_LOCALE_H
#define DLA_BASE_UTF8_LOCALE_H

#include <locale.h>

typedef struct dla_utf8_locale {
  locale_t utf8, before;
} dla_utf8_locale;

/* Where the system has no such locale, nothing changes: ASCII names still work. */
dla_utf8_locale dla_utf8_locale_enter(void);
void dla_utf8_locale_leave(dla_utf8_locale locale);

#endif
