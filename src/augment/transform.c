#include "augment/transform.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "augment/pictures.h"
#include "augment/policy.h"
#include "base/philox.h"
#include "base/try.h"

typedef struct work {
  const dla_augment *augment;
  const dla_dataset *dataset;
  uint64_t epoch;
  uint32_t sample;
  dla_hand *hand;
  uint8_t *rgb; /* [height][width][3] of the network's input */
} work;

static dla_random random_of(const work *w, dla_random_purpose purpose)
{
  return dla_random_at(w->augment->seed, purpose, w->epoch, w->sample);
}

static size_t pixels_of(const dla_augment *a)
{
  return (size_t)a->height * (size_t)a->width;
}

/* ---- Pictures of any size ---- */

/* Decodes a part of a sample that will be resized as given. */
static dla_status decode(const work *w, const dla_sample *sample, const dla_box *box,
                         const dla_resize *resize, dla_pixels *pixels, dla_error *err)
{
  if (!sample->bytes) {
    *pixels = sample->pixels;
    dla_pixels_crop(pixels, box);
    return DLA_OK;
  }
  const dla_picture_request request = {.box = *box,
                                       .width = resize->width,
                                       .height = resize->height,
                                       .max_pixels = w->dataset->max_pixels};
  return dla_picture_decode(w->hand->reader, sample->bytes, sample->size, sample->name, &request,
                            pixels, err);
}

static dla_status size_of(const dla_sample *sample, int *width, int *height, dla_error *err)
{
  dla_picture_info info = {.width = sample->pixels.width, .height = sample->pixels.height};
  if (sample->bytes) TRY(dla_picture_probe(sample->bytes, sample->size, sample->name, &info, err));
  *width = info.width;
  *height = info.height;
  return DLA_OK;
}

/* Takes a random part, perhaps mirrored. Or it resizes the whole picture and takes the middle. */
static dla_status cut_out(const work *w, const dla_sample *sample, dla_error *err)
{
  const dla_augment *a = w->augment;
  int width, height;
  TRY(size_of(sample, &width, &height, err));
  dla_resize resize = {.width = a->width, .height = a->height};
  dla_box box = {0, 0, width, height};
  if (a->crop == DLA_CROP_RESIZED) {
    dla_random random = random_of(w, DLA_RANDOM_RESIZED_CROP);
    box = dla_random_resized_crop(&a->random_crop, &random, width, height);
    resize.mirrored = dla_augment_mirrors(a, w->epoch, w->sample);
  } else {
    resize = dla_resize_for_evaluation(width, height, a->resize, a->height);
  }
  dla_pixels pixels;
  TRY(decode(w, sample, &box, &resize, &pixels, err));
  return dla_picture_resize(w->hand->reader, &pixels, &resize, w->rgb, err);
}

/* ---- Pictures of one size ---- */

static uint8_t *interleave(const dla_picture *picture, dla_room *room)
{
  const size_t pixels = (size_t)picture->width * (size_t)picture->height;
  uint8_t *rgb = dla_room_for(room, 3 * pixels), *out = rgb;
  const size_t plane = picture->channels > 1 ? pixels : 0;
  for (size_t i = 0; rgb && i < pixels; i++)
    for (size_t c = 0; c < 3; c++)
      *out++ = picture->pixels[c * plane + i];
  return rgb;
}

/* Copies the picture to its placement; the rest is black. */
static void place(const dla_augment *a, dla_placement p, const uint8_t *rgb, int width, int height,
                  uint8_t *out)
{
  for (int y = 0; y < a->height; y++)
    for (int x = 0; x < a->width; x++, out += 3) {
      const int column = (p.mirrored ? a->width - 1 - x : x) + p.left, row = y + p.top;
      if (column >= 0 && column < width && row >= 0 && row < height)
        memcpy(out, rgb + 3 * ((ptrdiff_t)row * width + column), 3);
      else
        memset(out, 0, 3);
    }
}

/* Shrinks the whole picture to the epoch's scale. */
static dla_status shrink(const work *w, const dla_pixels *pixels, dla_picture *small,
                         dla_error *err)
{
  const double scale = w->augment->scale_of_epoch;
  small->width = (int)nearbyint(pixels->width * scale);
  small->height = (int)nearbyint(pixels->height * scale);
  const dla_resize resize = {.width = small->width, .height = small->height};
  uint8_t *rgb = dla_room_for(&w->hand->small, 3 * (size_t)small->width * (size_t)small->height);
  if (!rgb) return dla_fail_memory(err, "a picture");
  small->pixels = rgb;
  return dla_picture_resize(w->hand->reader, pixels, &resize, rgb, err);
}

static dla_status cut_out_of_planes(const work *w, const dla_picture *picture, dla_error *err)
{
  const dla_augment *a = w->augment;
  const uint8_t *rgb = interleave(picture, &w->hand->other);
  if (!rgb) return dla_fail_memory(err, "a picture");
  const dla_sample sample = {.pixels = {.width = picture->width,
                                        .height = picture->height,
                                        .stride = 3 * (size_t)picture->width,
                                        .rgb = rgb}};
  if (a->crop == DLA_CROP_RESIZED) return cut_out(w, &sample, err);
  dla_picture p = {3, picture->height, picture->width, rgb};
  if (a->scale_of_epoch < 1) TRY(shrink(w, &sample.pixels, &p, err));
  place(a, dla_augment_place(a, &p, w->epoch, w->sample), p.pixels, p.width, p.height, w->rgb);
  return DLA_OK;
}

/* ---- After the crop ---- */

/* Pads, crops and mirrors a picture that has the network's size already. */
static dla_status crop_padded(work *w, dla_error *err)
{
  const dla_augment *a = w->augment;
  if (a->crop == DLA_CROP_RESIZED || (!a->crop_padding && !a->flip)) return DLA_OK;
  uint8_t *other = dla_room_for(&w->hand->other, 3 * pixels_of(a));
  if (!other) return dla_fail_memory(err, "a picture");
  const dla_picture whole = {3, a->height, a->width, NULL};
  place(a, dla_augment_place(a, &whole, w->epoch, w->sample), w->rgb, a->width, a->height, other);
  w->rgb = other;
  return DLA_OK;
}

/* As much memory as the picture has, but not its own. */
static dla_status other_room(const work *w, uint8_t **other, dla_error *err)
{
  dla_room *room = w->rgb == w->hand->rgb.bytes ? &w->hand->other : &w->hand->rgb;
  *other = dla_room_for(room, 3 * pixels_of(w->augment));
  return *other ? DLA_OK : dla_fail_memory(err, "a picture");
}

static dla_status apply_policy(work *w, dla_error *err)
{
  const dla_augment *a = w->augment;
  uint8_t *other;
  if (a->policy.kind == DLA_POLICY_NONE) return DLA_OK;
  TRY(other_room(w, &other, err));
  dla_random random = random_of(w, DLA_RANDOM_POLICY);
  w->rgb = dla_apply_policy(&a->policy, &random, a->width, a->height, w->rgb, other);
  return DLA_OK;
}

static dla_status rotate(work *w, dla_error *err)
{
  const dla_augment *a = w->augment;
  uint8_t *turned;
  if (a->rotation <= 0) return DLA_OK;
  TRY(other_room(w, &turned, err));
  dla_random random = random_of(w, DLA_RANDOM_ROTATION);
  dla_random_rotation(a->rotation, &random, w->rgb, a->width, a->height, turned);
  w->rgb = turned;
  return DLA_OK;
}

static bool jitters(const dla_augment *a)
{
  const dla_color_jitter *j = &a->jitter;
  return j->brightness > 0 || j->contrast > 0 || j->saturation > 0 || j->hue > 0;
}

static void normalise(const work *w, float *out)
{
  const dla_augment *a = w->augment;
  const size_t pixels = pixels_of(a);
  if (a->channels == 3) {
    dla_picture_normalise(w->hand->reader, w->rgb, pixels, a->scale, a->offset, out);
    return;
  }
  for (size_t i = 0; i < pixels; i++) {
    uint8_t grey;
    dla_picture_planes(w->rgb + 3 * i, 1, 1, &grey);
    out[i] = a->value[0][grey];
  }
}

/* Makes the network's input, except for cutout and erasing. */
static dla_status make(work *w, const dla_picture *picture, float *out, dla_error *err)
{
  const dla_augment *a = w->augment;
  w->rgb = dla_room_for(&w->hand->rgb, 3 * pixels_of(a));
  if (!w->rgb) return dla_fail_memory(err, "a picture");
  if (picture) {
    TRY(cut_out_of_planes(w, picture, err));
  } else {
    dla_sample sample;
    TRY(w->dataset->read(w->dataset, w->sample, w->hand->reader, &w->hand->source, &sample, err));
    TRY(cut_out(w, &sample, err));
    TRY(crop_padded(w, err));
  }
  TRY(apply_policy(w, err));
  if (jitters(a)) {
    dla_random random = random_of(w, DLA_RANDOM_JITTER);
    dla_jitter(&a->jitter, &random, w->rgb, pixels_of(a));
  }
  TRY(rotate(w, err));
  normalise(w, out);
  return DLA_OK;
}

dla_status dla_transform_sample(const dla_augment *augment, const dla_dataset *dataset,
                                uint64_t epoch, uint32_t sample, dla_hand *hand, float *out,
                                dla_error *err)
{
  const dla_augment *a = augment;
  work w = {a, dataset, epoch, sample, hand, NULL};
  dla_picture picture;
  if (!dataset->read) TRY(dla_dataset_picture(dataset, sample, &hand->source, &picture, err));
  const bool plain = a->crop != DLA_CROP_RESIZED && a->policy.kind == DLA_POLICY_NONE &&
                     !jitters(a) && a->rotation <= 0 && a->scale_of_epoch >= 1;
  if (!hand->reader && (dataset->read || !plain)) TRY(dla_reader_create(&hand->reader, err));
  if (!dataset->read && plain)
    dla_augment_image(a, dla_augment_place(a, &picture, epoch, sample), &picture, out);
  else
    TRY(make(&w, dataset->read ? NULL : &picture, out, err));
  if (a->cutout > 0) {
    dla_random random = random_of(&w, DLA_RANDOM_CUTOUT);
    dla_cutout(a->cutout, &random, out, a->channels, a->height, a->width);
  }
  if (a->random_erasing > 0) {
    dla_random random = random_of(&w, DLA_RANDOM_ERASING);
    dla_random_erasing(a->random_erasing, &random, out, a->channels, a->height, a->width);
  }
  return DLA_OK;
}

void dla_hand_free(dla_hand *hand)
{
  dla_reader_free(hand->reader);
  free(hand->source.bytes);
  free(hand->rgb.bytes);
  free(hand->other.bytes);
  free(hand->small.bytes);
  *hand = (dla_hand){0};
}
