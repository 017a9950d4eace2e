#include "base/array.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

enum { LEAST_BYTES = 64, LEAST = 8 };

static size_t larger(size_t a, size_t b)
{
  return a > b ? a : b;
}

bool dla_array_reserve(void *items, size_t *capacity, size_t count, size_t more, size_t size)
{
  const size_t most = SIZE_MAX / size;
  if (more > most - count) return false;
  if (count + more <= *capacity) return true;
  /* Doubles the room, so that all the growth together costs about as much as the last one. */
  size_t wanted = *capacity ? *capacity : larger(LEAST_BYTES / size, LEAST) / 2;
  wanted = larger(wanted > most / 2 ? most : 2 * wanted, count + more);
  void *old;
  memcpy(&old, items, sizeof old); /* a pointer of any type */
  void *grown = realloc(old, wanted * size);
  if (!grown) return false;
  memcpy(items, &grown, sizeof grown);
  *capacity = wanted;
  return true;
}

size_t dla_array_place(const void *items, size_t count, size_t size, const char *name)
{
  size_t low = 0, high = count;
  while (low < high) {
    size_t middle = low + (high - low) / 2;
    const char *here;
    memcpy(&here, (const char *)items + middle * size, sizeof here);
    if (strcmp(here, name) < 0)
      low = middle + 1;
    else
      high = middle;
  }
  return low;
}

bool dla_is_one_of(const char *text, const char *const *words)
{
  while (*words && strcmp(text, *words) != 0)
    words++;
  return *words != NULL;
}

void dla_free_texts(char **texts, size_t count)
{
  for (size_t i = 0; texts && i < count; i++)
    free(texts[i]);
  free(texts);
}
