/* Base64: headers carry digests and keys in it, and pages carry whole files. */
#ifndef DLA_BASE_BASE64_H
#define DLA_BASE_BASE64_H

#include <stddef.h>

#include "base/strbuf.h"

/* Writes the text and a NUL: size is at least 4 * ((count + 2) / 3) + 1. */
void dla_base64_encode(char *text, size_t size, const unsigned char *bytes, size_t count);

/* Appends the text; count may be any size. */
void dla_base64_write(const void *bytes, size_t count, dla_strbuf *out);

/* Returns how many bytes the text stands for. 0: it is no base64, or it is more than size. Takes
 * the alphabet of URLs, too, and text without padding (RFC 4648, 3.2 and 5). */
size_t dla_base64_decode(const char *text, unsigned char *bytes, size_t size);

#endif
