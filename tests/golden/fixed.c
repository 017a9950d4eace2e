#include "fixed.h"

#include <stdio.h>

void fixed_numbers(const char *name, float *out, size_t count)
{
  uint32_t seed = 0x811C9DC5u;
  for (; *name; name++)
    seed = (seed ^ (unsigned char)*name) * 0x01000193u;
  for (size_t i = 0; i < count; i++) {
    uint32_t x = (uint32_t)i + seed;
    x ^= x >> 16;
    x *= 0x7FEB352Du;
    x ^= x >> 15;
    x *= 0x846CA68Bu;
    x ^= x >> 16;
    out[i] = (float)(x >> 8) / (float)(1 << 24);
  }
}

void fixed_images(const char *name, float *images, int count)
{
  fixed_numbers(name, images, (size_t)count * 3072);
  for (int i = 0; i < count * 3072; i++)
    images[i] = 4 * images[i] - 2;
}

void fixed_batch(int number, float *images, int32_t *labels, int count)
{
  float classes[FIXED_MOST];
  char name[32];
  snprintf(name, sizeof name, "images%d", number);
  fixed_images(name, images, count);
  snprintf(name, sizeof name, "labels%d", number);
  fixed_numbers(name, classes, (size_t)count);
  for (int i = 0; i < count; i++)
    labels[i] = (int32_t)(classes[i] * 10);
}
