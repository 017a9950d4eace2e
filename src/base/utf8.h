#ifndef DLA_BASE_UTF8_H
#define DLA_BASE_UTF8_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Decodes the character at text, which ends with a NUL. Returns its length in bytes and sets
 * *code, or returns 0 where text is no valid UTF-8 (overlong forms and surrogates included). */
size_t dla_utf8_decode(const char *text, uint32_t *code);

bool dla_utf8_valid(const char *text);

#endif
