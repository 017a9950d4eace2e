#ifndef DLA_BASE_SHELL_QUOTE_H
#define DLA_BASE_SHELL_QUOTE_H

#include "base/strbuf.h"

/* Appends text so that a shell reads it as one word. */
void dla_shell_quote(const char *text, dla_strbuf *out);

#endif
