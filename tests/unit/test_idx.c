#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "dla/dataset.h"
#include "scratch.h"

static const dla_dataset_options all = {0};

/* Three images of 2 x 2 to train with, two to test with. */
static const uint8_t train_images[] = {0, 0, 8, 3, 0, 0, 0, 3, 0, 0, 0, 2,  0,  0,
                                       0, 2, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12};
static const uint8_t train_labels[] = {0, 0, 8, 1, 0, 0, 0, 3, 2, 0, 1};
static const uint8_t test_images[] = {0, 0, 8, 3, 0,  0,  0,  2,  0,  0,  0,  2,
                                      0, 0, 0, 2, 21, 22, 23, 24, 25, 26, 27, 28};
static const uint8_t test_labels[] = {0, 0, 8, 1, 0, 0, 0, 2, 4, 0};

static int set_up(void **state)
{
  char *folder = scratch_new();
  scratch_write(folder, "train-images-idx3-ubyte", train_images, sizeof train_images);
  scratch_write(folder, "train-labels-idx1-ubyte", train_labels, sizeof train_labels);
  scratch_write_gzip(folder, "t10k-images-idx3-ubyte.gz", test_images, sizeof test_images);
  scratch_write_gzip(folder, "t10k-labels-idx1-ubyte.gz", test_labels, sizeof test_labels);
  *state = folder;
  return 0;
}

static int tear_down(void **state)
{
  scratch_remove(*state);
  return 0;
}

static void reads_plain_and_compressed(void **state)
{
  dla_dataset *train, *test;
  dla_error err = {0};
  assert_int_equal(dla_dataset_load(*state, &all, &train, &test, &err), DLA_OK);
  assert_string_equal(train->format, "IDX (MNIST)");
  assert_int_equal(train->count, 3);
  assert_true(train->channels == 1 && train->height == 2 && train->width == 2);
  assert_int_equal(train->classes, 5); /* label 4 is in the test split */
  assert_null(train->class_names);
  assert_memory_equal(train->images, train_images + 16, 12);
  assert_int_equal(train->labels[0], 2);
  assert_int_equal(test->count, 2);
  assert_int_equal(test->classes, 5);
  assert_memory_equal(test->images, test_images + 16, 8);
  assert_int_equal(test->labels[0], 4);
  dla_dataset_free(train);
  dla_dataset_free(test);
}

static void limits_cut_the_splits(void **state)
{
  dla_dataset *train, *test;
  assert_int_equal(dla_dataset_load(*state,
                                    &(dla_dataset_options){.train_limit = 2, .test_limit = 1},
                                    &train, &test, NULL),
                   DLA_OK);
  assert_int_equal(train->count, 2);
  assert_int_equal(test->count, 1);
  assert_int_equal(train->classes, 5);
  assert_memory_equal(train->images, train_images + 16, 8);
  dla_dataset_free(train);
  dla_dataset_free(test);
}

static void statistics_are_those_of_the_pixels(void **state)
{
  dla_dataset *train, *test;
  assert_int_equal(dla_dataset_load(*state, &all, &train, &test, NULL), DLA_OK);
  float mean, std;
  assert_int_equal(dla_dataset_statistics(train, &mean, &std, NULL), DLA_OK);
  assert_float_equal(mean, 6.5 / 255, 1e-7);
  assert_float_equal(std, 3.4520525 / 255, 1e-7); /* sqrt((12^2 - 1) / 12) */
  dla_dataset_free(train);
  dla_dataset_free(test);
}

/* Loads with one file replaced; where is the end of the error's. */
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
  assert_non_null(
      strstr(err.hint, "/mnist/")); /* as the files' names tell, if the folder's does not */
}

static void lying_images_are_refused(void **state)
{
  const char *file = "train-images-idx3-ubyte";
  uint8_t bytes[sizeof train_images + 1] = {0};
  memcpy(bytes, train_images, sizeof train_images);
  assert_refused(*state, file, bytes, 0, "idx3-ubyte", "the file is empty");
  assert_refused(*state, file, bytes, 3, "idx3-ubyte, byte 3",
                 "the file is cut short: it needs 8 bytes");
  assert_refused(*state, file, bytes, 15, "idx3-ubyte, byte 15",
                 "the file is cut short: it needs 16 bytes");
  assert_refused(*state, file, bytes, sizeof train_images - 1, "idx3-ubyte, byte 27",
                 "the file is cut short: it needs 28 bytes");
  assert_refused(*state, file, bytes, sizeof bytes, "idx3-ubyte, byte 28",
                 "1 bytes follow the last item");
  memset(bytes + 4, 0xff, 12);
  assert_refused(*state, file, bytes, sizeof train_images, "idx3-ubyte, byte 8",
                 "the images are said to be 4294967295 x 4294967295");
  memcpy(bytes + 8, "\0\0\x10\0\0\0\x10", 8);
  assert_refused(*state, file, bytes, sizeof train_images, "idx3-ubyte, byte 28",
                 "the file is cut short: it needs 72057594021150736 bytes");
  bytes[2] = 0xd;
  assert_refused(*state, file, bytes, sizeof train_images, "idx3-ubyte, byte 0",
                 "this is no IDX file of bytes: magic number 0x00000d03");
}

static void splits_that_do_not_match_are_refused(void **state)
{
  char *folder = *state;
  uint8_t bytes[sizeof train_images];
  assert_refused(folder, "train-labels-idx1-ubyte", test_labels, sizeof test_labels, folder,
                 "3 images, but 2 labels");
  assert_refused(folder, "train-labels-idx1-ubyte", train_images, sizeof train_images, folder,
                 "6 images, but 0 labels");
  scratch_write(folder, "train-labels-idx1-ubyte", train_labels, sizeof train_labels);
  memcpy(bytes, train_images, sizeof bytes);
  bytes[11] = 1;
  bytes[15] = 4;
  assert_refused(folder, "train-images-idx3-ubyte", bytes, sizeof bytes, folder,
                 "images to train with are 1 x 1 x 4, to test with 1 x 2 x 2");
  assert_refused(folder, "train-images-idx3-ubyte", "\0\0\x8\x3\0\0\0\0\0\0\0\2\0\0\0\2", 16,
                 folder, "0 images, but 3 labels");
}

static void damaged_compression_is_refused(void **state)
{
  char *folder = *state;
  dla_error err = {0};
  dla_dataset *train, *test;
  static const uint8_t cut[] = {0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 3, 0x63, 0x60};
  scratch_write(folder, "t10k-images-idx3-ubyte.gz", cut, sizeof cut);
  assert_int_equal(dla_dataset_load(folder, &all, &train, &test, &err), DLA_E_INPUT);
  assert_string_equal(err.what, "the compressed file is cut short");
  assert_non_null(strstr(err.where, "t10k-images-idx3-ubyte.gz, byte 12"));
}

int main(void)
{
#define WITH_FILES(test) cmocka_unit_test_setup_teardown(test, set_up, tear_down)
  const struct CMUnitTest tests[] = {
      WITH_FILES(reads_plain_and_compressed),           WITH_FILES(limits_cut_the_splits),
      WITH_FILES(statistics_are_those_of_the_pixels),   WITH_FILES(lying_images_are_refused),
      WITH_FILES(splits_that_do_not_match_are_refused), WITH_FILES(damaged_compression_is_refused),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
