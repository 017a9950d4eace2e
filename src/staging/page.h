/* What the text of a server, a web page or another one, says: for errors. It may be any bytes. */
#ifndef DLA_STAGING_PAGE_H
#define DLA_STAGING_PAGE_H

#include <stdbool.h>
#include <stddef.h>

/* Whether the text begins as HTML does. */
bool dla_page_is_html(const char *text, size_t size);

/* Writes the page's title, or the first words of another text, cleaned and shortened; "" if there
 * are none. */
void dla_page_words(const char *text, size_t size, char *words, size_t room);

#endif
