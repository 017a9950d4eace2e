#include "backend/openblas/layout.h"

#include <string.h>

typedef struct strides {
  int64_t channels, pixels, padded, block;
} strides;

static strides strides_of(const dla_shape *shape, int block)
{
  return (strides){shape->dim[1], shape->dim[2] * shape->dim[3], openblas_pad(shape->dim[1], block),
                   block};
}

/* Pixel 0 of a channel of an image. */
static int64_t channel_at(const strides *s, int64_t image, int64_t channel)
{
  return (image * s->padded + channel / s->block * s->block) * s->pixels + channel % s->block;
}

void openblas_image_write(const dla_shape *shape, int block, const float *plain, float *blocked)
{
  strides s = strides_of(shape, block);
#pragma omp parallel for schedule(static)
  for (int64_t n = 0; n < shape->dim[0]; n++)
    for (int64_t c = 0; c < s.padded; c++)
      for (int64_t p = 0; p < s.pixels; p++)
        blocked[channel_at(&s, n, c) + p * block] =
            c < s.channels ? plain[(n * s.channels + c) * s.pixels + p] : 0;
}

void openblas_image_read(const dla_shape *shape, int block, const float *blocked, float *plain)
{
  strides s = strides_of(shape, block);
#pragma omp parallel for schedule(static)
  for (int64_t n = 0; n < shape->dim[0]; n++)
    for (int64_t c = 0; c < s.channels; c++)
      for (int64_t p = 0; p < s.pixels; p++)
        plain[(n * s.channels + c) * s.pixels + p] = blocked[channel_at(&s, n, c) + p * block];
}

size_t openblas_weights_bytes(const dla_shape *shape, int block)
{
  return (size_t)(openblas_pad(shape->dim[0], block) * openblas_pad(shape->dim[1], block) *
                  shape->dim[2] * shape->dim[3]) *
         sizeof(float);
}

static int64_t weight_at(const strides *s, int64_t out, int64_t in, int64_t pixel)
{
  int64_t pair = out / s->block * (s->padded / s->block) + in / s->block;
  return ((pair * s->pixels + pixel) * s->block + in % s->block) * s->block + out % s->block;
}

void openblas_weights_write(const dla_shape *shape, int block, const float *plain, float *blocked)
{
  strides s = strides_of(shape, block);
  memset(blocked, 0, openblas_weights_bytes(shape, block));
  for (int64_t o = 0; o < shape->dim[0]; o++)
    for (int64_t i = 0; i < s.channels; i++)
      for (int64_t p = 0; p < s.pixels; p++)
        blocked[weight_at(&s, o, i, p)] = plain[(o * s.channels + i) * s.pixels + p];
}

void openblas_weights_read(const dla_shape *shape, int block, const float *blocked, float *plain)
{
  strides s = strides_of(shape, block);
  for (int64_t o = 0; o < shape->dim[0]; o++)
    for (int64_t i = 0; i < s.channels; i++)
      for (int64_t p = 0; p < s.pixels; p++)
        plain[(o * s.channels + i) * s.pixels + p] = blocked[weight_at(&s, o, i, p)];
}
