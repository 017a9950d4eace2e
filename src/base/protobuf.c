#include "base/protobuf.h"

#include <string.h>

typedef enum wire_type { VARINT = 0, FIXED64 = 1, LENGTH = 2, FIXED32 = 5 } wire_type;

/* Seven bits a byte, the lowest first; the eighth bit says that more bytes follow. */
static void put_varint(dla_strbuf *out, uint64_t value)
{
  for (; value >= 0x80; value >>= 7)
    dla_strbuf_append(out, (const char[]){(char)(0x80 | (value & 0x7f))}, 1);
  dla_strbuf_append(out, (const char[]){(char)value}, 1);
}

static void put_tag(dla_strbuf *out, int field, wire_type type)
{
  put_varint(out, (uint64_t)field << 3 | type);
}

void dla_protobuf_integer(dla_strbuf *out, int field, int64_t value)
{
  put_tag(out, field, VARINT);
  put_varint(out, (uint64_t)value);
}

void dla_protobuf_float(dla_strbuf *out, int field, float value)
{
  put_tag(out, field, FIXED32);
  dla_strbuf_append(out, (const char *)&value, sizeof value);
}

void dla_protobuf_double(dla_strbuf *out, int field, double value)
{
  put_tag(out, field, FIXED64);
  dla_strbuf_append(out, (const char *)&value, sizeof value);
}

void dla_protobuf_doubles(dla_strbuf *out, int field, const double *values, size_t count)
{
  dla_protobuf_begin(out, field, count * sizeof *values);
  dla_strbuf_append(out, (const char *)values, count * sizeof *values);
}

void dla_protobuf_begin(dla_strbuf *out, int field, size_t count)
{
  put_tag(out, field, LENGTH);
  put_varint(out, count);
}

void dla_protobuf_text(dla_strbuf *out, int field, const char *text)
{
  dla_protobuf_begin(out, field, strlen(text));
  dla_strbuf_append(out, text, strlen(text));
}

void dla_protobuf_message(dla_strbuf *out, int field, dla_strbuf *message)
{
  dla_protobuf_begin(out, field, message->length);
  dla_strbuf_append(out, dla_strbuf_text(message), message->length);
  out->failed |= message->failed;
  dla_strbuf_free(message);
}
