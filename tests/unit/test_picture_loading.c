/* What is trained on is the same from a folder, an archive, shards and a pack, with any cache, and
 * any number of workers. */
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
#include "data/pictures/pack.h"
#include "dla/loader.h"
#include "picture_sets_fixture.h"
#include "scratch.h"

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
  check_refused(scratch_path(folder, "s"), &(dla_dataset_options){.pictures = {.file_names = true}},
                "the shards say in .cls");
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
  const struct CMUnitTest tests[] = {
      TEST(any_number_of_workers_gives_the_same_bytes),
      TEST(archives_give_what_folders_give),
      TEST(names_of_members_may_be_any_text),
      TEST(members_and_links_of_archives),
      TEST(bombs_are_left_out),
      TEST(a_pack_trains_as_the_folder),
      TEST(shards_are_read),
      TEST(caches_change_nothing_of_the_evaluation),
      TEST(what_breaks_later_is_replaced),
      TEST(when_all_is_gone_it_ends),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
