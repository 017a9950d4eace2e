#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "dla/dataset.h"
#include "scratch.h"

enum { SIDE = 96, PLANE = SIDE * SIDE, PIXELS = 3 * PLANE, TRAIN = 3, TEST = 2 };

static const dla_dataset_options all = {0};
static const uint8_t train_y[TRAIN] = {1, 10, 4}, test_y[TEST] = {2, 1};
static const char names[] = "a\nb\nc\nd\ne\nf\ng\nh\ni\nj\n";

/* What the pixel of an image is to be. */
static uint8_t value(int image, int channel, int y, int x)
{
  return (uint8_t)(image * 50 + channel * 20 + y * 2 + x);
}

/* Images as the files have them: columns one after another. */
static uint8_t *make_images(int count)
{
  uint8_t *bytes = malloc((size_t)count * PIXELS), *to = bytes;
  assert_non_null(bytes);
  for (int i = 0; i < count; i++)
    for (int c = 0; c < 3; c++)
      for (int x = 0; x < SIDE; x++)
        for (int y = 0; y < SIDE; y++)
          *to++ = value(i, c, y, x);
  return bytes;
}

static int set_up(void **state)
{
  char *folder = scratch_new();
  uint8_t *images = make_images(TRAIN);
  scratch_write(folder, "train_X.bin", images, TRAIN * PIXELS);
  scratch_write(folder, "train_y.bin", train_y, TRAIN);
  scratch_write_gzip(folder, "test_X.bin.gz", images, TEST * PIXELS);
  scratch_write(folder, "test_y.bin", test_y, TEST);
  scratch_write(folder, "class_names.txt", names, sizeof names - 1);
  free(images);
  *state = folder;
  return 0;
}

static int tear_down(void **state)
{
  scratch_remove(*state);
  return 0;
}

static void columns_become_rows_and_labels_count_from_0(void **state)
{
  dla_dataset *train, *test;
  dla_error err = {0};
  assert_int_equal(dla_dataset_load(*state, &all, &train, &test, &err), DLA_OK);
  assert_string_equal(train->format, "STL-10");
  assert_true(train->channels == 3 && train->height == SIDE && train->width == SIDE);
  assert_int_equal(train->count, TRAIN);
  assert_int_equal(train->classes, 10);
  assert_string_equal(train->class_names[9], "j");
  const uint8_t *pixel = train->images;
  for (int i = 0; i < TRAIN; i++)
    for (int c = 0; c < 3; c++)
      for (int y = 0; y < SIDE; y++)
        for (int x = 0; x < SIDE; x++)
          assert_int_equal(*pixel++, value(i, c, y, x));
  for (int i = 0; i < TRAIN; i++)
    assert_int_equal(train->labels[i], train_y[i] - 1);
  assert_int_equal(test->count, TEST);
  assert_int_equal(test->labels[0], 1);
  dla_dataset_free(train);
  dla_dataset_free(test);
}

static void a_limit_cuts_images_and_labels(void **state)
{
  dla_dataset *train, *test;
  const dla_dataset_options two = {.train_limit = 2, .test_limit = 1};
  assert_int_equal(dla_dataset_load(*state, &two, &train, &test, NULL), DLA_OK);
  assert_int_equal(train->count, 2);
  assert_int_equal(test->count, 1);
  assert_int_equal(train->images[PIXELS + 1], value(1, 0, 0, 1));
  dla_dataset_free(train);
  dla_dataset_free(test);
}

/* Loads with one file replaced. where: the end of the error's. */
static void assert_refused(char *folder, const char *file, const void *bytes, size_t size,
                           const char *where, const char *what)
{
  dla_dataset *train = NULL, *test = NULL;
  dla_error err = {0};
  scratch_write(folder, file, bytes, size);
  assert_int_equal(dla_dataset_load(folder, &all, &train, &test, &err), DLA_E_INPUT);
  assert_null(train);
  assert_null(test);
  size_t length = strlen(err.where), tail = strlen(where);
  assert_true(length >= tail);
  assert_string_equal(err.where + length - tail, where);
  assert_string_equal(err.what, what);
  assert_non_null(strstr(err.hint, "stl10"));
}

static void cut_images_are_refused(void **state)
{
  uint8_t *images = make_images(TRAIN);
  assert_refused(*state, "train_X.bin", images, 0, "train_X.bin", "the file is empty");
  assert_refused(*state, "train_X.bin", images, PIXELS + 5, "train_X.bin, byte 27648",
                 "the last image has 5 of 27648 bytes: the file is cut short");
  free(images);
}

static void wrong_labels_are_refused(void **state)
{
  assert_refused(*state, "train_y.bin", "\1\0\1", 3, "train_y.bin, byte 1",
                 "label 1 is 0, not in 1..10");
  assert_refused(*state, "train_y.bin", "\1\1\13", 3, "train_y.bin, byte 2",
                 "label 2 is 11, not in 1..10");
}

static void names_that_lack_are_refused(void **state)
{
  assert_refused(*state, "class_names.txt", "a\nb\n", 4, "class_names.txt, byte 4",
                 "2 names for 10 classes");
}

int main(void)
{
#define WITH_FILES(test) cmocka_unit_test_setup_teardown(test, set_up, tear_down)
  const struct CMUnitTest tests[] = {
      WITH_FILES(columns_become_rows_and_labels_count_from_0),
      WITH_FILES(a_limit_cuts_images_and_labels),
      WITH_FILES(cut_images_are_refused),
      WITH_FILES(wrong_labels_are_refused),
      WITH_FILES(names_that_lack_are_refused),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
