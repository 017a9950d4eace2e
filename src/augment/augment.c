#include "augment/augment.h"

#include <math.h>
#include <stdio.h>

#include "base/philox.h"

enum { CHANNELS_MAX = 4, PADDING_MAX = 4096 };

/* Whether more is done than shifting and mirroring. */
static bool changes_pixels(const dla_loader_options *o)
{
  const dla_color_jitter *j = &o->jitter;
  return o->crop == DLA_CROP_RESIZED || j->brightness > 0 || j->contrast > 0 || j->saturation > 0 ||
         j->hue > 0 || o->rotation > 0 || o->policy.kind != DLA_POLICY_NONE;
}

static dla_status fail_larger(const dla_dataset *from, const dla_loader_options *to, dla_error *err)
{
  char hint[sizeof err->hint];
  snprintf(hint, sizeof hint, "raise model.image_size to %d or more",
           from->height > from->width ? from->height : from->width);
  return dla_fail(err, DLA_E_INPUT, NULL, hint,
                  "images of %d x %d do not fit a network for %d x %d", from->height, from->width,
                  to->height, to->width);
}

static dla_status check_options(const dla_dataset *from, const dla_loader_options *to,
                                dla_error *err)
{
  /* What changes colours needs three channels. */
  const bool rgb = from->read || changes_pixels(to);
  const bool greyed = from->read && to->channels == 1;
  if (to->channels < 1 || to->channels > CHANNELS_MAX ||
      (rgb && to->channels != 1 && to->channels != 3) ||
      (from->channels != 1 && from->channels != to->channels && !greyed))
    return dla_fail(err, DLA_E_INPUT, NULL, "choose a model for such images",
                    "images of %d channels do not fit a network for %d", from->channels,
                    to->channels);
  if (from->read && to->height != to->width)
    return dla_fail(err, DLA_E_INPUT, NULL, NULL, "batches of %d x %d are not square", to->height,
                    to->width);
  if (to->crop != DLA_CROP_RESIZED && (from->height > to->height || from->width > to->width))
    return fail_larger(from, to, err);
  if (to->crop_padding < 0 || to->crop_padding > PADDING_MAX)
    return dla_fail(err, DLA_E_INPUT, NULL, NULL, "a crop padding of %d is not in 0..%d",
                    to->crop_padding, PADDING_MAX);
  for (int c = 0; c < to->channels; c++)
    if (!isfinite(to->mean[c]) || !isfinite(to->std[c]) || to->std[c] <= 0)
      return dla_fail(err, DLA_E_INPUT, NULL, "a standard deviation must be above 0",
                      "channel %d cannot be normalised by mean %g and deviation %g", c,
                      (double)to->mean[c], (double)to->std[c]);
  return DLA_OK;
}

dla_status dla_augment_init(dla_augment *augment, const dla_dataset *dataset,
                            const dla_loader_options *options, dla_error *err)
{
  dla_status status = check_options(dataset, options, err);
  if (status != DLA_OK) return status;
  *augment = (dla_augment){
      .channels = options->channels,
      .height = options->height,
      .width = options->width,
      .crop_padding = options->crop_padding,
      .flip = options->flip,
      .crop = options->crop,
      .random_crop = options->random_crop,
      .resize = options->resize > 0 ? options->resize : options->height,
      .policy = options->policy,
      .jitter = options->jitter,
      .rotation = options->rotation,
      .random_erasing = options->random_erasing,
      .cutout = options->cutout,
      .seed = options->seed,
      .scale_of_epoch = 1,
  };
  /* The table has exactly torchvision's floats: it divides twice. A multiply-add would differ. */
  for (int c = 0; c < options->channels; c++)
    for (int pixel = 0; pixel < 256; pixel++)
      augment->value[c][pixel] = ((float)pixel / 255.0f - options->mean[c]) / options->std[c];
  for (int c = 0; c < options->channels; c++) {
    augment->scale[c] = (float)(1 / (255.0 * options->std[c]));
    augment->offset[c] = (float)(-(double)options->mean[c] / options->std[c]);
  }
  return DLA_OK;
}

static int shrink(int length, double scale)
{
  return (int)nearbyint(length * scale);
}

void dla_augment_begin(dla_augment *augment, const dla_augment *full,
                       const dla_progressive *progressive, uint64_t epoch)
{
  const int height = dla_progressive_size(progressive, full->height, epoch);
  const double scale = (double)height / full->height;
  augment->scale_of_epoch = scale;
  augment->height = height;
  augment->width = shrink(full->width, scale);
  augment->crop_padding = shrink(full->crop_padding, scale);
  augment->resize = shrink(full->resize, scale);
  augment->cutout = shrink(full->cutout, scale);
}

bool dla_augment_mirrors(const dla_augment *augment, uint64_t epoch, uint32_t sample)
{
  const bool alternating = augment->flip == DLA_FLIP_ALTERNATING;
  dla_random random =
      dla_random_at(augment->seed, DLA_RANDOM_FLIP, alternating ? 0 : epoch, sample);
  if (augment->flip == DLA_FLIP_NONE) return false;
  return (dla_random_bits(&random) >> 31) ^ (alternating && epoch % 2);
}

dla_placement dla_augment_place(const dla_augment *augment, const dla_picture *picture,
                                uint64_t epoch, uint32_t sample)
{
  /* Rounded down if the margins cannot be equal, as torchvision's CenterCrop does. */
  dla_placement p = {.top = -((augment->height - picture->height) / 2),
                     .left = -((augment->width - picture->width) / 2)};
  if (augment->crop_padding > 0) {
    uint32_t offsets = 2 * (uint32_t)augment->crop_padding + 1;
    dla_random random = dla_random_at(augment->seed, DLA_RANDOM_CROP, epoch, sample);
    p.top += (int)dla_random_below(&random, offsets) - augment->crop_padding;
    p.left += (int)dla_random_below(&random, offsets) - augment->crop_padding;
  }
  p.mirrored = dla_augment_mirrors(augment, epoch, sample);
  return p;
}

static void fill(float *out, int count, float value)
{
  for (int x = 0; x < count; x++)
    out[x] = value;
}

static int clamp(int x, int low, int high)
{
  return x < low ? low : x > high ? high : x;
}

/* Writes one row of the result. The columns [from, to) come from the image, the others are
 * black. */
static void place_row(float *restrict out, int width, int from, int to, bool mirrored,
                      const float value[restrict static 256], const uint8_t *restrict pixels)
{
  int first = mirrored ? width - to : from, last = mirrored ? width - from : to;
  fill(out, first, value[0]);
  if (mirrored)
    for (int x = from; x < to; x++)
      out[width - 1 - x] = value[pixels[x - from]];
  else
    for (int x = from; x < to; x++)
      out[x] = value[pixels[x - from]];
  fill(out + last, width - last, value[0]);
}

void dla_augment_image(const dla_augment *augment, dla_placement p, const dla_picture *picture,
                       float *out)
{
  const dla_augment *a = augment;
  int from = clamp(-p.left, 0, a->width), to = clamp(picture->width - p.left, from, a->width);
  for (int c = 0; c < a->channels; c++) {
    const uint8_t *plane = picture->pixels;
    if (picture->channels > 1) plane += (ptrdiff_t)c * picture->height * picture->width;
    for (int y = 0; y < a->height; y++, out += a->width) {
      int row = y + p.top;
      if (row < 0 || row >= picture->height || from == to)
        fill(out, a->width, a->value[c][0]);
      else
        place_row(out, a->width, from, to, p.mirrored, a->value[c],
                  plane + (ptrdiff_t)row * picture->width + from + p.left);
    }
  }
}
