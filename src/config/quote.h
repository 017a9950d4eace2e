#ifndef DLA_CONFIG_QUOTE_H
#define DLA_CONFIG_QUOTE_H

#include "base/strbuf.h"

/* Appends valid UTF-8 text as a double-quoted YAML string, which is a JSON string, too. What YAML
 * would fold, refuse or drop is escaped. */
void dla_quote(const char *text, dla_strbuf *out);

#endif
