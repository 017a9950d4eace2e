#include <inttypes.h>
#include <string.h>

#include "base/atomic_file.h"
#include "base/strbuf.h"
#include "checkpoint/safetensors.h"

static void add_metadata(dla_strbuf *header, const dla_tensor_set *set)
{
  dla_strbuf_printf(header, "\"__metadata__\":{");
  for (size_t i = 0; i < set->note_count; i++) {
    if (i) dla_strbuf_printf(header, ",");
    dla_strbuf_json_string(header, set->note[i].key);
    dla_strbuf_printf(header, ":");
    dla_strbuf_json_string(header, set->note[i].value);
  }
  dla_strbuf_printf(header, "}");
}

static void add_tensor(dla_strbuf *header, const dla_tensor_entry *tensor, size_t begin)
{
  dla_strbuf_printf(header, ",");
  dla_strbuf_json_string(header, tensor->name);
  dla_strbuf_printf(header, ":{\"dtype\":\"%s\",\"shape\":[", dla_dtype_name(tensor->dtype));
  for (int i = 0; i < tensor->shape.rank; i++)
    dla_strbuf_printf(header, "%s%" PRId64, i ? "," : "", tensor->shape.dim[i]);
  dla_strbuf_printf(header, "],\"data_offsets\":[%zu,%zu]}", begin, begin + tensor->size);
}

static void make_header(dla_strbuf *header, const dla_tensor_set *set)
{
  size_t begin = 0;
  dla_strbuf_printf(header, "{");
  add_metadata(header, set);
  for (size_t i = 0; i < set->tensor_count; i++) {
    add_tensor(header, &set->tensor[i], begin);
    begin += set->tensor[i].size;
  }
  dla_strbuf_printf(header, "}");
  /* The format allows spaces after the header; they align the tensors. */
  dla_strbuf_append(header, "       ", (8 - header->length % 8) % 8);
}

static dla_status write_parts(const dla_tensor_set *set, const dla_strbuf *header,
                              dla_atomic_file *file, dla_error *err)
{
  const uint64_t length = header->length;
  dla_status status = dla_atomic_write(file, &length, sizeof length, err);
  if (!status) status = dla_atomic_write(file, header->text, header->length, err);
  for (size_t i = 0; i < set->tensor_count && !status; i++)
    status = dla_atomic_write(file, set->tensor[i].bytes, set->tensor[i].size, err);
  return status;
}

dla_status dla_safetensors_write(const dla_tensor_set *set, const char *path, dla_error *err)
{
  dla_strbuf header = {0};
  dla_atomic_file *file = NULL;
  make_header(&header, set);
  dla_status status = header.failed ? dla_fail_memory(err, "a checkpoint's header")
                                    : dla_atomic_open(path, &file, err);
  if (!status) status = write_parts(set, &header, file, err);
  dla_strbuf_free(&header);
  return dla_atomic_end(file, status, err);
}
