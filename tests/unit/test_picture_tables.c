/* Tables of labels: what is found, left out and refused. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include <zlib.h>

#include <cmocka.h>

#include "picture_sets_fixture.h"
#include "scratch.h"

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

int main(void)
{
  const struct CMUnitTest tests[] = {
      TEST(tables_with_sides),
      TEST(tables_as_people_have_them),
      TEST(tables_inside_archives),
      TEST(tables_in_gzip),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
