#include "train/tta.h"

#include <stdlib.h>
#include <string.h>

#include "kernels/kernels.h"

typedef struct view {
  int64_t shift; /* of the source, down and to the right */
  bool mirrored; /* after the shift */
  float weight;
} view;

static const view mirror_views[] = {{0, false, 0.5f}, {0, true, 0.5f}};
static const view multi_crop_views[] = {{0, false, 0.25f},  {0, true, 0.25f},   {-1, false, 0.125f},
                                        {-1, true, 0.125f}, {1, false, 0.125f}, {1, true, 0.125f}};

/* As PyTorch's padding_mode='reflect' for a border of one; a single pixel repeats. */
static int64_t reflect(int64_t at, int64_t size)
{
  if (at < 0) at = -at;
  if (at >= size) at = 2 * (size - 1) - at;
  return size > 1 ? at : 0;
}

static void make_view(const view *v, const float *images, int64_t planes, const dla_shape *image,
                      float *out)
{
  const int64_t height = image->dim[1], width = image->dim[2];
  for (int64_t p = 0; p < planes; p++, images += height * width)
    for (int64_t y = 0; y < height; y++) {
      const float *row = images + reflect(y + v->shift, height) * width;
      for (int64_t x = 0; x < width; x++)
        *out++ = row[reflect((v->mirrored ? width - 1 - x : x) + v->shift, width)];
    }
}

/* Adds a view's weighted logits to the sums. room: for as many images, and their logits. */
static dla_status add_view(dla_network *network, const view *v, const dla_batch *batch, float *room,
                           float *sums, dla_error *err)
{
  const dla_shape image = dla_network_input_shape(network);
  const int64_t count = (int64_t)batch->count, values = count * dla_network_classes(network);
  float *logits = room + count * dla_shape_count(&image);
  dla_result ignored;
  make_view(v, batch->images, count * image.dim[0], &image, room);
  dla_status status =
      dla_network_evaluate(network, room, batch->labels, count, logits, &ignored, err);
  for (int64_t i = 0; i < values && !status; i++)
    sums[i] += v->weight * logits[i];
  return status;
}

static dla_status evaluate_views(dla_network *network, const view *views, size_t view_count,
                                 const dla_batch *batch, float *logits, dla_error *err)
{
  const dla_shape image = dla_network_input_shape(network);
  const size_t classes = (size_t)dla_network_classes(network);
  float *room = malloc(batch->count * ((size_t)dla_shape_count(&image) + classes) * sizeof *room);
  if (!room) return dla_fail_memory(err, "the views of images");
  dla_status status = DLA_OK;
  memset(logits, 0, batch->count * classes * sizeof *logits);
  for (size_t i = 0; i < view_count && !status; i++)
    status = add_view(network, &views[i], batch, room, logits, err);
  free(room);
  return status;
}

static dla_status evaluate_image(dla_network *network, const dla_batch *batch, float *logits,
                                 double *loss, dla_error *err)
{
  dla_result result = {0};
  dla_status status = dla_network_evaluate(network, batch->images, batch->labels,
                                           (int64_t)batch->count, logits, &result, err);
  *loss = result.loss;
  return status;
}

dla_status dla_tta_evaluate(dla_network *network, dla_tta tta, const dla_batch *batch,
                            float *logits, double *loss, dla_error *err)
{
  if (tta == DLA_TTA_NONE) return evaluate_image(network, batch, logits, loss, err);
  const bool mirror = tta == DLA_TTA_MIRROR;
  dla_status status = evaluate_views(network, mirror ? mirror_views : multi_crop_views,
                                     mirror ? sizeof mirror_views / sizeof(view)
                                            : sizeof multi_crop_views / sizeof(view),
                                     batch, logits, err);
  if (status) return status;
  const dla_targets targets = {.labels = batch->labels,
                               .batch = (int64_t)batch->count,
                               .classes = dla_network_classes(network)};
  float found[2];
  dla_softmax_cross_entropy(logits, &targets, found);
  *loss = (double)found[0];
  return DLA_OK;
}
