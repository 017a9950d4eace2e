/* A small data set in the places, and by the names, where torchvision, Kaggle, browsers and other
 * systems leave one. */
#include "config.h" /* symlink */

#include <regex.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "archive_writer.h"
#include "data/sources/catalogue.h"
#include "dla/dataset.h"
#include "scratch.h"

enum { FILES = 4, SIZE_MAX_OF_FILE = 32 };

/* IDX files of two images of 2 x 2, and their labels. */
static const char *const names[FILES] = {"train-images-idx3-ubyte", "train-labels-idx1-ubyte",
                                         "t10k-images-idx3-ubyte", "t10k-labels-idx1-ubyte"};
static const uint8_t images[] = {0, 0, 8, 3, 0, 0, 0, 2, 0, 0, 0, 2,
                                 0, 0, 0, 2, 1, 2, 3, 4, 5, 6, 7, 8};
static const uint8_t labels[] = {0, 0, 8, 1, 0, 0, 0, 2, 0, 1};

static const dla_dataset_options any = {0};

static const void *content(int file, size_t *size)
{
  *size = file % 2 ? sizeof labels : sizeof images;
  return file % 2 ? (const void *)labels : images;
}

static int set_up(void **state)
{
  *state = scratch_new();
  return 0;
}

static int tear_down(void **state)
{
  scratch_remove(*state);
  return 0;
}

/* ---- Names ---- */

/* '%' stands for the file's name, '&' for it with a dot in the place of the second '-', '^' for it
 * in capitals, '#' for it with "test" in the place of "t10k". */
static void make_name(const char *pattern, int file, char out[256])
{
  char *to = out;
  for (; *pattern; pattern++) {
    char name[64];
    snprintf(name, sizeof name, "%s", names[file]);
    if (*pattern == '&') *strstr(name, "-idx") = '.';
    if (*pattern == '#' && name[1] == '1') memcpy(name, "test", 4);
    for (char *p = name; *pattern == '^' && *p; p++)
      if (*p >= 'a' && *p <= 'z') *p = (char)(*p - 'a' + 'A');
    if (strchr("%&^#", *pattern))
      to += sprintf(to, "%s", name);
    else
      *to++ = *pattern;
  }
  *to = '\0';
}

static void write_below(const char *folder, const char *path, const void *bytes, size_t size)
{
  char part[256];
  for (const char *slash = strchr(path, '/'); slash; slash = strchr(slash + 1, '/')) {
    snprintf(part, sizeof part, "%.*s", (int)(slash - path), path);
    mkdir(scratch_path(folder, part), 0755);
  }
  size_t length = strlen(path);
  if (length > 3 && strcmp(path + length - 3, ".gz") == 0)
    scratch_write_gzip(folder, path, bytes, size);
  else
    scratch_write(folder, path, bytes, size);
}

static void write_all(const char *folder, const char *pattern)
{
  for (int f = 0; f < FILES; f++) {
    char name[256];
    size_t size;
    const void *bytes = content(f, &size);
    make_name(pattern, f, name);
    write_below(folder, name, bytes, size);
  }
}

static void check_load(const char *what, const char *path)
{
  dla_dataset *train, *test;
  dla_error err = {0};
  if (dla_dataset_load(path, &any, &train, &test, &err) != DLA_OK)
    fail_msg("%s: %s: %s", what, err.where, err.what);
  assert_int_equal(train->count, 2);
  assert_int_equal(test->count, 2);
  assert_int_equal(train->classes, 2);
  assert_memory_equal(train->images, images + 16, 8);
  dla_dataset_free(train);
  dla_dataset_free(test);
}

static void check_refused(const char *path, const dla_dataset_options *options, const char *what,
                          const char *hint)
{
  dla_dataset *train = NULL, *test = NULL;
  dla_error err = {0};
  assert_int_equal(dla_dataset_load(path, options, &train, &test, &err), DLA_E_INPUT);
  assert_null(train);
  assert_null(test);
  if (!strstr(err.what, what) || !strstr(err.hint, hint))
    fail_msg("unexpected error [%s] %s (%s)", err.where, err.what, err.hint);
}

static const char *const layouts[] = {
    "%",
    "%.gz",
    "^",
    "&",
    "&.gz",
    "#",
    "% (1)",
    "% (12).gz",
    "%(1)",
    "%.gz(2)",
    "% - Copy",
    "% - Copy (3)",
    "% copy",
    "% copy 2",
    "%_copy",
    "%.idx",
    "%.idx.gz",
    "%.gz (1).gz",
    "MNIST/raw/%",
    "FashionMNIST/raw/%.gz",
    "a/b/c/%",
    "my data/MNIST data (1)/%",
    "archive/%/%",
    "&/%",
    "emnist-letters-%",
    "EMNIST/raw/emnist-balanced-#.gz",
    "gzip/emnist-digits-#",
    "fashion-mnist_%",
    "MNIST Dataset/mnist.%",
};

static void finds_files_in_folders(void **state)
{
  for (size_t i = 0; i < sizeof layouts / sizeof layouts[0]; i++) {
    char name[16];
    snprintf(name, sizeof name, "%zu", i);
    const char *folder = scratch_folder(*state, name);
    write_all(folder, layouts[i]);
    write_below(folder, ".DS_Store", "x", 1);
    write_below(folder, "._train-images-idx3-ubyte", "x", 1);
    write_below(folder, "__MACOSX/MNIST/._train-labels-idx1-ubyte", "x", 1);
    write_below(folder, ".ipynb_checkpoints/train-labels-idx1-ubyte", "x", 1);
    write_below(folder, "mnist.zip.part", "x", 1);
    write_below(folder, "mnist.tar.gz.md5", "x", 1);
    write_below(folder, "mnist.tar.gz.aria2", "x", 1);
    write_below(folder, "notes/readme.txt", "x", 1);
    check_load(layouts[i], folder);
  }
}

static int write_archive(const char *path, const char *pattern, const char *format,
                         const char *filter)
{
  char paths[FILES][256];
  archive_member members[FILES + 3] = {{"__MACOSX/._train-labels-idx1-ubyte", "x", 'f', 0},
                                       {"./.DS_Store", "x", 'f', 0}};
  for (int f = 0; f < FILES; f++) {
    size_t size;
    const void *bytes = content(f, &size);
    make_name(pattern, f, paths[f]);
    members[2 + f] = (archive_member){paths[f], bytes, 'b', size};
  }
  return archive_write(path, format, filter, members);
}

static void finds_files_in_archives(void **state)
{
  static const char *const kinds[][3] = {
      {"pax", "none", "a.tar"},       {"ustar", "gzip", "a.tar.gz"}, {"pax", "lz4", "a.tar.lz4"},
      {"ustar", "zstd", "a.tar.zst"}, {"zip", "none", "a.zip"},      {"7zip", "none", "a.7z"},
  };
  for (size_t k = 0; k < sizeof kinds / sizeof kinds[0]; k++)
    for (size_t i = 0; i < sizeof layouts / sizeof layouts[0]; i++) {
      const char *path = scratch_path(*state, kinds[k][2]);
      if (strstr(layouts[i], ".gz")) continue; /* their content is plain here */
      if (write_archive(path, layouts[i], kinds[k][0], kinds[k][1])) check_load(layouts[i], path);
    }
}

/* Names under which browsers save one, and what lies beside it. */
static void finds_the_archive_in_a_folder(void **state)
{
  static const char *const saved[] = {"mnist.zip",         "MNIST.ZIP",  "mnist (1).zip",
                                      "mnist.zip?dl=1",    "data.zip",   "archive.zip",
                                      "sub/folder/my.zip", "mnist.zip.1"};
  for (size_t i = 0; i < sizeof saved / sizeof saved[0]; i++) {
    char name[16];
    snprintf(name, sizeof name, "s%zu", i);
    const char *folder = scratch_folder(*state, name);
    write_below(folder, saved[i], "", 0);
    assert_true(write_archive(scratch_path(folder, saved[i]), "x/%", "zip", "none"));
    write_below(folder, "mnist.zip.sha256", "x", 1);
    write_below(folder, "mnist.zip.crdownload", "x", 1);
    check_load(saved[i], folder);
  }
}

/* ---- Which one ---- */

static void the_nearest_one_counts(void **state)
{
  const char *folder = *state;
  write_all(folder, "near/%");
  write_all(folder, "far/away/%");
  check_load("near", folder);
  write_all(folder, "next/%");
  check_refused(folder, &any, "both near (IDX (MNIST)) and next (IDX (MNIST)) could be meant",
                "give the path of the one you want");
  check_load("next", scratch_path(folder, "next"));
  check_load("a file", scratch_path(folder, "next/train-labels-idx1-ubyte"));
}

static void unpacked_files_count_more(void **state)
{
  const char *folder = *state;
  write_all(folder, "MNIST/raw/%");
  write_all(folder, "MNIST/raw/%.gz");
  write_below(folder, "MNIST/raw/t10k-labels-idx1-ubyte.gz", "x", 1); /* not read */
  write_below(folder, "mnist.zip", "x", 1);
  check_load("plain", folder);
}

static void several_sets_in_a_folder_are_told_apart(void **state)
{
  const char *folder = *state;
  write_all(folder, "emnist-letters-%");
  write_all(folder, "emnist-digits-%.gz");
  check_refused(folder, &any, "both emnist-digits- (IDX (MNIST)) and emnist-letters- (IDX (MNIST))",
                "give the path");
  check_load("digits", scratch_path(folder, "emnist-digits-t10k-images-idx3-ubyte.gz"));
}

/* ---- Links ---- */

static void links_are_followed(void **state)
{
  const char *folder = scratch_folder(*state, "links");
  write_all(*state, "blobs/%");
  for (int f = 0; f < FILES; f++) {
    char target[64];
    snprintf(target, sizeof target, "../blobs/%s", names[f]);
    assert_int_equal(symlink(target, scratch_path(folder, names[f])), 0);
  }
  check_load("links", folder);
  remove(scratch_path(*state, "blobs/t10k-labels-idx1-ubyte"));
  check_refused(folder, &any, "it is a link to ../blobs/t10k-labels-idx1-ubyte, which is not there",
                "mend the link");
  const char *alone = scratch_folder(*state, "alone");
  assert_int_equal(symlink("/nowhere/mnist", scratch_path(alone, "mnist")), 0);
  check_refused(alone, &any, "found mnist (a link to /nowhere/mnist, which is not there)", "");
  check_refused(scratch_path(alone, "mnist"), &any, "a link to /nowhere/mnist", "");
}

/* Symbolic and hard links, to files of other names, before and behind what they lead to. */
static void links_in_archives_are_followed(void **state)
{
  const char *path = scratch_path(*state, "a.tar");
  archive_member members[] = {
      {"d/train-images-idx3-ubyte", "../blobs/i", 's', 0},
      {"blobs/l", (const char *)labels, 'b', sizeof labels},
      {"blobs/i", (const char *)images, 'b', sizeof images},
      {"d/train-labels-idx1-ubyte", "blobs/l", 'h', 0},
      {"d/t10k-images-idx3-ubyte", "./train-images-idx3-ubyte", 's', 0},
      {"d/t10k-labels-idx1-ubyte", "d/train-labels-idx1-ubyte", 'h', 0},
      {NULL, NULL, 0, 0},
  };
  assert_true(archive_write(path, "pax", "none", members));
  check_load("links", path);
  members[4].content = "t10k-images-idx3-ubyte"; /* itself */
  assert_true(archive_write(path, "pax", "gzip", members));
  check_refused(path, &any, "it is a link to t10k-images-idx3-ubyte, which is not there", "");
  members[4].content = "../../../out";
  assert_true(archive_write(path, "pax", "gzip", members));
  check_refused(path, &any, "it is a link to ../../../out", "");
}

static void the_later_member_counts(void **state)
{
  const char *path = scratch_path(*state, "a.tar");
  static const char wrong[] = "no labels";
  archive_member members[] = {
      {"train-images-idx3-ubyte", (const char *)images, 'b', sizeof images},
      {"train-labels-idx1-ubyte", wrong, 'f', 0},
      {"t10k-images-idx3-ubyte", (const char *)images, 'b', sizeof images},
      {"t10k-labels-idx1-ubyte", (const char *)labels, 'b', sizeof labels},
      {"./train-labels-idx1-ubyte", (const char *)labels, 'b', sizeof labels},
      {NULL, NULL, 0, 0},
  };
  assert_true(archive_write(path, "pax", "none", members));
  check_load("later", path);
}

/* ---- What is no data ---- */

static void what_a_file_is_is_said(void **state)
{
  const char *path;
  path = scratch_write(*state, "cifar-10-python.tar.gz",
                       "<!DOCTYPE html><title>Not\x1b[31m here</title>", 40);
  check_refused(path, &any, "the file is a web page", "kriz/cifar-10-python.tar.gz");
  path = scratch_write(*state, "cifar-100-python.tar.gz",
                       "version https://git-lfs.github.com/spec/v1\noid", 46);
  check_refused(path, &any, "a Git LFS pointer", "git lfs pull");
  path = scratch_write(*state, "mnist.zip", "", 0);
  check_refused(path, &any, "the file is empty", "ossci-datasets.s3.amazonaws.com/mnist/");
  path = scratch_write(*state, "notes.txt", "only notes", 10);
  check_refused(path, &any, "this is no archive, and no file of a data set known here", "");
  write_all(*state, "d/%");
  write_below(*state, "d/train-labels-idx1-ubyte", "<html>", 6);
  check_refused(scratch_path(*state, "d"), &any, "the file is a web page", "mnist/");
}

/* What to do with containers of other programs, and with parts of an archive. */
static void what_is_not_read_has_a_hint(void **state)
{
  const char *path = scratch_write(*state, "x.7z.001", "7z\xbc\xaf\x27\x1c", 6);
  check_refused(path, &any, "one part of a split archive", "cat x.7z.* > x.7z");
  scratch_write(*state, "y.z01", "PK", 2);
  path = scratch_write(*state, "y.zip", "PK", 2);
  check_refused(path, &any, "one part of a split archive", "zip -s 0 y.zip");
  path = scratch_write(*state, "x.rar", "Rar!\x1a\7\1", 7);
  check_refused(path, &any, "a RAR archive", "unpack it");
  path = scratch_write(*state, "x.jpg", "\xff\xd8\xff\xe0", 4);
  check_refused(path, &any, "a JPEG picture", "FOLDER/CLASS");
  path = scratch_write(*state, "x.tfrecord-00000-of-00001", "\1\2\3", 3);
  check_refused(path, &any, "it is a TFRecord file, which is not read", "#other-containers");
  path = scratch_write(*state, "x.mat", "MATLAB 5.0 MAT-file", 19);
  check_refused(path, &any, "the file is a MATLAB file", "#other-containers");
  write_below(*state, "hub/test-0.parquet", "PAR1", 4);
  write_below(*state, "hub/train-0.parquet", "PAR1", 4);
  check_refused(scratch_path(*state, "hub"), &any, "but train-0.parquet, a Parquet file",
                "#other-containers");
  write_below(*state, "kaggle/test.csv", "x", 1);
  write_below(*state, "kaggle/train.csv", "x", 1);
  check_refused(scratch_path(*state, "kaggle"), &any, "but train.csv, a table", "dataset.path=");
}

static void an_unfinished_download_is_named(void **state)
{
  write_below(*state, "cifar-10-python.tar.gz.part", "x", 1);
  check_refused(*state, &any, "found cifar-10-python.tar.gz.part (a download that has not ended)",
                "looked for");
}

static void what_is_missing_matters_beyond_the_limit(void **state)
{
  const dla_dataset_options one = {.train_limit = 1, .test_limit = 1};
  char name[32];
  static const uint8_t record[3073] = {0};
  for (int b = 1; b <= 4; b++) {
    snprintf(name, sizeof name, "data_batch_%d.bin", b);
    scratch_write(*state, name, record, sizeof record);
  }
  scratch_write(*state, "test_batch.bin", record, sizeof record);
  check_refused(*state, &one, "data_batch_5.bin is missing from the CIFAR-10 binary version",
                "kriz/");
}

/* ---- Labels and classes ---- */

static void labels_may_begin_at_one(void **state)
{
  static const uint8_t from_one[] = {0, 0, 8, 1, 0, 0, 0, 2, 1, 26};
  const dla_dataset_options wider = {.classes = 27};
  dla_dataset *train, *test;
  write_all(*state, "emnist-letters-#");
  write_below(*state, "emnist-letters-train-labels-idx1-ubyte", from_one, sizeof from_one);
  write_below(*state, "emnist-letters-test-labels-idx1-ubyte", from_one, sizeof from_one);
  assert_int_equal(dla_dataset_load(*state, &any, &train, &test, NULL), DLA_OK);
  assert_int_equal(train->classes, 26);
  assert_int_equal(train->labels[0], 0);
  assert_int_equal(test->labels[1], 25);
  assert_string_equal(train->class_names[25], "26");
  dla_dataset_free(train);
  dla_dataset_free(test);
  assert_int_equal(dla_dataset_load(*state, &wider, &train, &test, NULL), DLA_OK);
  assert_int_equal(train->classes, 27);
  assert_int_equal(train->labels[0], 1);
  dla_dataset_free(train);
  dla_dataset_free(test);
}

static void write_cifar_binary(const char *folder)
{
  static const uint8_t fine[3074] = {7, 70}, plain[3073] = {3};
  char name[48];
  for (int b = 1; b <= 5; b++) {
    snprintf(name, sizeof name, "cifar-10-batches-bin/data_batch_%d.bin", b);
    write_below(folder, name, plain, sizeof plain);
  }
  write_below(folder, "cifar-10-batches-bin/test_batch.bin", plain, sizeof plain);
  write_below(folder, "cifar-100-binary/train.bin", fine, sizeof fine);
  write_below(folder, "cifar-100-binary/test.bin", fine, sizeof fine);
}

static void check_classes(const char *folder, const dla_dataset_options *options, int classes,
                          int label)
{
  dla_dataset *train, *test;
  dla_error err = {0};
  if (dla_dataset_load(folder, options, &train, &test, &err)) fail_msg("%s", err.what);
  assert_int_equal(train->classes, classes);
  assert_int_equal(train->labels[0], label);
  dla_dataset_free(train);
  dla_dataset_free(test);
}

static void the_number_of_classes_tells_data_sets_apart(void **state)
{
  write_cifar_binary(*state);
  check_refused(*state, &any,
                "both cifar-10-batches-bin (CIFAR-10 binary version) and cifar-100-binary "
                "(CIFAR-100 binary version) could be meant",
                "set model.classes, or give the path of the one you want");
  check_classes(*state, &(dla_dataset_options){.classes = 10}, 10, 3);
  check_classes(*state, &(dla_dataset_options){.classes = 100}, 100, 70);
  check_classes(*state, &(dla_dataset_options){.classes = 20, .coarse = true}, 20, 7);
  check_classes(*state, &(dla_dataset_options){.coarse = true}, 20, 7);
  check_refused(scratch_path(*state, "cifar-10-batches-bin"),
                &(dla_dataset_options){.coarse = true}, "coarse labels are CIFAR-100's",
                "leave it out");
}

/* ---- Cases of tests/cli/make_datasets.py ---- */

/* wanted: a format's title, or '!' and a pattern of the error. */
static int comes_to(const char *path, const char *wanted)
{
  char found[sizeof(dla_error)];
  dla_dataset *train, *test;
  dla_error err = {0};
  regex_t pattern;
  if (dla_dataset_load(path, &any, &train, &test, &err) == DLA_OK) {
    snprintf(found, sizeof found, "%s", train->format);
    dla_dataset_free(train);
    dla_dataset_free(test);
  } else {
    snprintf(found, sizeof found, "!%s (%s)", err.what, err.hint);
  }
  assert_int_equal(regcomp(&pattern, wanted + (*wanted == '!'), REG_EXTENDED | REG_NOSUB), 0);
  int right = *wanted == '!' ? *found == '!' && regexec(&pattern, found, 0, NULL, 0) == 0
                             : strcmp(found, wanted) == 0;
  regfree(&pattern);
  if (!right) print_message("%s: expected %s, found %s\n", path, wanted, found);
  return right;
}

static void cases_come_to_what_they_must(void **state)
{
  (void)state;
  char line[512];
  int wrong = 0, count = 0;
  const char *list = getenv("DLA_DATASET_CASES");
  if (!list || !*list) skip(); /* tests/cli/datasets.sh sets it */
  FILE *file = fopen(list, "r");
  assert_non_null(file);
  for (; fgets(line, sizeof line, file); count++) {
    line[strcspn(line, "\n")] = '\0';
    char *wanted = strchr(line, '\t');
    assert_non_null(wanted);
    *wanted = '\0';
    wrong += !comes_to(line, wanted + 1);
  }
  fclose(file);
  assert_true(count > 40);
  assert_int_equal(wrong, 0);
}

/* The versions of one set in a folder are the same data; another set with as many classes is not.
 */
static void sets_of_as_many_classes_are_told_apart(void **state)
{
  (void)state;
  static char here[] = "", none[] = "";
  static const dla_format first = {
      .title = "one", .classes = 10, .set = "A", .members = {{.name = "a"}}};
  static const dla_format version = {
      .title = "other", .classes = 10, .set = "A", .members = {{.name = "b"}}};
  static const dla_format another = {.title = "third", .classes = 10, .members = {{.name = "c"}}};
  dla_candidate items[] = {{.format = &first, .folder = here, .prefix = none},
                           {.format = &version, .folder = here, .prefix = none},
                           {.format = &another, .folder = here, .prefix = none}};
  const dla_candidate *chosen;
  dla_error err = {0};
  dla_catalogue catalogue = {.items = items, .count = 2};
  assert_int_equal(dla_catalogue_choose(&catalogue, &any, "p", "choose", &chosen, &err), DLA_OK);
  assert_ptr_equal(chosen, &items[0]);
  catalogue.count = 3;
  assert_int_equal(dla_catalogue_choose(&catalogue, &any, "p", "choose", &chosen, &err),
                   DLA_E_INPUT);
  assert_string_equal(err.what, "both the one and the third could be meant");
  assert_string_equal(err.hint, "choose");
}

int main(void)
{
#define IN_FOLDER(test) cmocka_unit_test_setup_teardown(test, set_up, tear_down)
  const struct CMUnitTest tests[] = {
      IN_FOLDER(finds_files_in_folders),
      IN_FOLDER(finds_files_in_archives),
      IN_FOLDER(finds_the_archive_in_a_folder),
      IN_FOLDER(the_nearest_one_counts),
      IN_FOLDER(unpacked_files_count_more),
      IN_FOLDER(several_sets_in_a_folder_are_told_apart),
      IN_FOLDER(links_are_followed),
      IN_FOLDER(links_in_archives_are_followed),
      IN_FOLDER(the_later_member_counts),
      IN_FOLDER(what_a_file_is_is_said),
      IN_FOLDER(what_is_not_read_has_a_hint),
      IN_FOLDER(an_unfinished_download_is_named),
      IN_FOLDER(what_is_missing_matters_beyond_the_limit),
      IN_FOLDER(labels_may_begin_at_one),
      IN_FOLDER(the_number_of_classes_tells_data_sets_apart),
      cmocka_unit_test(sets_of_as_many_classes_are_told_apart),
      cmocka_unit_test(cases_come_to_what_they_must),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
