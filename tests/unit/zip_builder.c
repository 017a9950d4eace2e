#include "zip_builder.h"

#include <string.h>
#include <zlib.h>

static void put(dla_strbuf *out, uint32_t number, size_t width)
{
  dla_strbuf_append(out, (const char *)&number, width);
}

/* From "version needed" to the lengths of name and extra field. */
static void describe(dla_strbuf *out, const char *name, const void *bytes, size_t size,
                     unsigned method, uint32_t stated)
{
  put(out, 20, 2);
  put(out, 0x0800, 2); /* the name is UTF-8 */
  put(out, method, 2);
  put(out, 0x00210000, 4);
  put(out, (uint32_t)crc32_z(0, bytes, size), 4);
  put(out, (uint32_t)size, 4);
  put(out, stated, 4);
  put(out, (uint32_t)strlen(name), 2);
  put(out, 0, 2);
}

static void list(zip_builder *zip, const char *name, uint32_t offset, const void *bytes,
                 size_t size, unsigned method, uint32_t stated)
{
  put(&zip->directory, 0x02014b50, 4);
  put(&zip->directory, 20, 2);
  describe(&zip->directory, name, bytes, size, method, stated);
  for (int i = 0; i < 5; i++) /* comment, disk, attributes */
    put(&zip->directory, 0, 2);
  put(&zip->directory, offset, 4);
  dla_strbuf_printf(&zip->directory, "%s", name);
  zip->count++;
}

void zip_list_again(zip_builder *zip, const char *name, uint32_t offset, const void *bytes,
                    size_t size)
{
  list(zip, name, offset, bytes, size, 0, (uint32_t)size);
}

void zip_add_as(zip_builder *zip, const char *name, const void *bytes, size_t size, unsigned method,
                uint32_t stated)
{
  list(zip, name, (uint32_t)zip->bytes.length, bytes, size, method, stated);
  put(&zip->bytes, 0x04034b50, 4);
  describe(&zip->bytes, name, bytes, size, method, stated);
  dla_strbuf_printf(&zip->bytes, "%s", name);
  dla_strbuf_append(&zip->bytes, bytes, size);
}

void zip_add(zip_builder *zip, const char *name, const void *bytes, size_t size)
{
  zip_add_as(zip, name, bytes, size, 0, (uint32_t)size);
}

void zip_end(zip_builder *zip)
{
  const uint32_t offset = (uint32_t)zip->bytes.length;
  dla_strbuf_append(&zip->bytes, zip->directory.text, zip->directory.length);
  put(&zip->bytes, 0x06054b50, 4);
  put(&zip->bytes, 0, 4);
  put(&zip->bytes, zip->count, 2);
  put(&zip->bytes, zip->count, 2);
  put(&zip->bytes, (uint32_t)zip->directory.length, 4);
  put(&zip->bytes, offset, 4);
  put(&zip->bytes, 0, 2);
}

void zip_free(zip_builder *zip)
{
  dla_strbuf_free(&zip->bytes);
  dla_strbuf_free(&zip->directory);
}
