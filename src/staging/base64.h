/* Base64, as headers carry digests and keys. */
#ifndef DLA_STAGING_BASE64_H
#define DLA_STAGING_BASE64_H

#include <stddef.h>

/* Writes the text with its NUL: size is at least 4 * ((count + 2) / 3) + 1. */
void dla_base64_encode(char *text, size_t size, const unsigned char *bytes, size_t count);

/* How many bytes the text stands for, or 0: it is no base64, or more than size. Also the alphabet
 * of URLs, and without padding (RFC 4648, 3.2 and 5). */
size_t dla_base64_decode(const char *text, unsigned char *bytes, size_t size);

#endif
