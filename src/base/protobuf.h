/* Writes protobuf's wire format (https://protobuf.dev/programming-guides/encoding/), appending to a
 * text: what of it the messages of ONNX and TensorBoard need. libprotobuf-c would ask for a code
 * generator, their schema, and a copy of every weight. */
#ifndef DLA_BASE_PROTOBUF_H
#define DLA_BASE_PROTOBUF_H

#include <stdint.h>

#include "base/strbuf.h"

/* A field of one of protobuf's types, by its number in the schema. */
void dla_protobuf_integer(dla_strbuf *out, int field, int64_t value); /* int64, int32, enum */
void dla_protobuf_float(dla_strbuf *out, int field, float value);
void dla_protobuf_double(dla_strbuf *out, int field, double value);
void dla_protobuf_doubles(dla_strbuf *out, int field, const double *values,
                          size_t count); /* packed */
void dla_protobuf_text(dla_strbuf *out, int field, const char *text);
/* Appends the message and frees it. */
void dla_protobuf_message(dla_strbuf *out, int field, dla_strbuf *message);
/* Only what stands before so many bytes of a message or of bytes. */
void dla_protobuf_begin(dla_strbuf *out, int field, size_t count);

#endif
