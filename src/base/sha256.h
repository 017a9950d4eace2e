/* SHA-256, by libcrypto. */
#ifndef DLA_BASE_SHA256_H
#define DLA_BASE_SHA256_H

#include <stddef.h>

#include "dla/status.h"

#define DLA_SHA256_TEXT 65 /* 64 hexadecimal digits and the NUL */

dla_status dla_sha256(const void *bytes, size_t count, char text[DLA_SHA256_TEXT], dla_error *err);

/* The same, piece by piece. end() reports a piece that failed, and frees the stream. */
typedef struct dla_sha256_stream dla_sha256_stream;

dla_sha256_stream *dla_sha256_begin(void); /* NULL: out of memory; add() and end() accept it */
void dla_sha256_add(dla_sha256_stream *stream, const void *bytes, size_t count);
dla_status dla_sha256_end(dla_sha256_stream *stream, char text[DLA_SHA256_TEXT], dla_error *err);

#endif
