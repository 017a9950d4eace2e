/* PKWARE's APPNOTE.TXT, sections 4.3.7 (local header), 4.3.12 (directory), 4.3.16 (its end). */
#include "checkpoint/zip_write.h"

#include <string.h>
#include <zlib.h>

enum {
  LOCAL_HEADER = 30,
  EXTRA_HEADER = 4,
  ALIGNMENT = 64, /* caffe2/serialize/inline_container.cc: kFieldAlignment */
  MEMBERS_MAX = 65535,
};

/* Beyond this a zip needs other headers ("zip64"). */
static const uint64_t bytes_max = UINT32_MAX - 1;

static void put(dla_strbuf *out, uint32_t number, size_t width)
{
  dla_strbuf_append(out, (const char *)&number, width); /* little-endian, as this machine is */
}

/* What a local header and a directory entry have in common. */
static void put_description(dla_strbuf *out, uint32_t crc, size_t size, size_t name_length,
                            size_t extra_length)
{
  put(out, 0, 2);          /* version needed: 0, as PyTorch writes */
  put(out, 0x0800, 2);     /* the name is UTF-8 */
  put(out, 0, 2);          /* method: stored */
  put(out, 0x00210000, 4); /* no time; 1 January 1980, the first day there is */
  put(out, crc, 4);
  put(out, (uint32_t)size, 4); /* in the archive */
  put(out, (uint32_t)size, 4); /* as a file */
  put(out, (uint32_t)name_length, 2);
  put(out, (uint32_t)extra_length, 2);
}

/* The padding is an extra field of PyTorch's: "FB", its length, and that many Z. */
static void put_local_header(dla_strbuf *out, uint64_t offset, const char *name, uint32_t crc,
                             size_t size)
{
  size_t end = (size_t)(offset % ALIGNMENT) + LOCAL_HEADER + strlen(name) + EXTRA_HEADER;
  size_t padding = (ALIGNMENT - end % ALIGNMENT) % ALIGNMENT;
  put(out, 0x04034b50, 4);
  put_description(out, crc, size, strlen(name), EXTRA_HEADER + padding);
  dla_strbuf_printf(out, "%sFB", name);
  put(out, (uint32_t)padding, 2);
  for (size_t i = 0; i < padding; i++)
    dla_strbuf_append(out, "Z", 1);
}

static void put_directory_entry(dla_strbuf *out, uint64_t offset, const char *name, uint32_t crc,
                                size_t size)
{
  put(out, 0x02014b50, 4);
  put(out, 0, 2); /* made by: MS-DOS, so that no attributes are needed */
  put_description(out, crc, size, strlen(name), 0);
  put(out, 0, 2); /* length of the comment */
  put(out, 0, 2); /* disk */
  put(out, 0, 2); /* internal attributes */
  put(out, 0, 4); /* external attributes */
  put(out, (uint32_t)offset, 4);
  dla_strbuf_printf(out, "%s", name);
}

static dla_status write_bytes(dla_zip_writer *zip, const void *bytes, size_t size, dla_error *err)
{
  zip->offset += size;
  return dla_atomic_write(zip->file, bytes, size, err);
}

static dla_status too_large(const dla_zip_writer *zip, dla_error *err)
{
  return dla_fail(err, DLA_E_UNSUPPORTED, zip->path, "use a name that ends in .safetensors",
                  "a .pth file of more than 4 GB or 65535 tensors is not supported");
}

dla_status dla_zip_add(dla_zip_writer *zip, const char *name, const void *bytes, size_t size,
                       dla_error *err)
{
  if (zip->count == MEMBERS_MAX || size > bytes_max || zip->offset > bytes_max - size)
    return too_large(zip, err);
  uint32_t crc = (uint32_t)crc32_z(0, bytes, size);
  dla_strbuf header = {0};
  put_local_header(&header, zip->offset, name, crc, size);
  put_directory_entry(&zip->directory, zip->offset, name, crc, size);
  zip->count++;
  dla_status status = header.failed || zip->directory.failed
                          ? dla_fail_memory(err, "a checkpoint")
                          : write_bytes(zip, header.text, header.length, err);
  dla_strbuf_free(&header);
  return status ? status : write_bytes(zip, bytes, size, err);
}

dla_status dla_zip_finish(dla_zip_writer *zip, dla_error *err)
{
  dla_strbuf end = {0};
  if (zip->offset > bytes_max - zip->directory.length) return too_large(zip, err);
  put(&end, 0x06054b50, 4);
  put(&end, 0, 4); /* number of this disk, and of the directory's */
  put(&end, (uint32_t)zip->count, 2);
  put(&end, (uint32_t)zip->count, 2);
  put(&end, (uint32_t)zip->directory.length, 4);
  put(&end, (uint32_t)zip->offset, 4);
  put(&end, 0, 2); /* length of the comment */
  dla_status status = end.failed ? dla_fail_memory(err, "a checkpoint") : DLA_OK;
  if (!status) status = write_bytes(zip, zip->directory.text, zip->directory.length, err);
  if (!status) status = write_bytes(zip, end.text, end.length, err);
  dla_strbuf_free(&end);
  return status;
}
