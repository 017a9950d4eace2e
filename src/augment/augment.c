#include "augment/augment.h"

#include "base/philox.h"

dla_status dla_augment_init(dla_augment *a, const dla_dataset *dataset,
                            const dla_loader_options *options, dla_error *err)
{
  *a = (dla_augment){.options = *options,
                     .src_channels = dataset->channels,
                     .src_height = dataset->height,
                     .src_width = dataset->width};
  if (dataset->channels != options->channels && dataset->channels != 1)
    return dla_fail(
        err, DLA_E_INPUT, "model.in_channels", "set it to the images' number of channels",
        "the images have %d channels, the network takes %d", dataset->channels, options->channels);
  if (dataset->height > options->height || dataset->width > options->width)
    return dla_fail(err, DLA_E_UNSUPPORTED, NULL, NULL,
                    "the images are %dx%d, larger than the network's %dx%d", dataset->height,
                    dataset->width, options->height, options->width);
  for (int c = 0; c < options->channels; c++)
    for (int v = 0; v < 256; v++)
      a->value[c][v] = ((float)v / 255.0f - options->mean[c]) / options->std[c];
  return DLA_OK;
}

dla_augment_draw dla_augment_draw_at(const dla_augment *a, uint64_t epoch, uint32_t sample)
{
  const dla_loader_options *o = &a->options;
  dla_augment_draw draw = {(o->height - a->src_height) / 2, (o->width - a->src_width) / 2, false};
  if (o->crop_padding > 0) {
    dla_random crop = dla_random_at(o->seed, DLA_RANDOM_CROP, epoch, sample);
    uint32_t places = 2 * (uint32_t)o->crop_padding + 1;
    draw.top += o->crop_padding - (int)dla_random_below(&crop, places);
    draw.left += o->crop_padding - (int)dla_random_below(&crop, places);
  }
  if (o->flip) {
    dla_random flip = dla_random_at(o->seed, DLA_RANDOM_FLIP, epoch, sample);
    draw.flip = dla_random_float(&flip) < 0.5f;
  }
  return draw;
}

/* One row of one channel; pixels is the source's row, or NULL above and below it. */
static void apply_row(const dla_augment *a, const dla_augment_draw *draw, const float value[256],
                      const uint8_t *pixels, float *out)
{
  int width = a->options.width;
  int begin = draw->left > 0 ? draw->left : 0, end = draw->left + a->src_width;
  if (end > width) end = width;
  if (!pixels) begin = end = width;
  for (int x = 0; x < begin; x++)
    out[x] = value[0];
  for (int x = begin; x < end; x++)
    out[x] = value[pixels[x - draw->left]];
  for (int x = end; x < width; x++)
    out[x] = value[0];
  for (int x = 0; draw->flip && x < width / 2; x++) {
    float left = out[x];
    out[x] = out[width - 1 - x];
    out[width - 1 - x] = left;
  }
}

void dla_augment_apply(const dla_augment *a, const dla_augment_draw *draw, const uint8_t *pixels,
                       float *out)
{
  const dla_loader_options *o = &a->options;
  for (int c = 0; c < o->channels; c++) {
    const uint8_t *plane = pixels + (a->src_channels == 1 ? 0 : c) * a->src_height * a->src_width;
    for (int y = 0; y < o->height; y++) {
      int from = y - draw->top;
      bool inside = from >= 0 && from < a->src_height;
      apply_row(a, draw, a->value[c], inside ? plane + from * a->src_width : NULL,
                out + (c * o->height + y) * o->width);
    }
  }
}
