#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "augment/augment.h"
#include "augment/pictures.h"
#include "base/philox.h"

enum { SIDE = 32, PIXELS = 3 * SIDE * SIDE };

static const dla_picture square = {3, SIDE, SIDE, NULL};

static const dla_loader_options cifar = {
    .channels = 3,
    .height = SIDE,
    .width = SIDE,
    .batch_size = 1,
    .seed = 42,
    .crop_padding = 4,
    .flip = DLA_FLIP_RANDOM,
    .mean = {0.4914f, 0.4822f, 0.4465f},
    .std = {0.2023f, 0.1994f, 0.2010f},
};

static dla_augment new_augment(int channels, int height, int width, dla_loader_options options)
{
  dla_dataset shape = {.channels = channels, .height = height, .width = width};
  dla_augment a;
  assert_int_equal(dla_augment_init(&a, &shape, &options, NULL), DLA_OK);
  return a;
}

static void random_image(uint8_t *image, size_t count)
{
  dla_random r = dla_random_at(7, DLA_RANDOM_WEIGHTS, 0, 0);
  for (size_t i = 0; i < count; i++)
    image[i] = (uint8_t)dla_random_bits(&r);
}

/* The transform said again in the plainest way, pixel by pixel. */
static float expected_pixel(const dla_augment *a, dla_placement p, const dla_picture *from, int c,
                            int y, int x)
{
  int row = y + p.top, column = (p.mirrored ? a->width - 1 - x : x) + p.left;
  int plane = from->channels == 1 ? 0 : c, pixel = 0;
  if (row >= 0 && row < from->height && column >= 0 && column < from->width)
    pixel = from->pixels[(plane * from->height + row) * from->width + column];
  return ((float)pixel / 255.0f - cifar.mean[c]) / cifar.std[c];
}

static void check_image(const dla_augment *a, dla_placement p, const dla_picture *image)
{
  static float out[PIXELS];
  memset(out, 0xff, sizeof out);
  dla_augment_image(a, p, image, out);
  for (int c = 0; c < 3; c++)
    for (int y = 0; y < SIDE; y++)
      for (int x = 0; x < SIDE; x++) {
        float expected = expected_pixel(a, p, image, c, y, x);
        assert_memory_equal(&out[(c * SIDE + y) * SIDE + x], &expected, sizeof expected);
      }
}

static void every_placement_is_right(void **state)
{
  (void)state;
  static const int shapes[][3] = {{3, 32, 32}, {1, 28, 28}, {3, 7, 31}, {1, 1, 1}};
  uint8_t image[PIXELS];
  random_image(image, sizeof image);
  for (size_t i = 0; i < sizeof shapes / sizeof *shapes; i++) {
    dla_augment a = new_augment(shapes[i][0], shapes[i][1], shapes[i][2], cifar);
    const dla_picture picture = {shapes[i][0], shapes[i][1], shapes[i][2], image};
    for (uint32_t sample = 0; sample < 200; sample++)
      check_image(&a, dla_augment_place(&a, &picture, 0, sample), &picture);
  }
}

static void an_image_may_be_cropped_away(void **state)
{
  (void)state;
  uint8_t image[PIXELS];
  random_image(image, sizeof image);
  dla_augment a = new_augment(3, SIDE, SIDE, cifar);
  const dla_picture picture = {3, SIDE, SIDE, image};
  static const int shifts[] = {-100, -32, -31, 31, 32, 100};
  for (size_t i = 0; i < sizeof shifts / sizeof *shifts; i++)
    for (int mirrored = 0; mirrored < 2; mirrored++) {
      check_image(&a, (dla_placement){0, shifts[i], mirrored}, &picture);
      check_image(&a, (dla_placement){shifts[i], 3, mirrored}, &picture);
    }
}

static void without_augmentation_the_image_is_centred(void **state)
{
  (void)state;
  dla_loader_options plain = cifar;
  plain.crop_padding = 0;
  plain.flip = DLA_FLIP_NONE;
  dla_augment a = new_augment(1, 28, 28, plain);
  const dla_picture picture = {1, 28, 28, NULL};
  dla_placement p = dla_augment_place(&a, &picture, 3, 5);
  assert_int_equal(p.top, -2);
  assert_int_equal(p.left, -2);
  assert_false(p.mirrored);
}

static void offsets_and_flips_are_even(void **state)
{
  (void)state;
  enum { SAMPLES = 81000 };
  static int seen[9][9];
  int mirrored = 0;
  dla_augment a = new_augment(3, SIDE, SIDE, cifar);
  for (uint32_t i = 0; i < SAMPLES; i++) {
    dla_placement p = dla_augment_place(&a, &square, 1, i);
    assert_in_range(p.top + 4, 0, 8);
    assert_in_range(p.left + 4, 0, 8);
    seen[p.top + 4][p.left + 4]++;
    mirrored += p.mirrored;
  }
  double chi_square = 0;
  for (int i = 0; i < 81; i++)
    chi_square += (seen[i / 9][i % 9] - 1000.0) * (seen[i / 9][i % 9] - 1000.0) / 1000.0;
  assert_true(chi_square < 124.8); /* 80 degrees of freedom, p = 0.001 */
  assert_in_range(mirrored, SAMPLES / 2 - 570, SAMPLES / 2 + 570); /* four standard deviations */
}

static void places_depend_on_epoch_and_sample_alone(void **state)
{
  (void)state;
  dla_augment a = new_augment(3, SIDE, SIDE, cifar);
  int same_next_epoch = 0, same_next_sample = 0;
  for (uint32_t i = 0; i < 1000; i++) {
    dla_placement p = dla_augment_place(&a, &square, 5, i),
                  again = dla_augment_place(&a, &square, 5, i);
    dla_placement epoch = dla_augment_place(&a, &square, 6, i),
                  next = dla_augment_place(&a, &square, 5, i + 1);
    assert_true(p.top == again.top && p.left == again.left && p.mirrored == again.mirrored);
    same_next_epoch += p.top == epoch.top && p.left == epoch.left && p.mirrored == epoch.mirrored;
    same_next_sample += p.top == next.top && p.left == next.left && p.mirrored == next.mirrored;
  }
  assert_in_range(same_next_epoch, 0, 20); /* one in 162 by chance */
  assert_in_range(same_next_sample, 0, 20);
}

/* Half of the images, the other half, the first again; and which half is the seed's. */
static void alternating_flips_alternate(void **state)
{
  (void)state;
  enum { SAMPLES = 10000 };
  dla_loader_options options = cifar;
  options.flip = DLA_FLIP_ALTERNATING;
  dla_augment a = new_augment(3, SIDE, SIDE, options), other = a;
  other.seed++;
  int mirrored = 0, differs = 0;
  for (uint32_t i = 0; i < SAMPLES; i++) {
    const bool first = dla_augment_place(&a, &square, 0, i).mirrored;
    for (uint64_t epoch = 1; epoch < 6; epoch++)
      assert_int_equal(dla_augment_place(&a, &square, epoch, i).mirrored, first ^ (epoch % 2));
    mirrored += first;
    differs += first != dla_augment_place(&other, &square, 0, i).mirrored;
  }
  assert_in_range(mirrored, SAMPLES / 2 - 200, SAMPLES / 2 + 200); /* four standard deviations */
  assert_in_range(differs, SAMPLES / 2 - 200, SAMPLES / 2 + 200);
}

/* The square that is zero, of which a side may be cut off by the picture's edge. */
static void check_cutout(uint32_t sample, int side, int height, int width)
{
  float planes[2 * 9 * 11];
  int top = height, left = width, bottom = 0, right = 0, zeros = 0;
  dla_random r = dla_random_at(1, DLA_RANDOM_CUTOUT, 0, sample), again = r;
  for (int i = 0; i < 2 * height * width; i++)
    planes[i] = 1;
  dla_cutout(side, &r, planes, 2, height, width);
  assert_memory_equal(planes, planes + height * width, (size_t)(height * width) * sizeof *planes);
  for (int i = 0; i < height * width; i++) {
    if (planes[i] != 0) continue;
    zeros++;
    top = i / width < top ? i / width : top;
    left = i % width < left ? i % width : left;
    bottom = i / width + 1 > bottom ? i / width + 1 : bottom;
    right = i % width + 1 > right ? i % width + 1 : right;
  }
  assert_int_equal(zeros, (bottom - top) * (right - left));
  const int y = (int)dla_random_below(&again, (uint32_t)height) - side / 2;
  const int x = (int)dla_random_below(&again, (uint32_t)width) - side / 2;
  assert_int_equal(top, y > 0 ? y : 0);
  assert_int_equal(left, x > 0 ? x : 0);
  assert_int_equal(bottom, y + side < height ? y + side : height);
  assert_int_equal(right, x + side < width ? x + side : width);
}

static void cutout_is_a_square_anywhere(void **state)
{
  (void)state;
  for (uint32_t sample = 0; sample < 500; sample++)
    for (int side = 1; side <= 30; side += 1 + side)
      check_cutout(sample, side, 9, 11);
}

static void what_does_not_fit_is_refused(void **state)
{
  (void)state;
  dla_augment a;
  dla_error err = {0};
  dla_dataset large = {.channels = 3, .height = 64, .width = 32};
  assert_int_equal(dla_augment_init(&a, &large, &cifar, &err), DLA_E_INPUT);
  assert_string_equal(err.what, "images of 64 x 32 do not fit a network for 32 x 32");
  dla_dataset four = {.channels = 4, .height = 32, .width = 32};
  assert_int_equal(dla_augment_init(&a, &four, &cifar, &err), DLA_E_INPUT);
  dla_dataset right = {.channels = 3, .height = 32, .width = 32};
  dla_loader_options flat = cifar;
  flat.std[1] = 0;
  assert_int_equal(dla_augment_init(&a, &right, &flat, &err), DLA_E_INPUT);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(every_placement_is_right),
      cmocka_unit_test(an_image_may_be_cropped_away),
      cmocka_unit_test(without_augmentation_the_image_is_centred),
      cmocka_unit_test(offsets_and_flips_are_even),
      cmocka_unit_test(places_depend_on_epoch_and_sample_alone),
      cmocka_unit_test(alternating_flips_alternate),
      cmocka_unit_test(cutout_is_a_square_anywhere),
      cmocka_unit_test(what_does_not_fit_is_refused),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
