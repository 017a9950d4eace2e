/* Folders of pictures: what is found, left out and refused. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/natural.h"
#include "data/pictures/duplicates.h"
#include "data/pictures/listing.h"
#include "picture_sets_fixture.h"
#include "scratch.h"

static void people_sort_2_before_10(void **state)
{
  (void)state;
  static const char *const sorted[] = {"",   "1",   "2", "02", "10",     "a",       "A1",
                                       "a2", "a10", "B", "b1", "class9", "class10", "z"};
  for (size_t i = 0; i < sizeof sorted / sizeof sorted[0]; i++)
    for (size_t k = 0; k < sizeof sorted / sizeof sorted[0]; k++) {
      const int order = dla_natural_compare(sorted[i], sorted[k]);
      if (strcmp(sorted[i], "2") == 0 && strcmp(sorted[k], "02") == 0) continue;
      if (strcmp(sorted[i], "02") == 0 && strcmp(sorted[k], "2") == 0) continue;
      assert_int_equal((order > 0) - (order < 0), (i > k) - (i < k));
    }
}

static void folders_by_class(void **state)
{
  (void)state;
  put_classes("set", 0);
  put("set/class8/.DS_Store", "x", 1);
  put("set/class8/._1.jpg", "x", 1);
  put("set/class8/Thumbs.db", "x", 1);
  put("set/class8/.idea/x.jpg", "x", 1);
  put("set/class8/notes.txt", "x", 1);
  put("set/class8/boxes.mat", "x", 1);
  put("set/readme.md", "x", 1);
  put("set/annotations/a.xml", "x", 1); /* a folder without pictures is no class */
  dla_picture_set *set = open_set("set");
  assert_int_equal(set->classes, CLASSES);
  assert_string_equal(set->class_names[0], "class8");
  assert_string_equal(set->class_names[2], "class10");
  assert_int_equal(set->left_out, 0);
  assert_int_equal(set->passed, 3);
  assert_int_equal(set->layout.outside, 1);
  assert_true(set->made_split);
  const size_t val = count_side(set, DLA_SIDE_VAL);
  assert_true(val >= 3 && val <= 16);
  assert_int_equal(val + count_side(set, DLA_SIDE_TRAIN), CLASSES * EACH);
  dla_picture_set_close(set);
}

static void train_and_val_have_many_names(void **state)
{
  (void)state;
  static const char *const names[][2] = {
      {"train", "val"}, {"Train", "VALID"}, {"training", "validation"}, {"train", "test"}};
  for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
    char root[64], name[64];
    snprintf(root, sizeof root, "set%zu/data/%s", i, names[i][0]);
    put_classes(root, 0);
    snprintf(name, sizeof name, "set%zu/data/%s/class9/x.jpg", i, names[i][1]);
    put_picture(name, 99);
    snprintf(name, sizeof name, "set%zu", i);
    dla_picture_set *set = open_set(name);
    assert_int_equal(set->classes, CLASSES);
    assert_false(set->made_split);
    assert_int_equal(count_side(set, DLA_SIDE_TRAIN), CLASSES * EACH);
    assert_int_equal(count_side(set, DLA_SIDE_VAL), 1);
    dla_picture_set_close(set);
  }
}

/* val is meant where test is there, too; train alone is split. */
static void val_is_preferred_and_may_be_missing(void **state)
{
  (void)state;
  put_classes("set/train", 0);
  dla_picture_set *set = open_set("set");
  assert_true(set->made_split && set->classes == CLASSES);
  dla_picture_set_close(set);
  put_picture("set/test/class8/a.jpg", 70);
  put_picture("set/val/class8/a.jpg", 71);
  put_picture("set/val/class8/b.jpg", 72);
  set = open_set("set");
  assert_int_equal(count_side(set, DLA_SIDE_VAL), 2);
  dla_picture_set_close(set);
}

static void two_places_and_csvs(void **state)
{
  (void)state;
  static const char lines[] =
      "path,label\r\na/class8/1.jpg,\"the, first\"\n./a/class8/2.jpg,\"the, "
      "first\"\n\n\"a/class9/\"\"q.jpg\",second,more\nb/x/class10/3.jpg,second\n"
      "a/class9/gone.jpg,second\n";
  put_classes("a", 0);
  put_classes("b/x", 100);
  put_picture("a/class9/\"q.jpg", 7);
  const char *csv = put("list.csv", lines, sizeof lines - 1);
  const dla_dataset_options both = {
      .pictures = {.train = scratch_path(folder, "a"), .val = scratch_path(folder, "b")}};
  dla_picture_set *set = open_with("", &both);
  assert_int_equal(set->classes, CLASSES);
  assert_int_equal(count_side(set, DLA_SIDE_TRAIN), CLASSES * EACH + 1);
  assert_int_equal(count_side(set, DLA_SIDE_VAL), CLASSES * EACH);
  dla_picture_set_close(set);
  set = open_with(csv, &(dla_dataset_options){0});
  assert_int_equal(set->classes, 2);
  assert_string_equal(set->class_names[1], "the, first");
  assert_int_equal(count_side(set, DLA_SIDE_TRAIN) + count_side(set, DLA_SIDE_VAL), 4);
  check_left_out(set, "gone.jpg", "cannot open it: No such file");
  dla_picture_set_close(set);
  check_refused(put("one.csv", "a.jpg\n", 6), &(dla_dataset_options){0}, "no label");
  check_refused(put("open.csv", "\"a.jpg,x\n", 9), &(dla_dataset_options){0}, "do not end");
}

/* Data sets have other folders beside the classes', and say train and test in many ways. */
static void folders_as_people_have_them(void **state)
{
  (void)state;
  put_classes("cub/all/images", 0);
  put("cub/all/attributes/list.txt", "x", 1);
  put("cub/all/images.txt", "x", 1);
  dla_picture_set *set = open_set("cub");
  assert_true(set->made_split && set->classes == CLASSES);
  dla_picture_set_close(set);
  static const char *const pairs[][2] = {{"seg_train/seg_train", "seg_test/seg_test"},
                                         {"training_set/training_set", "test_set/test_set"},
                                         {"train/images", "val/images"},
                                         {"train-pictures", "dev-pictures"},
                                         {"a/TRAIN_X", "a/test_x"},
                                         {"trainset", "testset"},
                                         {"train2017", "val2017"}};
  for (size_t i = 0; i < sizeof pairs / sizeof *pairs; i++) {
    char name[64];
    for (int side = 0; side < 2; side++) {
      snprintf(name, sizeof name, "set%zu/%s", i, pairs[i][side]);
      put_classes(name, 100 * side);
    }
    snprintf(name, sizeof name, "set%zu", i);
    put("set0/seg_pred/seg_pred/1.jpg", "x", 1);
    set = open_set(name);
    if (set->made_split || set->classes != CLASSES) fail_msg("%s", name);
    assert_int_equal(count_side(set, DLA_SIDE_VAL), CLASSES * EACH);
    dla_picture_set_close(set);
  }
  /* Words that name a side are no sides by themselves. */
  put_classes("city/train_station", 0);
  put_classes("city/test_tube", 100);
  set = open_set("city");
  assert_int_equal(set->classes, 2);
  dla_picture_set_close(set);
  /* Nor are these: COCO's, and those of CycleGAN. */
  put_picture("coco/train2017/1.jpg", 1);
  put_picture("coco/val2017/1.jpg", 2);
  put_picture("gan/trainA/1.jpg", 1);
  put_picture("gan/trainB/1.jpg", 2);
  put_picture("gan/testA/1.jpg", 3);
  check_refused(scratch_path(folder, "coco"), &(dla_dataset_options){0}, "as train and test");
  check_refused(scratch_path(folder, "gan"), &(dla_dataset_options){0}, "as train and test");
  /* Parts of a data set are no classes. */
  put_picture("masks/images/1.jpg", 1);
  put_picture("masks/masks/1.jpg", 2);
  check_refused(scratch_path(folder, "masks"), &(dla_dataset_options){0},
                "lie in images and masks, but in no class's folder");
  put_classes("tiny/train", 0);
  put_picture("tiny/val/images/1.jpg", 1);
  check_refused(scratch_path(folder, "tiny"), &(dla_dataset_options){0},
                "to test with lie in a folder images");
}

static void test1_is_for_testing(void **state)
{
  (void)state;
  /* Kaggle's cats and dogs; but test1 and test2 may be classes. */
  put_picture("kaggle/train/1.jpg", 1);
  put_picture("kaggle/test1/1.jpg", 2);
  check_refused(scratch_path(folder, "kaggle"), &(dla_dataset_options){0}, "as train and test");
  put_picture("tests/test1/1.jpg", 1);
  put_picture("tests/test2/1.jpg", 2);
  dla_picture_set *set = open_set("tests");
  assert_int_equal(set->classes, 2);
  dla_picture_set_close(set);
}

/* Such folders would make a network that tells training pictures from test pictures. */
static void splits_are_no_classes(void **state)
{
  (void)state;
  for (int i = 0; i < 4; i++) {
    char name[64];
    snprintf(name, sizeof name, "set/train/%d.jpg", i);
    put_picture(name, i);
    snprintf(name, sizeof name, "set/Test/%d.jpg", i);
    put_picture(name, 50 + i);
    snprintf(name, sizeof name, "only/valid/%d.jpg", i);
    put_picture(name, i);
    snprintf(name, sizeof name, "rail/train/%d.jpg", i);
    put_picture(name, i);
    snprintf(name, sizeof name, "rail/bus/%d.jpg", i);
    put_picture(name, 50 + i);
  }
  const char *place = scratch_path(folder, "set");
  check_refused(place, &(dla_dataset_options){0}, "as train and test, but in no class's folder");
  check_refused(scratch_path(folder, "only"), &(dla_dataset_options){0}, "as train and test");
  put_picture("set/more/1.jpg", 80);
  check_refused(place, &(dla_dataset_options){0}, "as train and test");
  put("set/labels.csv", "id,label\n", 9);
  dla_dataset *train = NULL, *test = NULL;
  dla_error err = {0};
  assert_int_equal(dla_dataset_load(place, &(dla_dataset_options){0}, &train, &test, &err),
                   DLA_E_INPUT);
  if (!strstr(err.hint, "labels.csv") && strlen(place) < 40) fail_msg("%s", err.hint);
  dla_picture_set *set = open_set("rail");
  assert_int_equal(set->classes, 2);
  dla_picture_set_close(set);
}

static void links_are_followed_once(void **state)
{
  (void)state;
  put_classes("elsewhere", 0);
  put_picture("set/cat/1.jpg", 1);
  put_picture("set/cat/2.jpg", 2);
  assert_int_equal(symlink("../elsewhere/class8", scratch_path(folder, "set/dog")), 0);
  assert_int_equal(symlink("..", scratch_path(folder, "set/cat/up")), 0);
  assert_int_equal(symlink("../../elsewhere/class9/1.jpg", scratch_path(folder, "set/cat/3.jpg")),
                   0);
  assert_int_equal(symlink("nowhere", scratch_path(folder, "set/cat/4.jpg")), 0);
  dla_picture_set *set = open_set("set");
  assert_int_equal(set->classes, 2);
  assert_int_equal(count_side(set, DLA_SIDE_TRAIN) + count_side(set, DLA_SIDE_VAL), EACH + 3);
  check_left_out(set, "4.jpg", "cannot open it");
  dla_picture_set_close(set);
}

static void split_of(const dla_picture_set *set, char sides[CLASSES * EACH])
{
  for (size_t i = 0; i < set->list.count; i++) {
    const dla_picture_entry *e = &set->list.entries[i];
    const int number = atoi(dla_picture_name(&set->list, e));
    if (number < EACH) sides[e->label * EACH + number] = (char)e->side;
  }
}

static void adding_files_moves_none(void **state)
{
  (void)state;
  char before[CLASSES * EACH], behind[CLASSES * EACH];
  const dla_dataset_options seeded = {.pictures = {.seed = 7, .val_fraction = 0.4}};
  put_classes("set", 0);
  dla_picture_set *set = open_with(scratch_path(folder, "set"), &seeded);
  split_of(set, before);
  dla_picture_set_close(set);
  for (int i = EACH; i < 2 * EACH; i++) {
    char name[64];
    snprintf(name, sizeof name, "set/class9/%d.jpg", i);
    put_picture(name, 100 + i);
  }
  set = open_with(scratch_path(folder, "set"), &seeded);
  split_of(set, behind);
  dla_picture_set_close(set);
  assert_memory_equal(before, behind, sizeof before);
  const dla_dataset_options other = {.pictures = {.seed = 8, .val_fraction = 0.4}};
  set = open_with(scratch_path(folder, "set"), &other);
  split_of(set, behind);
  dla_picture_set_close(set);
  assert_memory_not_equal(before, behind, sizeof before);
}

static void every_class_is_on_both_sides(void **state)
{
  (void)state;
  const dla_dataset_options little = {.pictures = {.val_fraction = 0.0001}};
  const dla_dataset_options much = {.pictures = {.val_fraction = 0.9999}};
  put_classes("set", 0);
  for (int i = 0; i < 2; i++) {
    dla_picture_set *set = open_with(scratch_path(folder, "set"), i ? &much : &little);
    assert_int_equal(count_side(set, i ? DLA_SIDE_TRAIN : DLA_SIDE_VAL), CLASSES);
    dla_picture_set_close(set);
  }
}

static void limits_take_from_all_classes(void **state)
{
  (void)state;
  const dla_dataset_options few = {.train_limit = 15, .test_limit = 2};
  put_classes("set", 0);
  dla_picture_set *set = open_with(scratch_path(folder, "set"), &few);
  int classes[CLASSES] = {0};
  for (size_t i = 0; i < set->list.count; i++)
    if (set->list.entries[i].side == DLA_SIDE_TRAIN) classes[set->list.entries[i].label]++;
  assert_int_equal(classes[0] + classes[1] + classes[2], 15);
  assert_true(classes[0] && classes[1] && classes[2]);
  assert_int_equal(count_side(set, DLA_SIDE_VAL), 2);
  dla_picture_set_close(set);
}

static void what_cannot_be_read_is_left_out(void **state)
{
  (void)state;
  const written_picture p = picture(1);
  put_classes("set", 0);
  put("set/class8/cut.jpg", p.bytes, p.size / 2);
  put("set/class8/short.jpg", p.bytes, p.size - 3);
  put("set/class8/empty.jpg", "", 0);
  put("set/class8/gif.jpg", "GIF89a\1\0\1\0\0\0", 12);
  put("set/class8/photo.heic",
      "\0\0\0\x18"
      "ftypheic",
      12);
  put("set/class8/page.jpg", "<!DOCTYPE html><html>", 21);
  put("set/class8/good.bin", p.bytes, p.size); /* a picture by any other name */
  dla_picture_set *set = open_set("set");
  assert_int_equal(set->left_out, 6);
  check_left_out(set, "cut.jpg", "cut short");
  check_left_out(set, "short.jpg", "cut short");
  check_left_out(set, "empty.jpg", "empty");
  check_left_out(set, "gif.jpg", "a GIF");
  check_left_out(set, "photo.heic", "a HEIC");
  check_left_out(set, "page.jpg", "a web page");
  assert_int_equal(count_side(set, DLA_SIDE_TRAIN) + count_side(set, DLA_SIDE_VAL),
                   CLASSES * EACH + 1);
  dla_strbuf lines = {0};
  dla_picture_set_left_out(set, 2, &lines);
  assert_non_null(
      strstr(lines.text, "/set/class8/cut.jpg: the JPEG is cut short (get it again)\n"));
  dla_strbuf_free(&lines);
  dla_picture_set_close(set);
  const dla_dataset_options strict = {.pictures = {.strict = true}};
  check_refused(scratch_path(folder, "set"), &strict, "6 such files; dataset.strict is set");
  free(p.bytes);
}

static void what_is_nothing_to_train_on_is_told(void **state)
{
  (void)state;
  const dla_dataset_options any = {0};
  put_picture("one/only/1.jpg", 1);
  put_picture("one/only/2.jpg", 2);
  check_refused(scratch_path(folder, "one"), &any, "only one class, only");
  put_picture("flat/1.jpg", 1);
  check_refused(scratch_path(folder, "flat"), &any, "in no class's folder");
  put_classes("new/train", 0);
  put_picture("new/val/other/1.jpg", 2);
  check_refused(scratch_path(folder, "new"), &any,
                "the class other is only among the pictures to test with");
  put_classes("bad", 0);
  put("bad/broken/1.jpg", "GIF89a\1\0\1\0\0\0", 12);
  check_refused(scratch_path(folder, "bad"), &any,
                "of the class broken not one picture can be read");
  put_picture("few/a/1.jpg", 1);
  put_picture("few/b/2.jpg", 2);
  check_refused(scratch_path(folder, "few"), &any, "no class has more than one");
  check_refused(scratch_path(folder, "nowhere"),
                &(dla_dataset_options){.pictures = {.train = "/nowhere"}}, "it is not there");
}

static void odd_names_are_names(void **state)
{
  (void)state;
  char name[300] = "set/a class/";
  put_picture("set/a class/with blanks.JPEG", 1);
  put_picture("set/a class/\xff\xfe.jpg", 2);
  put_picture("set/\xc3\xa4\xc3\xb6/\xe2\x98\x83.jpg", 3);
  put_picture("set/\xc3\xa4\xc3\xb6/2.jpg", 4);
  memset(name + strlen(name), 'x', 251);
  memcpy(name + 12 + 251, ".jpg", 5);
  put_picture(name, 5);
  dla_picture_set *set = open_set("set");
  assert_int_equal(set->classes, 2);
  assert_int_equal(count_side(set, DLA_SIDE_TRAIN) + count_side(set, DLA_SIDE_VAL), 5);
  dla_picture_set_close(set);
}

static void duplicates_are_found(void **state)
{
  (void)state;
  put_classes("set/train", 0);
  put_classes("set/val", 100);
  put_picture("set/train/class8/again.jpg", 0);
  put_picture("set/val/class8/again.jpg", 1);
  put_picture("set/train/class9/other.jpg", 2);
  dla_picture_set *set = open_set("set");
  dla_duplicates d;
  assert_int_equal(dla_duplicates_find(set, &(dla_pictures_options){0}, &d, NULL), DLA_OK);
  assert_int_equal(d.count, 3);
  assert_int_equal(d.across, 1);
  assert_int_equal(d.classes, 1);
  free(d.items);
  dla_picture_set_close(set);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(people_sort_2_before_10),
      TEST(folders_by_class),
      TEST(train_and_val_have_many_names),
      TEST(val_is_preferred_and_may_be_missing),
      TEST(two_places_and_csvs),
      TEST(folders_as_people_have_them),
      TEST(splits_are_no_classes),
      TEST(test1_is_for_testing),
      TEST(links_are_followed_once),
      TEST(adding_files_moves_none),
      TEST(every_class_is_on_both_sides),
      TEST(limits_take_from_all_classes),
      TEST(what_cannot_be_read_is_left_out),
      TEST(what_is_nothing_to_train_on_is_told),
      TEST(odd_names_are_names),
      TEST(duplicates_are_found),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
