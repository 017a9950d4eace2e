/* Base64, as headers carry digests and keys, and pages whole files. */
#ifndef DLA_BASE_BASE64_H
#define DLA_BASE_BASE64_H

#include <stddef.h>

#include "base/strbuf.h"

/* Writes the text with its NUL: size is at least 4 * ((count + 2) / 3) + 1. */
void dla_base64_encode(char *text, size_t size, const unsigned char *bytes, size_t count);

/* Appends the text of as many bytes as there are. */
void dla_base64_write(const void *bytes, size_t count, dla_strbuf *out);

/* How many bytes the text stands for, or 0: it is no base64, or more than size. Also the alphabet
 * of URLs, and without padding (RFC 4648, 3.2 and 5). */
size_t dla_base64_decode(const char *text, unsigned char *bytes, size_t size);

#endif
