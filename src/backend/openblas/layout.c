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

/* The offset of pixel 0 of a channel of an image. */
static int64_t channel_at(const strides *s, int64_t image, int64_t channel)
{
  return (image * s->padded + channel / s->block * s->block) * s->pixels + channel % s->block;
}

/* An item is an image. */
typedef struct image_copy {
  strides s;
  const float *from;
  float *to;
} image_copy;

static void write_images(const void *context, dla_items *items)
{
  const image_copy *copy = context;
  const strides *s = &copy->s;
  for (int64_t n; dla_items_next(items, &n);)
    for (int64_t c = 0; c < s->padded; c++)
      for (int64_t p = 0; p < s->pixels; p++)
        copy->to[channel_at(s, n, c) + p * s->block] =
            c < s->channels ? copy->from[(n * s->channels + c) * s->pixels + p] : 0;
}

static void read_images(const void *context, dla_items *items)
{
  const image_copy *copy = context;
  const strides *s = &copy->s;
  for (int64_t n; dla_items_next(items, &n);)
    for (int64_t c = 0; c < s->channels; c++)
      for (int64_t p = 0; p < s->pixels; p++)
        copy->to[(n * s->channels + c) * s->pixels + p] =
            copy->from[channel_at(s, n, c) + p * s->block];
}

void openblas_image_write(dla_team *team, const dla_shape *shape, int block, const float *plain,
                          float *blocked)
{
  const image_copy copy = {strides_of(shape, block), plain, blocked};
  dla_team_run(team, shape->dim[0], write_images, &copy);
}

void openblas_image_read(dla_team *team, const dla_shape *shape, int block, const float *blocked,
                         float *plain)
{
  const image_copy copy = {strides_of(shape, block), blocked, plain};
  dla_team_run(team, shape->dim[0], read_images, &copy);
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
