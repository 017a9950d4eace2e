/* Writes protobuf's wire format (https://protobuf.dev/programming-guides/encoding/): the part of it
 * that the messages of ONNX and TensorBoard need. libprotobuf-c would need a code generator, their
 * schema, and a copy of every weight. */
#ifndef DLA_BASE_PROTOBUF_H
#define DLA_BASE_PROTOBUF_H

#include <stdint.h>

#include "base/strbuf.h"

/* Each appends a field of a protobuf type; `field` is its number in the schema. */
void dla_protobuf_integer(dla_strbuf *out, int field, int64_t value); /* int64, int32, enum */
void dla_protobuf_float(dla_strbuf *out, int field, float value);
void dla_protobuf_double(dla_strbuf *out, int field, double value);
void dla_protobuf_doubles(dla_strbuf *out, int field, const double *values,
                          size_t count); /* packed */
void dla_protobuf_text(dla_strbuf *out, int field, const char *text);
/* Appends a message, and frees it. */
void dla_protobuf_message(dla_strbuf *out, int field, dla_strbuf *message);
/* Appends only the head of a field of `count` bytes; the caller appends these. */
void dla_protobuf_begin(dla_strbuf *out, int field, size_t count);

#endif
