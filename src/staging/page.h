/* What a web page, or another text of a server, says: for errors. Any bytes will do. */
#ifndef DLA_STAGING_PAGE_H
#define DLA_STAGING_PAGE_H

#include <stdbool.h>
#include <stddef.h>

/* Does the text begin as HTML does? */
bool dla_page_is_html(const char *text, size_t size);

/* A page's title, else a text's first words, cleaned and shortened; "" where there are none. */
void dla_page_words(const char *text, size_t size, char *words, size_t room);

#endif
