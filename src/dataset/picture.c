/* The pictures of a dataset, one by one, and what they have in common. */
#include <math.h>
#include <stdlib.h>

#include "dla/dataset.h"

enum { CHANNELS_MAX = 4 };

dla_status dla_dataset_picture(const dla_dataset *dataset, size_t index, dla_room *room,
                               dla_picture *picture, dla_error *err)
{
  if (!dataset->images) return dataset->decode(dataset, index, room, picture, err);
  size_t size = (size_t)dataset->channels * (size_t)dataset->height * (size_t)dataset->width;
  *picture = (dla_picture){dataset->channels, dataset->height, dataset->width,
                           dataset->images + index * size};
  return DLA_OK;
}

/* Exact sums: the variance does not suffer from the difference of large numbers. */
typedef struct sums {
  uint64_t sum[CHANNELS_MAX], squares[CHANNELS_MAX];
  double pixels;
} sums;

static void add(sums *s, const dla_picture *picture)
{
  size_t plane = (size_t)picture->height * (size_t)picture->width;
  s->pixels += (double)plane;
  for (int c = 0; c < picture->channels; c++) {
    const uint8_t *pixels = picture->pixels + (size_t)c * plane;
    for (size_t p = 0; p < plane; p++) {
      s->sum[c] += pixels[p];
      s->squares[c] += (uint32_t)pixels[p] * pixels[p];
    }
  }
}

dla_status dla_dataset_statistics(const dla_dataset *dataset, float *mean, float *std,
                                  dla_error *err)
{
  sums s = {0};
  dla_room room = {0};
  dla_status status = DLA_OK;
  for (size_t i = 0; i < dataset->count && !status; i++) {
    dla_picture picture;
    status = dla_dataset_picture(dataset, i, &room, &picture, err);
    if (!status) add(&s, &picture);
  }
  free(room.bytes);
  for (int c = 0; c < dataset->channels && !status; c++) {
    double average = (double)s.sum[c] / s.pixels;
    double variance = (double)s.squares[c] / s.pixels - average * average;
    mean[c] = (float)(average / 255.0);
    std[c] = (float)(sqrt(variance > 0 ? variance : 0) / 255.0);
  }
  return status;
}
