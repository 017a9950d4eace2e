#include "data/formats/format.h"

#include <stdlib.h>
#include <string.h>

#include "base/array.h"
#include "base/one_line.h"

const dla_format *const dla_formats[] = {
    &dla_format_cifar10_python,
    &dla_format_cifar100_python,
    &dla_format_cifar10_binary,
    &dla_format_cifar100_binary,
    &dla_format_idx,
    &dla_format_stl10,
    NULL,
};

char **dla_names_new(int count)
{
  return calloc((size_t)count, sizeof(char *));
}

char *dla_name_new(const char *text, size_t length)
{
  char *name = strndup(text, length);
  if (name) dla_one_line(name);
  return name;
}

char **dla_names_copy(char *const *names, int count)
{
  char **copy = dla_names_new(count);
  for (int i = 0; copy && i < count; i++) {
    copy[i] = strdup(names[i]);
    if (copy[i]) continue;
    dla_free_texts(copy, (size_t)count);
    return NULL;
  }
  return copy;
}

dla_status dla_names_by_line(const dla_format *format, const dla_blob *blob, char ***names,
                             dla_error *err)
{
  *names = dla_names_new(format->classes);
  if (!*names) return dla_fail_memory(err, "the names of the classes");
  size_t position = 0;
  for (int i = 0; i < format->classes; i++) {
    const char *line = (const char *)blob->bytes + position;
    size_t length = 0;
    while (position + length < blob->size && line[length] != '\n' && line[length] != '\r')
      length++;
    if (length == 0)
      return dla_blob_fail(blob, position, err, "%d names for %d classes", i, format->classes);
    (*names)[i] = dla_name_new(line, length);
    if (!(*names)[i]) return dla_fail_memory(err, "the names of the classes");
    position += length;
    if (position < blob->size && blob->bytes[position] == '\r') position++;
    if (position < blob->size && blob->bytes[position] == '\n') position++;
  }
  return DLA_OK;
}
