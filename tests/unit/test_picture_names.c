/* Classes in the names of files: dataset.class_from=file_name. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <zlib.h>

#include <cmocka.h>

#include "data/pictures/file_names.h"
#include "data/pictures/pack.h"
#include "picture_sets_fixture.h"
#include "scratch.h"

static const dla_pictures_options by_name = {.file_names = true};
static const dla_dataset_options named = {.pictures = {.file_names = true}};

static void classes_are_cut_from_names(void **state)
{
  (void)state;
  static const struct {
    const char *name, *class;
    bool numbered;
  } names[] = {
      {"cat.0.jpg", "cat", true},
      {"dog.12499.jpg", "dog", true},
      {"Abyssinian_1.jpg", "Abyssinian", true},
      {"american_pit_bull_terrier_100.jpg", "american_pit_bull_terrier", true},
      {"n01440764_10026.JPEG", "n01440764", true},
      {"cat (12).jpg", "cat", true},
      {"cat-3_.png", "cat", true},
      {"cat7", "cat", true},
      {"resnet50_1.jpg", "resnet50", true},
      {"big (red)_1.jpg", "big (red)", true},
      {"rose_3f2a9c1b.jpg", "rose", true},
      {"rose-123e4567-e89b-12d3-a456-426614174000.jpg", "rose", true},
      {"old_decade.jpg", "old_decade", false},
      {"sunset.jpg", "sunset", false},
      {"17.jpg", "", true},
      {"_1.jpg", "", true},
      {"3f2a9c1b.jpg", "", true},
      {".jpg", ".jpg", false},
  };
  for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
    bool numbered;
    const size_t length = dla_file_name_class(names[i].name, &numbered);
    if (length != strlen(names[i].class) || strncmp(names[i].name, names[i].class, length) != 0 ||
        numbered != names[i].numbered)
      fail_msg("%s: %.*s, %d", names[i].name, (int)length, names[i].name, numbered);
  }
}

static void put_named(const char *root, int first)
{
  static const char *const classes[] = {"cat.", "dog-", "old cat_"};
  for (int c = 0; c < CLASSES; c++)
    for (int i = 0; i < EACH; i++) {
      char name[64];
      snprintf(name, sizeof name, "%s/%s%d.jpg", root, classes[c], i);
      put_picture(name, first + c * EACH + i);
    }
}

static void pack_and_compare(const char *name)
{
  char tar[64];
  size_t count;
  uint64_t bytes;
  const char *path = scratch_path(folder, name);
  dla_picture_set *set = open_with(path, &named);
  snprintf(tar, sizeof tar, "%s-pack.tar", name);
  const char *file = scratch_path(folder, tar);
  assert_int_equal(dla_picture_pack(set, file, &by_name, &count, &bytes, NULL), DLA_OK);
  dla_picture_set_close(set);
  load_epoch(path, &by_name, &augmented, &wanted);
  check_same(file, &by_name, &augmented);
  check_same(pack_folder(name, "ustar", "gzip"), &by_name, &augmented);
}

static void names_have_the_classes(void **state)
{
  (void)state;
  put_named("flat", 0);
  put_picture("flat/sunset.jpg", 90);
  put_picture("flat/17.jpg", 91);
  put_picture("flat/cat.jpg", 92); /* as there are others of it */
  put("flat/notes_1.txt", "x", 1);
  dla_picture_set *set = open_with(scratch_path(folder, "flat"), &named);
  assert_int_equal(set->classes, CLASSES);
  assert_string_equal(set->class_names[2], "old cat");
  check_left_out(set, "sunset.jpg", "begins with no class");
  check_left_out(set, "17.jpg", "begins with no class");
  assert_int_equal(set->left_out, 2);
  assert_int_equal(set->passed, 1);
  assert_true(set->made_split && count_side(set, DLA_SIDE_VAL) >= CLASSES);
  dla_picture_set_close(set);
  pack_and_compare("flat");
  /* Sides; a folder without classes is none. */
  put_named("set/train", 0);
  put_picture("set/test/1.jpg", 90);
  set = open_with(scratch_path(folder, "set"), &named);
  assert_true(set->made_split && set->layout.outside == 1 && set->left_out == 0);
  dla_picture_set_close(set);
  put_picture("set/val/cat.100.jpg", 92);
  put_picture("set/val/dog.100.jpg", 93);
  set = open_with(scratch_path(folder, "set"), &named);
  assert_false(set->made_split);
  assert_int_equal(count_side(set, DLA_SIDE_TRAIN), CLASSES * EACH);
  assert_int_equal(count_side(set, DLA_SIDE_VAL), 2);
  dla_picture_set_close(set);
  pack_and_compare("set");
}

static void names_are_suggested_and_refused(void **state)
{
  (void)state;
  put_named("flat", 0);
  for (int i = 0; i < 4; i++) {
    char name[64];
    snprintf(name, sizeof name, "camera/IMG_%d.jpg", i);
    put_picture(name, i);
  }
  check_hint("flat", "if cat.0.jpg is of the class cat: dataset.class_from=file_name");
  check_hint("camera", "a folder of its own: FOLDER/CLASS");
  check_refused(scratch_path(folder, "camera"), &named, "only one class, IMG");
  put_picture("digits/1.jpg", 1);
  check_refused(scratch_path(folder, "digits"), &named, "no name of a file begins with a class");
  check_refused(put("t.csv", "path,label\n", 11), &named, "a table says of what class");
  put("other/data_batch_1.bin", "x", 1);
  check_refused(scratch_path(folder, "other"), &named, "no pictures whose names");
  /* A network's classes. */
  char dog[] = "dog", cat[] = "cat";
  char *const classes[] = {dog, cat};
  dla_dataset_options network = named;
  network.pictures.class_names = classes;
  network.pictures.classes = 2;
  check_refused(scratch_path(folder, "flat"), &network, "the network has no class 'old cat'");
  put_picture("two/cat.jpg", 1); /* no number is needed */
  put_picture("two/dog.1.jpg", 2);
  dla_picture_set *set = open_with(scratch_path(folder, "two"), &network);
  assert_int_equal(count_side(set, DLA_SIDE_VAL), 2);
  assert_int_equal(set->list.entries[0].label, 1);
  dla_picture_set_close(set);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(classes_are_cut_from_names),
      TEST(names_have_the_classes),
      TEST(names_are_suggested_and_refused),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
