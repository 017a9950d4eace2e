#include "data/formats/format.h"

#include <stdlib.h>
#include <string.h>

#include "base/one_line.h"

const dla_format *const dla_formats[] = {
    &dla_format_cifar10_python,
    &dla_format_cifar100_python,
    &dla_format_cifar10_binary,
    &dla_format_cifar100_binary,
    &dla_format_idx,
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
    dla_names_free(copy, count);
    return NULL;
  }
  return copy;
}

void dla_names_free(char **names, int count)
{
  for (int i = 0; names && i < count; i++)
    free(names[i]);
  free(names);
}
