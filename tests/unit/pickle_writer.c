#include "pickle_writer.h"

#include <string.h>

static void number(dla_strbuf *text, char opcode, uint32_t value)
{
  char bytes[5] = {opcode, (char)value, (char)(value >> 8), (char)(value >> 16),
                   (char)(value >> 24)};
  dla_strbuf_append(text, bytes, sizeof bytes);
}

void pickle_string(dla_strbuf *text, const char *string)
{
  number(text, 'T', (uint32_t)strlen(string));
  dla_strbuf_append(text, string, strlen(string));
}

void pickle_integers(dla_strbuf *text, const int32_t *integers, size_t count)
{
  PICKLE(text, "](");
  for (size_t i = 0; i < count; i++)
    number(text, 'J', (uint32_t)integers[i]);
  PICKLE(text, "e");
}

void pickle_strings(dla_strbuf *text, const char *const *strings, size_t count)
{
  PICKLE(text, "](");
  for (size_t i = 0; i < count; i++)
    pickle_string(text, strings[i]);
  PICKLE(text, "e");
}

void pickle_shaped_array(dla_strbuf *text, const uint8_t *bytes, const uint32_t *dim, int rank,
                         int fortran)
{
  uint32_t count = 1;
  PICKLE(text, "cnumpy.core.multiarray\n_reconstruct\nq\x01(cnumpy\nndarray\nK\0\x85U\x01"
               "btR(K\x01(");
  for (int i = 0; i < rank; i++) {
    number(text, 'J', dim[i]);
    count *= dim[i];
  }
  PICKLE(text, "t"
               "cnumpy\ndtype\nU\x02u1K\0K\x01\x87R(K\x03U\x01|NNNJ\xff\xff\xff\xffJ\xff\xff\xff"
               "\xffK\0tb");
  if (fortran)
    PICKLE(text, "\x88");
  else
    PICKLE(text, "\x89");
  number(text, 'T', count);
  dla_strbuf_append(text, (const char *)bytes, count);
  PICKLE(text, "tb");
}

void pickle_array(dla_strbuf *text, const uint8_t *bytes, uint32_t rows, uint32_t columns)
{
  pickle_shaped_array(text, bytes, (const uint32_t[]){rows, columns}, 2, 0);
}

void pickle_batch(dla_strbuf *text, const char *labels_key, const int32_t *labels,
                  const uint8_t *images, uint32_t count)
{
  PICKLE(text, "\x80\x02}(");
  pickle_string(text, "batch_label");
  pickle_string(text, "a batch for tests");
  pickle_string(text, labels_key);
  pickle_integers(text, labels, count);
  pickle_string(text, "data");
  pickle_array(text, images, count, 3072);
  PICKLE(text, "u.");
}
