/* Hides keys and passwords. They never leave the configuration: not in a dump, a checkpoint or an
 * error. */
#ifndef DLA_CONFIG_REDACT_H
#define DLA_CONFIG_REDACT_H

#include <stdbool.h>

#include "config/config.h"
#include "config/schema.h"

/* Appends the text without its secrets. A redacted text stays the same. */
void dla_redact(dla_secrecy secrecy, const char *text, dla_strbuf *out);

/* Whether the text contains something that dla_redact() hides. */
bool dla_holds_secret(dla_secrecy secrecy, const char *text);

/* Whether the text contains a secret as it stands, and not one that dla_expand() takes from a
 * variable. Beside a password from a variable, the user's name is no secret. */
bool dla_holds_literal_secret(dla_secrecy secrecy, const char *text);

#endif
