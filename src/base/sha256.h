/* SHA-256, by libcrypto. */
#ifndef DLA_BASE_SHA256_H
#define DLA_BASE_SHA256_H

#include <stddef.h>

#include "dla/status.h"

#define DLA_SHA256_TEXT 65 /* 64 hexadecimal digits and the NUL */

dla_status dla_sha256(const void *bytes, size_t count, char text[DLA_SHA256_TEXT], dla_error *err);

#endif
