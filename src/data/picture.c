/* Reads the pictures of a dataset one by one, and computes their statistics. */
#include <math.h>
#include <stdlib.h>

#include "base/array.h"
#include "data/formats/format.h"
#include "dla/dataset.h"

enum { CHANNELS_MAX = 4 };

dla_status dla_dataset_picture(const dla_dataset *dataset, size_t index, dla_room *room,
                               dla_picture *picture, dla_error *err)
{
  if (dataset->read)
    return dla_fail(err, DLA_E_INTERNAL, NULL, NULL, "pictures of any size have no planes");
  if (!dataset->images) return dataset->decode(dataset, index, room, picture, err);
  size_t size = (size_t)dataset->channels * (size_t)dataset->height * (size_t)dataset->width;
  *picture = (dla_picture){dataset->channels, dataset->height, dataset->width,
                           dataset->images + index * size};
  return DLA_OK;
}

/* Exact integer sums, so that the variance does not suffer from cancellation. */
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

static void add_rgb(sums *s, const dla_pixels *p)
{
  s->pixels += (double)p->width * p->height;
  for (int y = 0; y < p->height; y++) {
    const uint8_t *row = p->rgb + (size_t)y * p->stride;
    for (int i = 0; i < 3 * p->width; i++) {
      s->sum[i % 3] += row[i];
      s->squares[i % 3] += (uint32_t)row[i] * row[i];
    }
  }
}

/* An unreadable picture does not count. */
static dla_status add_read(const dla_dataset *dataset, size_t index, dla_reader *reader,
                           dla_room *room, sums *s, dla_error *err)
{
  dla_sample sample;
  dla_status status = dataset->read(dataset, index, reader, room, &sample, err);
  const dla_picture_request all = {.max_pixels = dataset->max_pixels};
  if (!status && sample.bytes)
    status = dla_picture_decode(reader, sample.bytes, sample.size, sample.name, &all,
                                &sample.pixels, err);
  if (!status) add_rgb(s, &sample.pixels);
  return status == DLA_E_INPUT || status == DLA_E_IO ? DLA_OK : status;
}

/* For pictures of any size, a sample of this size is enough: its mean is off by less than a grey
 * level. */
enum { READ_MAX = 5000 };

static dla_status add_all(const dla_dataset *dataset, sums *s, dla_error *err)
{
  dla_room room = {0};
  dla_reader *reader = NULL;
  const size_t step = dataset->read ? dataset->count / READ_MAX + 1 : 1;
  dla_status status = dataset->read ? dla_reader_create(&reader, err) : DLA_OK;
  for (size_t i = 0; i < dataset->count && !status; i += step) {
    dla_picture picture;
    if (dataset->read) {
      status = add_read(dataset, i, reader, &room, s, err);
      continue;
    }
    status = dla_dataset_picture(dataset, i, &room, &picture, err);
    if (!status) add(s, &picture);
  }
  free(room.bytes);
  dla_reader_free(reader);
  return status;
}

dla_status dla_dataset_statistics(const dla_dataset *dataset, float *mean, float *std,
                                  dla_error *err)
{
  sums s = {0};
  dla_status status = add_all(dataset, &s, err);
  if (s.pixels == 0) s.pixels = 1;
  for (int c = 0; c < dataset->channels && !status; c++) {
    double average = (double)s.sum[c] / s.pixels;
    double variance = (double)s.squares[c] / s.pixels - average * average;
    mean[c] = (float)(average / 255.0);
    std[c] = (float)(sqrt(variance > 0 ? variance : 0) / 255.0);
  }
  return status;
}

void dla_dataset_free(dla_dataset *dataset)
{
  if (!dataset) return;
  if (dataset->release) dataset->release(dataset);
  dla_free_texts(dataset->class_names, (size_t)dataset->classes);
  free(dataset->images);
  free(dataset->labels);
  free(dataset);
}
