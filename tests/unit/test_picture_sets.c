/* Folders, archives and CSVs of pictures: what is found, left out and refused, and that what is
 * trained on is the same from each, with any cache, and any number of workers. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <zlib.h>

#include <cmocka.h>

#include "archive_writer.h"
#include "base/natural.h"
#include "base/read_file.h"
#include "data/pictures/duplicates.h"
#include "data/pictures/file_names.h"
#include "data/pictures/listing.h"
#include "data/pictures/pack.h"
#include "data/pictures/scan.h"
#include "dla/loader.h"
#include "picture_writer.h"
#include "scratch.h"

enum { SIDE = 16, CLASSES = 3, EACH = 12 };

static char *folder;

/* A picture that no other number gives: of SIDE + number % 5 pixels. */
static written_picture picture(int number)
{
  static const jpeg_kind kind = {3, 2, 2, 0, 90, 0, -1};
  const int width = SIDE + number % 5, height = SIDE + number % 3;
  uint8_t *rgb = make_rgb(width, height);
  for (int i = 0; i < 3 * width * height; i++)
    rgb[i] = (uint8_t)(rgb[i] / 2 + 5 * number);
  const written_picture p = number % 4 ? write_jpeg(rgb, width, height, &kind)
                                       : write_png(rgb, width, height, 2, 8, number % 8 == 0);
  free(rgb);
  return p;
}

static const char *put(const char *name, const void *bytes, size_t size)
{
  char path[512];
  snprintf(path, sizeof path, "%s", name);
  for (char *slash = path; (slash = strchr(slash, '/')); *slash++ = '/') {
    *slash = '\0';
    mkdir(scratch_path(folder, path), 0755);
  }
  return scratch_write(folder, name, bytes, size);
}

static void put_picture(const char *name, int number)
{
  const written_picture p = picture(number);
  put(name, p.bytes, p.size);
  free(p.bytes);
}

/* FOLDER/ROOT/CLASS/NUMBER.jpg: CLASSES classes of EACH. */
static void put_classes(const char *root, int first)
{
  for (int c = 0; c < CLASSES; c++)
    for (int i = 0; i < EACH; i++) {
      char name[64];
      snprintf(name, sizeof name, "%s/class%d/%d.jpg", root, 8 + c, i);
      put_picture(name, first + c * EACH + i);
    }
}

static int set_up(void **state)
{
  *state = folder = scratch_new();
  return folder == NULL;
}

static int tear_down(void **state)
{
  scratch_remove(*state);
  return 0;
}

static dla_picture_set *open_with(const char *path, const dla_dataset_options *options)
{
  dla_picture_set *set;
  dla_error err = {0};
  bool other;
  if (dla_picture_set_open(path, options, &other, &set, &err)) fail_msg("%s", err.what);
  assert_false(other);
  return set;
}

static dla_picture_set *open_set(const char *name)
{
  return open_with(scratch_path(folder, name), &(dla_dataset_options){0});
}

static size_t count_side(const dla_picture_set *set, dla_side side)
{
  size_t count = 0;
  for (size_t i = 0; i < set->list.count; i++) {
    const dla_picture_entry *e = &set->list.entries[i];
    count += e->side == side && e->state == DLA_PICTURE_GOOD;
  }
  return count;
}

static void check_left_out(const dla_picture_set *set, const char *name, const char *why)
{
  for (size_t i = 0; i < set->list.count; i++) {
    const dla_picture_entry *e = &set->list.entries[i];
    if (strcmp(dla_picture_name(&set->list, e), name) != 0) continue;
    assert_int_equal(e->state, DLA_PICTURE_LEFT_OUT);
    if (!strstr(set->list.reasons[e->reason].what, why))
      fail_msg("%s: %s", name, set->list.reasons[e->reason].what);
    return;
  }
  fail_msg("%s is not listed", name);
}

static void check_refused(const char *path, const dla_dataset_options *options, const char *what)
{
  dla_dataset *train = NULL, *test = NULL;
  dla_error err = {0};
  assert_int_equal(dla_dataset_load(path, options, &train, &test, &err), DLA_E_INPUT);
  if (!strstr(err.what, what)) fail_msg("'%s' and not '%s'", err.what, what);
  assert_null(train);
}

/* ---- Names ---- */

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

/* ---- Where pictures are ---- */

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

static size_t count_csv(const char *name, const char *text, int classes)
{
  dla_picture_set *set = open_with(put(name, text, strlen(text)), &(dla_dataset_options){0});
  assert_int_equal(set->classes, classes);
  assert_int_equal(set->left_out + set->passed, 0);
  const size_t count = count_side(set, DLA_SIDE_TRAIN) + count_side(set, DLA_SIDE_VAL);
  dla_picture_set_close(set);
  return count;
}

static void refuse_csv(const char *text, const char *what)
{
  check_refused(put("t/refused.csv", text, strlen(text)), &(dla_dataset_options){0}, what);
}

/* Tables name columns in many ways, and files without their folder or ending. */
static void tables_as_people_have_them(void **state)
{
  (void)state;
  put_classes("t", 0);
  for (int i = 0; i < 6; i++) {
    char name[64];
    snprintf(name, sizeof name, "t/train/x%d.jpg", i);
    put_picture(name, 200 + i);
    snprintf(name, sizeof name, "t/other/y%d.PNG", i);
    put_picture(name, 300 + 4 * i);
  }
  assert_int_equal(count_csv("t/labels.csv", "id,label\nx0,a\nx1,a\nx2, b \nx3,b", 2), 4);
  assert_int_equal(count_csv("t/train.csv", "image_id,breed\nx0.jpg,a\nx1.jpg,b\nx5.jpg,a", 2), 3);
  assert_int_equal(count_csv("t/a.csv", "Label,Image-Name,by\na,x0.jpg,me\nb,x1.jpg,me", 2), 2);
  assert_int_equal(count_csv("t/b.csv", ",id code , species\n0,x0,a\n1,x4,b", 2), 2);
  assert_int_equal(count_csv("t/other.csv", "y0,a\ny1,b\ny2,b\n", 2), 3);
  assert_int_equal(count_csv("t/other_labels.csv", "file,class\r\ny0,a\r\ny1,b\r\n", 2), 2);
  assert_int_equal(count_csv("t/c.csv", "id;label\nx0;\"a;a\"\nx1;b,b\n", 2), 2);
  assert_int_equal(count_csv("t/d.csv", "id\tlabel\nx0\ta\nx1\tb\n", 2), 2);
  check_refused(put("t/one.csv", "id\nx0\n", 6), &(dla_dataset_options){0}, "no label");
  check_refused(put("t/two.csv", "label\nx0\n", 9), &(dla_dataset_options){0}, "no label");
  /* A column of 0 and 1 for each class. */
  assert_int_equal(count_csv("t/hot.csv", "file, cat, dog\nx0.jpg, 1, 0\nx1.jpg, 0, 1\n", 2), 2);
  assert_int_equal(count_csv("t/isic.csv", "image,A,B,C\nx0,0.0,1.0,0.0\nx1,1.0,0.0,0.0", 2), 2);
  refuse_csv("image,a,b\nx0,1,1\n", "of several classes");
  refuse_csv("image,a,b\nx0,0,0\n", "of no class");
  refuse_csv("image,age,b\nx0,31,1\n", "no column's name");
  /* Other separators, line ends and names of files. */
  assert_int_equal(count_csv("t/e.csv", "id|label\nx0|a\nx1|b\n", 2), 2);
  assert_int_equal(count_csv("t/f.tsv", "id\tlabel\nx0\ta\nx1\tb\n", 2), 2);
  assert_int_equal(count_csv("t/g.txt", "#a list\nx0.jpg 0\r\nx1.jpg  1 \r\n", 2), 2);
  assert_int_equal(count_csv("t/h.csv", "id,label\rx0,a\rx1,b\r", 2), 2);
  refuse_csv("\xff\xfei\1d\1", "UTF-16");
  refuse_csv("<!DOCTYPE html><title>x</title>", "a web page \"x\"");
  refuse_csv("id,label\n", "names no pictures");
  /* Paths of another machine: the same front for all. */
  assert_int_equal(count_csv("t/i.csv", "train\\x0.jpg,a\ntrain\\x1.jpg,b\n", 2), 2);
  assert_int_equal(count_csv("t/j.csv", "C:\\d\\train\\x0.jpg,a\nC:\\d\\other\\y1.PNG,b\n", 2), 2);
  assert_int_equal(count_csv("t/k.csv", "/none/t/x0.jpg,a\n/none/t/x1.jpg,b\n", 2), 2);
  static const char fronts[] = "/none/t/x0.jpg,a\n/none/s/x1.jpg,b\n/none/t/x2.jpg,b\nx3,a\n";
  static const char gone[] = "id,label\nx0,a\nx1,b\nx2,b\nnone,a\n";
  dla_picture_set *set =
      open_with(put("t/gone.csv", gone, sizeof gone - 1), &(dla_dataset_options){0});
  check_left_out(set, "none", "cannot open it: No such file");
  dla_picture_set_close(set);
  set = open_with(put("t/fronts.csv", fronts, sizeof fronts - 1), &(dla_dataset_options){0});
  assert_int_equal(set->left_out, 1); /* of another front */
  dla_picture_set_close(set);
  static const char short_line[] = "by,id,label\nme,x0\n";
  check_refused(put("t/short.csv", short_line, sizeof short_line - 1), &(dla_dataset_options){0},
                "no label");
}

/* A column may give the sides. */
static void tables_with_sides(void **state)
{
  (void)state;
  for (int i = 0; i < 4; i++) {
    char name[64];
    snprintf(name, sizeof name, "t/%d.jpg", i);
    put_picture(name, i);
  }
  static const struct {
    const char *text;
    size_t train, val;
  } tables[] = {
      {"id,label,split\n0,a,train\n1,b,Train\n2,a,test\n3,b,val\n", 2, 1},
      {"split,id,label\ntrain,0,a\ntrain,1,b\ntest,2,a\ntest,3,b\n", 2, 2},
      {"id,label,is_valid\n0,a,False\n1,b,False\n2,a,True\n3,b,False\n", 3, 1},
      {"id,label,set\n0,a,1\n1,b,2\n2,a,1\n3,b,1\n", 2, 2}, /* no sides: a split is made */
  };
  for (size_t i = 0; i < sizeof tables / sizeof *tables; i++) {
    dla_picture_set *set = open_with(put("t/sides.csv", tables[i].text, strlen(tables[i].text)),
                                     &(dla_dataset_options){0});
    assert_int_equal(count_side(set, DLA_SIDE_TRAIN), tables[i].train);
    assert_int_equal(count_side(set, DLA_SIDE_VAL), tables[i].val);
    assert_int_equal(set->made_split, i == 3);
    dla_picture_set_close(set);
  }
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

/* ---- Splits ---- */

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

/* ---- What is left out ---- */

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

/* ---- The same from everywhere ---- */

enum { SIZE = 12, PIXELS = 3 * SIZE * SIZE, MOST = CLASSES * EACH };

typedef struct epoch_copy {
  size_t count, replaced, reports;
  float images[MOST][PIXELS];
  int32_t labels[MOST];
} epoch_copy;

static void count_report(void *context, size_t sample, const dla_error *why)
{
  (void)sample;
  assert_true(why->what[0] != '\0');
  ++*(size_t *)context;
}

static void read_epoch(const dla_dataset *dataset, dla_loader_options options, epoch_copy *copy)
{
  dla_loader *loader;
  dla_batch batch;
  dla_error err = {0};
  memset(copy, 0, sizeof *copy);
  options.channels = 3;
  options.height = options.width = SIZE;
  options.batch_size = 7;
  options.seed = 3;
  options.shuffle = true;
  options.random_crop = (dla_random_crop){0.08, 1, 0.75, 1.3333};
  for (int c = 0; c < 3; c++)
    options.std[c] = 1;
  if (dla_loader_create(dataset, &options, &loader, &err)) fail_msg("%s", err.what);
  dla_loader_start(loader, 5, 0);
  do {
    if (dla_loader_next(loader, &batch, &err)) fail_msg("%s", err.what);
    for (size_t i = 0; i < batch.count; i++, copy->count++) {
      memcpy(copy->images[copy->count], batch.images + i * PIXELS, sizeof copy->images[0]);
      copy->labels[copy->count] = batch.labels[i];
    }
  } while (batch.count);
  copy->replaced = dla_loader_stand_ins(loader, count_report, &copy->reports);
  dla_loader_free(loader);
}

static const dla_loader_options augmented = {.flip = DLA_FLIP_RANDOM,
                                             .crop = DLA_CROP_RESIZED,
                                             .jitter = {0.4, 0.4, 0.4, 0.1},
                                             .rotation = 20,
                                             .random_erasing = 0.5};

static void load_epoch(const char *path, const dla_pictures_options *pictures,
                       const dla_loader_options *options, epoch_copy *copy)
{
  dla_dataset *train, *test;
  dla_error err = {0};
  const dla_dataset_options all = {.pictures = *pictures};
  if (dla_dataset_load(path, &all, &train, &test, &err)) fail_msg("%s", err.what);
  assert_int_equal(train->classes, CLASSES);
  read_epoch(train, *options, copy);
  dla_dataset_free(train);
  dla_dataset_free(test);
}

static epoch_copy wanted, got;

static void check_same(const char *path, const dla_pictures_options *pictures,
                       const dla_loader_options *options)
{
  load_epoch(path, pictures, options, &got);
  assert_int_equal(got.count, wanted.count);
  assert_memory_equal(got.labels, wanted.labels, sizeof got.labels);
  assert_memory_equal(got.images, wanted.images, sizeof got.images);
}

static void any_number_of_workers_gives_the_same_bytes(void **state)
{
  (void)state;
  const dla_pictures_options plain = {0};
  put_classes("set", 0);
  const char *path = scratch_path(folder, "set");
  load_epoch(path, &plain, &augmented, &wanted);
  for (int workers = 2; workers <= 5; workers++) {
    dla_loader_options options = augmented;
    options.workers = workers;
    check_same(path, &plain, &options);
  }
}

static const char *archive_of(const char *name, const char *format, const char *filter)
{
  static archive_member members[MOST + 1];
  static char names[MOST][64];
  static written_picture pictures[MOST];
  for (int i = MOST - 1; i >= 0; i--) { /* in another order than by name */
    snprintf(names[i], sizeof names[i], "./top/class%d/%d.jpg", 8 + i / EACH, i % EACH);
    pictures[i] = picture(i);
    members[MOST - 1 - i] =
        (archive_member){names[i], (const char *)pictures[i].bytes, 'b', pictures[i].size};
  }
  members[MOST] = (archive_member){0};
  const char *path = scratch_path(folder, name);
  const int written = archive_write(path, format, filter, members);
  for (int i = 0; i < MOST; i++)
    free(pictures[i].bytes);
  return written ? path : NULL;
}

static void archives_give_what_folders_give(void **state)
{
  (void)state;
  static const char *const kinds[][3] = {{"a.tar", "ustar", "none"}, {"b.tar", "pax", "none"},
                                         {"c.tgz", "ustar", "gzip"}, {"d.txz", "pax", "xz"},
                                         {"e.tzst", "pax", "zstd"},  {"f.zip", "zip", "none"},
                                         {"g.7z", "7zip", "none"}};
  const dla_pictures_options plain = {0};
  put_classes("set", 0);
  load_epoch(scratch_path(folder, "set"), &plain, &augmented, &wanted);
  for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; i++) {
    const char *path = archive_of(kinds[i][0], kinds[i][1], kinds[i][2]);
    if (path) check_same(path, &plain, &augmented);
  }
}

/* Zip and 7z store names as UTF-8 and UTF-16; the program's locale is C. */
static void names_of_members_may_be_any_text(void **state)
{
  (void)state;
  static const char *const kinds[][2] = {{"a.tar", "pax"}, {"b.zip", "zip"}, {"c.7z", "7zip"}};
  static const char *const names[] = {"top/G\xc3\xa4nse/1.jpg", "top/G\xc3\xa4nse/\xc3\xbc.jpg",
                                      "top/rose/1.jpg", "top/rose/2.jpg"};
  for (size_t k = 0; k < sizeof kinds / sizeof kinds[0]; k++) {
    written_picture pictures[4];
    archive_member members[5] = {0};
    for (int i = 0; i < 4; i++) {
      pictures[i] = picture(i);
      members[i] =
          (archive_member){names[i], (const char *)pictures[i].bytes, 'b', pictures[i].size};
    }
    const char *path = scratch_path(folder, kinds[k][0]);
    if (archive_write(path, kinds[k][1], "none", members)) {
      dla_picture_set *set = open_set(kinds[k][0]);
      assert_int_equal(set->list.count, 4);
      assert_string_equal(set->class_names[0], "G\xc3\xa4nse");
      dla_picture_set_close(set);
    }
    for (int i = 0; i < 4; i++)
      free(pictures[i].bytes);
  }
}

/* A member that is there twice counts once, the later one; links have what they lead to. */
static void members_and_links_of_archives(void **state)
{
  (void)state;
  static const char *const kinds[][2] = {{"pax", "none"}, {"pax", "gzip"}};
  written_picture p[4];
  for (int i = 0; i < 4; i++)
    p[i] = picture(i);
  const archive_member members[] = {{"a/1.jpg", (const char *)p[0].bytes, 'b', p[0].size},
                                    {"a/2.jpg", (const char *)p[1].bytes, 'b', p[1].size},
                                    {"b/1.jpg", (const char *)p[2].bytes, 'b', p[2].size},
                                    {"b/hard.jpg", "a/2.jpg", 'h', 0},
                                    {"b/soft.jpg", "../a/2.jpg", 's', 0},
                                    {"b/away.jpg", "/etc/passwd", 's', 0},
                                    {"a/1.jpg", (const char *)p[3].bytes, 'b', p[3].size},
                                    {"../a/5.jpg", (const char *)p[3].bytes, 'b', p[3].size},
                                    {NULL, NULL, 0, 0}};
  for (int k = 0; k < 2; k++) {
    const char *path = scratch_path(folder, k ? "twice.tgz" : "twice.tar");
    assert_true(archive_write(path, kinds[k][0], kinds[k][1], members));
    dla_picture_set *set = open_with(path, &(dla_dataset_options){0});
    assert_int_equal(set->list.count, 5);
    assert_int_equal(set->list.entries[0].size, p[3].size);
    dla_picture_set_close(set);
  }
  for (int i = 0; i < 4; i++)
    free(p[i].bytes);
}

/* Few bytes that become many. */
static void bombs_are_left_out(void **state)
{
  (void)state;
  const written_picture a = picture(1), b = picture(2);
  const archive_member members[] = {{"a/bomb.png", NULL, 'f', (size_t)300 << 20},
                                    {"a/1.jpg", (const char *)a.bytes, 'b', a.size},
                                    {"b/2.jpg", (const char *)b.bytes, 'b', b.size},
                                    {NULL, NULL, 0, 0}};
  const char *path = scratch_path(folder, "bomb.zip");
  assert_true(archive_write(path, "zip", "none", members));
  dla_picture_set *set = open_with(path, &(dla_dataset_options){0});
  assert_int_equal(set->left_out, 1);
  check_left_out(set, "bomb.png", "larger than 256 MB");
  dla_picture_set_close(set);
  free(a.bytes);
  free(b.bytes);
}

static void a_pack_trains_as_the_folder(void **state)
{
  (void)state;
  const dla_pictures_options plain = {0};
  size_t count;
  uint64_t bytes;
  for (int split = 0; split < 2; split++) {
    put_classes(split ? "two/train" : "one", 0);
    if (split) put_classes("two/val", 200);
    const char *path = scratch_path(folder, split ? "two" : "one");
    const char *tar = scratch_path(folder, split ? "two.tar" : "one.tar");
    dla_picture_set *set = open_set(split ? "two" : "one");
    assert_int_equal(dla_picture_pack(set, tar, &plain, &count, &bytes, NULL), DLA_OK);
    assert_int_equal(count, split ? 2 * MOST : MOST);
    dla_picture_set_close(set);
    load_epoch(path, &plain, &augmented, &wanted);
    check_same(tar, &plain, &augmented);
  }
}

/* ---- Classes in the files' names ---- */

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

static const dla_pictures_options by_name = {.file_names = true};
static const dla_dataset_options named = {.pictures = {.file_names = true}};

/* An archive of all files of a folder, in top/. */
static const char *pack_folder(const char *name, const char *format, const char *filter)
{
  static archive_member members[64];
  dla_strbuf names[64] = {0};
  char *bytes[64] = {0}, archive[128];
  dla_picture_list list = {0};
  dla_error err = {0};
  assert_int_equal(dla_picture_list_from_folder(&list, scratch_path(folder, name), &err), DLA_OK);
  assert_true(list.count < 64);
  for (size_t i = 0; i < list.count; i++) {
    dla_strbuf path = {0};
    dla_strbuf_printf(&names[i], "top/");
    dla_picture_below(&list, &list.entries[i], &names[i]);
    dla_picture_path(&list, &list.entries[i], &path);
    members[i] = (archive_member){.name = names[i].text, .type = 'b'};
    assert_int_equal(dla_read_file(path.text, 1 << 20, &bytes[i], &members[i].size, &err), DLA_OK);
    members[i].content = bytes[i];
    dla_strbuf_free(&path);
  }
  members[list.count] = (archive_member){0};
  snprintf(archive, sizeof archive, "%s.%s.%s", name, filter, format);
  const char *path = scratch_path(folder, archive);
  const int written = archive_write(path, format, filter, members);
  for (size_t i = 0; i < list.count; i++) {
    free(bytes[i]);
    dla_strbuf_free(&names[i]);
  }
  dla_picture_list_free(&list);
  return written ? path : NULL;
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

static void check_hint(const char *name, const char *hint)
{
  dla_dataset *train = NULL, *test = NULL;
  dla_error err = {0};
  const char *path = scratch_path(folder, name);
  assert_int_equal(dla_dataset_load(path, &(dla_dataset_options){0}, &train, &test, &err),
                   DLA_E_INPUT);
  if (!strstr(err.hint, hint)) fail_msg("%s", err.hint);
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

/* ---- Tables inside archives ---- */

static void tables_inside_archives(void **state)
{
  (void)state;
  static const char lines[] = "id,label\n0,a\n1,b\n2,a\n3,b\n4,a\n5,b\n6,c\n7,c\n";
  static const char sides[] = "id,label,split\n0,a,train\n1,b,train\n2,a,val\n3,b,test\n";
  static const char *const formats[][2] = {{"ustar", "none"}, {"zip", "none"}, {"ustar", "gzip"}};
  for (int i = 0; i < 10; i++) {
    char name[64];
    snprintf(name, sizeof name, "t/%s/%d.jpg", i < 8 ? "train" : "test", i);
    put_picture(name, i);
  }
  put("t/sample_submission.csv", "id,label\n8,a\n9,a\n", 17);
  put("t/attributes.csv", "colour,size\nred,1\n", 18);
  check_hint("t", "a folder of its own: FOLDER/CLASS");
  const char *csv = put("t/train.csv", lines, sizeof lines - 1);
  load_epoch(csv, &(dla_pictures_options){0}, &augmented, &wanted);
  for (size_t i = 0; i < sizeof formats / sizeof *formats; i++) {
    const char *archive = pack_folder("t", formats[i][0], formats[i][1]);
    if (archive) check_same(archive, &(dla_pictures_options){0}, &augmented);
  }
  put("t/train.csv", sides, sizeof sides - 1);
  dla_picture_set *set = open_with(pack_folder("t", "ustar", "none"), &(dla_dataset_options){0});
  assert_false(set->made_split);
  assert_int_equal(count_side(set, DLA_SIDE_TRAIN), 2);
  assert_int_equal(count_side(set, DLA_SIDE_VAL), 1);
  dla_picture_set_close(set);
  put("t/train.csv", "id,label\n0,a\n1,b\n99,b\n", 22);
  set = open_with(pack_folder("t", "ustar", "none"), &(dla_dataset_options){0});
  check_left_out(set, "99", "not in the archive");
  dla_picture_set_close(set);
  put("t/train.csv", "id,label\n0,a\n\"1,b\n", 18);
  check_refused(pack_folder("t", "ustar", "none"), &(dla_dataset_options){0}, "do not end");
  /* Classes' folders come first. */
  put_classes("u", 0);
  put("u/labels.csv", "id,label\nclass8/0.jpg,a\nclass8/1.jpg,b\n", 40);
  set = open_with(pack_folder("u", "ustar", "none"), &(dla_dataset_options){0});
  assert_int_equal(set->classes, CLASSES);
  dla_picture_set_close(set);
}

/* ---- WebDataset ---- */

/* A tar of KEY.jpg and KEY.cls, for the keys first, first + step, ... below EACH. */
static void put_shard(const char *name, const char *filter, int first, int step, bool label_first)
{
  static const char *const labels[] = {"10\n", "2", " 1\r\n"};
  archive_member members[3 * EACH + 1] = {0};
  char names[3 * EACH][32];
  written_picture pictures[EACH];
  int count = 0;
  for (int i = first; i < EACH; i += step) {
    const int jpg = count + label_first, cls = count + !label_first;
    pictures[i] = picture(i);
    snprintf(names[jpg], sizeof names[jpg], "%06d.jpg", i);
    snprintf(names[cls], sizeof names[cls], "%06d.cls", i);
    snprintf(names[count + 2], sizeof names[0], "%06d.json", i);
    members[jpg] =
        (archive_member){names[jpg], (const char *)pictures[i].bytes, 'b', pictures[i].size};
    members[cls] = (archive_member){.name = names[cls], .content = labels[i % 3], .type = 'f'};
    members[count + 2] = (archive_member){.name = names[count + 2], .content = "{}", .type = 'f'};
    count += 3;
  }
  for (const char *slash = strchr(name, '/'); slash; slash = NULL) {
    char parent[32];
    snprintf(parent, sizeof parent, "%.*s", (int)(slash - name), name);
    mkdir(scratch_path(folder, parent), 0755);
  }
  assert_true(archive_write(scratch_path(folder, name), "ustar", filter, members));
  for (int i = first; i < EACH; i += step)
    free(pictures[i].bytes);
}

static void shards_are_read(void **state)
{
  (void)state;
  static const archive_member bad[] = {{.name = "1.jpg", .content = "x", .type = 'f'},
                                       {.name = "1.cls", .content = "1\n2", .type = 'f'},
                                       {.name = "2.jpg", .content = "x", .type = 'f'},
                                       {.name = "2.cls", .content = " ", .type = 'f'},
                                       {.name = "3.jpg", .content = "x", .type = 'f'},
                                       {0}};
  put_shard("one.tar", "none", 0, 1, false);
  put_shard("two.tar.gz", "gzip", 0, 1, true);
  dla_picture_set *set = open_set("one.tar");
  assert_int_equal(set->classes, 3);
  assert_string_equal(set->class_names[0], "1");
  assert_string_equal(set->class_names[2], "10");
  assert_true(set->made_split && set->left_out == 0);
  dla_picture_set_close(set);
  load_epoch(scratch_path(folder, "one.tar"), &(dla_pictures_options){0}, &augmented, &wanted);
  check_same(scratch_path(folder, "two.tar.gz"), &(dla_pictures_options){0}, &augmented);
  /* A folder of them, where keys may be the same in two. */
  put_shard("s/a-000000.tar", "none", 0, 1, false);
  put_shard("s/a-000001.tar", "none", 0, 2, true);
  set = open_set("s");
  assert_int_equal(count_side(set, DLA_SIDE_TRAIN) + count_side(set, DLA_SIDE_VAL), 3 * EACH / 2);
  size_t count;
  uint64_t bytes;
  const char *tar = scratch_path(folder, "pack.tar");
  assert_int_equal(dla_picture_pack(set, tar, &(dla_pictures_options){0}, &count, &bytes, NULL),
                   DLA_OK);
  assert_int_equal(count, 3 * EACH / 2);
  const size_t val = count_side(set, DLA_SIDE_VAL);
  dla_picture_set_close(set);
  set = open_set("pack.tar");
  assert_int_equal(count_side(set, DLA_SIDE_VAL), val);
  dla_picture_set_close(set);
  check_refused(scratch_path(folder, "s"), &named, "the shards say in .cls");
  /* Sides by the shards' names. */
  put_shard("sides/train-0.tar", "none", 0, 1, false);
  put_shard("sides/test-0.tar", "none", 0, 4, false);
  put_shard("sides/val-0.tar", "none", 1, 4, false);
  set = open_set("sides");
  assert_false(set->made_split);
  assert_int_equal(count_side(set, DLA_SIDE_TRAIN), EACH);
  assert_int_equal(count_side(set, DLA_SIDE_VAL), 3);
  dla_picture_set_close(set);
  assert_true(archive_write(scratch_path(folder, "bad.tar"), "ustar", "none", bad));
  set = open_set("bad.tar");
  check_left_out(set, "1.jpg", "its .cls is no line of text");
  check_left_out(set, "2.jpg", "its .cls is no line of text");
  check_left_out(set, "3.jpg", "it has no .cls");
  dla_picture_set_close(set);
  assert_true(archive_write(scratch_path(folder, "s/b.tar"), "ustar", "none", bad + 4));
  check_refused(scratch_path(folder, "s"), &(dla_dataset_options){0},
                "it is no shard as the others");
}

static void tables_in_gzip(void **state)
{
  (void)state;
  static const char lines[] = "id,label\n0,a\n1,b\n2,a\n3,b\n4,c\n";
  for (int i = 0; i < 5; i++) {
    char name[64];
    snprintf(name, sizeof name, "labels/%d.jpg", i);
    put_picture(name, i);
  }
  const char *csv = put("labels.csv", lines, sizeof lines - 1);
  const char *zipped = scratch_path(folder, "labels.csv.gz");
  gzFile gz = gzopen(zipped, "wb");
  assert_non_null(gz);
  assert_true(gzputs(gz, lines) > 0 && gzclose(gz) == Z_OK);
  load_epoch(csv, &(dla_pictures_options){0}, &augmented, &wanted);
  check_same(zipped, &(dla_pictures_options){0}, &augmented);
  assert_int_equal(truncate(zipped, 30), 0);
  check_refused(zipped, &(dla_dataset_options){0}, "cut short");
}

/* A cache's pictures are as large as the evaluation wants them: that does not change. */
static void caches_change_nothing_of_the_evaluation(void **state)
{
  (void)state;
  const dla_loader_options plain = {.resize = 14, .workers = 3};
  put_classes("set", 0);
  const char *path = scratch_path(folder, "set"), *file = scratch_path(folder, "c/cache");
  dla_pictures_options o = {.cache_side = 14, .cache_path = file};
  load_epoch(path, &o, &plain, &wanted);
  o.cache = DLA_CACHE_RAM;
  check_same(path, &o, &plain);
  o.cache = DLA_CACHE_DISK;
  for (int again = 0; again < 2; again++)
    check_same(path, &o, &plain);
  struct stat before, behind;
  assert_int_equal(stat(file, &before), 0);
  check_same(path, &o, &plain);
  assert_int_equal(stat(file, &behind), 0);
  assert_true(before.st_ino == behind.st_ino); /* it was not made anew */
  /* A source that changed, and a cache that is none, are made anew. */
  put_picture("set/class9/3.jpg", 77);
  o.cache = DLA_CACHE_NONE;
  load_epoch(path, &o, &plain, &wanted);
  o.cache = DLA_CACHE_DISK;
  check_same(path, &o, &plain);
  scratch_write(folder, "c/cache", "DLAPICT2 and nothing else that would do", 39);
  check_same(path, &o, &plain);
}

/* ---- While training ---- */

static void what_breaks_later_is_replaced(void **state)
{
  (void)state;
  dla_dataset *train, *test;
  const dla_dataset_options options = {.pictures = {.val_fraction = 0.0001}};
  put_classes("set", 0);
  assert_int_equal(dla_dataset_load(scratch_path(folder, "set"), &options, &train, &test, NULL),
                   DLA_OK);
  read_epoch(train, augmented, &wanted);
  assert_int_equal(wanted.replaced, 0);
  size_t gone = 0;
  for (int i = 0; i < 4; i++) {
    char name[64];
    snprintf(name, sizeof name, "set/class9/%d.jpg", i);
    const written_picture p = picture(EACH + i);
    /* Gone; shorter; of another content; broken inside, at the same size. */
    if (i == 0) unlink(scratch_path(folder, name));
    if (i == 1) put(name, p.bytes, p.size - 5);
    if (i == 2) memset(p.bytes + 2, 0, p.size - 4);
    if (i >= 2) put(name, p.bytes, p.size);
    free(p.bytes);
    gone += i < 3;
  }
  read_epoch(train, augmented, &got);
  assert_int_equal(got.count, wanted.count);
  assert_in_range(got.replaced, gone - 1, gone + 2); /* one may test, one stand in for another */
  assert_in_range(got.reports, gone - 1, gone);
  load_epoch(scratch_path(folder, "set"), &options.pictures, &augmented, &wanted);
  dla_dataset_free(train);
  dla_dataset_free(test);
}

static void when_all_is_gone_it_ends(void **state)
{
  (void)state;
  dla_dataset *train, *test;
  dla_loader *loader;
  dla_batch batch;
  dla_error err = {0};
  put_classes("set", 0);
  assert_int_equal(
      dla_dataset_load(scratch_path(folder, "set"), &(dla_dataset_options){0}, &train, &test, NULL),
      DLA_OK);
  assert_int_equal(rename(scratch_path(folder, "set"), scratch_path(folder, "gone")), 0);
  dla_loader_options options = {.channels = 3, .height = 8, .width = 8, .batch_size = 4};
  options.std[0] = options.std[1] = options.std[2] = 1;
  assert_int_equal(dla_loader_create(train, &options, &loader, NULL), DLA_OK);
  dla_loader_start(loader, 0, 0);
  assert_int_equal(dla_loader_next(loader, &batch, &err), DLA_E_INPUT);
  assert_non_null(strstr(err.what, "No such file"));
  dla_loader_free(loader);
  dla_dataset_free(train);
  dla_dataset_free(test);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(people_sort_2_before_10),
      TEST(folders_by_class),
      TEST(train_and_val_have_many_names),
      TEST(val_is_preferred_and_may_be_missing),
      TEST(two_places_and_csvs),
      TEST(tables_with_sides),
      TEST(folders_as_people_have_them),
      TEST(tables_as_people_have_them),
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
      TEST(any_number_of_workers_gives_the_same_bytes),
      TEST(archives_give_what_folders_give),
      TEST(names_of_members_may_be_any_text),
      TEST(members_and_links_of_archives),
      TEST(bombs_are_left_out),
      TEST(a_pack_trains_as_the_folder),
      cmocka_unit_test(classes_are_cut_from_names),
      TEST(names_have_the_classes),
      TEST(names_are_suggested_and_refused),
      TEST(tables_inside_archives),
      TEST(tables_in_gzip),
      TEST(shards_are_read),
      TEST(caches_change_nothing_of_the_evaluation),
      TEST(what_breaks_later_is_replaced),
      TEST(when_all_is_gone_it_ends),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
