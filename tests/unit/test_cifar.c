#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <archive.h>
#include <archive_entry.h>
#include <cmocka.h>

#include "dla/dataset.h"
#include "pickle_writer.h"
#include "scratch.h"

static const dla_dataset_options all = {0};

/* Batches of two images with made-up pixels; label i of batch b is 2 b + i, or that times 7. */
enum { PER_BATCH = 2, PIXELS = 3072, BATCHES = 6 };

static const char *const batch_names[BATCHES] = {"data_batch_1", "data_batch_2", "data_batch_3",
                                                 "data_batch_4", "data_batch_5", "test_batch"};
static const char *const class_names[] = {"airplane", "automobile", "bird",  "cat",  "deer",
                                          "dog",      "frog",       "horse", "ship", "truck"};

static uint8_t pixel(int batch, int image, int p)
{
  return (uint8_t)(batch * 101 + image * 37 + p * 13 + p / 256);
}

static void make_images(int batch, uint8_t images[PER_BATCH][PIXELS])
{
  for (int i = 0; i < PER_BATCH; i++)
    for (int p = 0; p < PIXELS; p++)
      images[i][p] = pixel(batch, i, p);
}

static dla_strbuf make_pickle(int batch, const char *labels_key, int factor)
{
  dla_strbuf text = {0};
  uint8_t images[PER_BATCH][PIXELS];
  int32_t labels[PER_BATCH] = {2 * batch % 10 * factor, (2 * batch + 1) % 10 * factor};
  make_images(batch, images);
  pickle_batch(&text, labels_key, labels, images[0], PER_BATCH);
  return text;
}

static dla_strbuf make_names(const char *key, const char *const *names, size_t count)
{
  dla_strbuf text = {0};
  PICKLE(&text, "\x80\x02}(");
  pickle_string(&text, key);
  pickle_strings(&text, names, count);
  PICKLE(&text, "u.");
  return text;
}

static dla_strbuf make_records(int batch, size_t label_bytes, int factor)
{
  dla_strbuf text = {0};
  uint8_t images[PER_BATCH][PIXELS];
  make_images(batch, images);
  for (int i = 0; i < PER_BATCH; i++) {
    char labels[2] = {(char)99, (char)((2 * batch + i) % 10 * factor)};
    dla_strbuf_append(&text, labels + 2 - label_bytes, label_bytes);
    dla_strbuf_append(&text, (const char *)images[i], PIXELS);
  }
  return text;
}

static void write_text(const char *folder, const char *name, dla_strbuf text)
{
  scratch_write(folder, name, text.text, text.length);
  dla_strbuf_free(&text);
}

static void write_cifar10(const char *folder)
{
  for (int b = 0; b < BATCHES; b++)
    write_text(folder, batch_names[b], make_pickle(b, "labels", 1));
  write_text(folder, "batches.meta", make_names("label_names", class_names, 10));
}

static void check_split(const dla_dataset *d, int first_batch, int batches, int factor)
{
  assert_int_equal(d->count, batches * PER_BATCH);
  assert_true(d->channels == 3 && d->height == 32 && d->width == 32);
  for (int n = 0; n < batches * PER_BATCH; n++) {
    int batch = first_batch + n / PER_BATCH;
    assert_int_equal(d->labels[n], (2 * batch + n % PER_BATCH) % 10 * factor);
    for (int p = 0; p < PIXELS; p++)
      assert_int_equal(d->images[n * PIXELS + p], pixel(batch, n % PER_BATCH, p));
  }
}

static void check_load(const char *path, const char *format)
{
  dla_dataset *train, *test;
  dla_error err = {0};
  if (dla_dataset_load(path, &all, &train, &test, &err) != DLA_OK)
    fail_msg("%s: %s", err.where, err.what);
  assert_string_equal(train->format, format);
  check_split(train, 0, 5, 1);
  check_split(test, 5, 1, 1);
  assert_int_equal(train->classes, 10);
  assert_string_equal(train->class_names[9], "truck");
  assert_string_equal(test->class_names[0], "airplane");
  dla_dataset_free(train);
  dla_dataset_free(test);
}

/* The error must hold these texts. */
static void check_refused(const char *path, const char *where, const char *what)
{
  dla_dataset *train = NULL, *test = NULL;
  dla_error err = {0};
  assert_int_equal(dla_dataset_load(path, &all, &train, &test, &err), DLA_E_INPUT);
  assert_null(train);
  assert_null(test);
  if (!strstr(err.where, where) || !strstr(err.what, what))
    fail_msg("unexpected error [%s] %s", err.where, err.what);
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

/* ---- Folders ---- */

static void reads_the_python_version(void **state)
{
  write_cifar10(*state);
  check_load(*state, "CIFAR-10 python version");
}

static void finds_the_folder_below(void **state)
{
  write_cifar10(scratch_folder(*state, "cifar-10-batches-py"));
  scratch_folder(*state, "another");
  scratch_write(*state, "readme.html", "x", 1);
  check_load(*state, "CIFAR-10 python version");
}

static void reads_the_binary_version(void **state)
{
  dla_strbuf names = {0};
  char name[32];
  for (int b = 0; b < BATCHES; b++) {
    snprintf(name, sizeof name, "%s.bin", batch_names[b]);
    write_text(*state, name, make_records(b, 1, 1));
  }
  for (int i = 0; i < 10; i++)
    dla_strbuf_printf(&names, "%s\n", class_names[i]);
  dla_strbuf_printf(&names, "\n");
  write_text(*state, "batches.meta.txt", names);
  check_load(*state, "CIFAR-10 binary version");
}

static void check_cifar100(const char *path, const char *format)
{
  dla_dataset *train, *test;
  dla_error err = {0};
  if (dla_dataset_load(path, &all, &train, &test, &err) != DLA_OK)
    fail_msg("%s: %s", err.where, err.what);
  assert_string_equal(train->format, format);
  assert_int_equal(train->classes, 100);
  check_split(train, 3, 1, 7);
  check_split(test, 4, 1, 7);
  assert_null(train->class_names);
  dla_dataset_free(train);
  dla_dataset_free(test);
}

static void reads_cifar_100(void **state)
{
  const char *python = scratch_folder(*state, "python"), *binary = scratch_folder(*state, "binary");
  write_text(python, "train", make_pickle(3, "fine_labels", 7));
  write_text(python, "test", make_pickle(4, "fine_labels", 7));
  check_cifar100(python, "CIFAR-100 python version");
  write_text(binary, "train.bin", make_records(3, 2, 7));
  write_text(binary, "test.bin", make_records(4, 2, 7));
  check_cifar100(binary, "CIFAR-100 binary version");
  write_text(python, "meta", make_names("fine_label_names", class_names, 10));
  check_refused(python, "meta, byte 0", "10 names for 100 classes");
  check_refused(
      *state, *state,
      "both binary (CIFAR-100 binary version) and python (CIFAR-100 python version) could be "
      "meant");
}

static void limits_cut_the_splits(void **state)
{
  dla_dataset *train, *test;
  write_cifar10(*state);
  assert_int_equal(dla_dataset_load(*state,
                                    &(dla_dataset_options){.train_limit = 3, .test_limit = 1},
                                    &train, &test, NULL),
                   DLA_OK);
  assert_int_equal(train->count, 3);
  assert_int_equal(test->count, 1);
  assert_int_equal(train->labels[2], 2);
  assert_int_equal(train->images[2 * PIXELS + 5], pixel(1, 0, 5));
  dla_dataset_free(train);
  dla_dataset_free(test);
}

static void what_is_missing_is_named(void **state)
{
  char *folder = *state;
  check_refused(scratch_path(folder, "nowhere"), "nowhere", "No such file");
  check_refused(folder, folder, "no dataset here; found an empty folder");
  scratch_write(folder, "notes.txt", "x", 1);
  check_refused(folder, folder, "no dataset here; found notes.txt");
  write_cifar10(folder);
  remove(scratch_path(folder, "data_batch_3"));
  check_refused(folder, folder, "data_batch_3 is missing from the CIFAR-10 python version");
  remove(scratch_path(folder, "batches.meta"));
  write_text(folder, "data_batch_3", make_pickle(2, "labels", 1));
  remove(scratch_path(folder, "test_batch"));
  check_refused(folder, folder, "test_batch is missing from the CIFAR-10 python version");
}

static void wrong_batches_are_refused(void **state)
{
  char *folder = *state;
  uint8_t images[PER_BATCH][PIXELS] = {{0}};
  dla_strbuf text = {0};
  write_cifar10(folder);
  pickle_batch(&text, "labels", (int32_t[]){3, 10}, images[0], PER_BATCH);
  write_text(folder, "data_batch_2", text);
  check_refused(folder, "data_batch_2, byte 60", "label 1 is not in 0..9");
  write_text(folder, "data_batch_2", make_pickle(1, "fine_labels", 1));
  check_refused(folder, "data_batch_2, byte", "no dict with an entry 'labels'");

  text = (dla_strbuf){0};
  PICKLE(&text, "\x80\x02}(");
  pickle_string(&text, "labels");
  pickle_integers(&text, (int32_t[]){1}, 1);
  pickle_string(&text, "data");
  pickle_array(&text, images[0], PER_BATCH, PIXELS);
  PICKLE(&text, "u.");
  write_text(folder, "data_batch_2", text);
  check_refused(folder, "data_batch_2, byte", "2 images, but 1 label");
}

static void wrong_records_are_refused(void **state)
{
  dla_strbuf text = make_records(0, 1, 1);
  char name[32];
  for (int b = 0; b < BATCHES; b++) {
    snprintf(name, sizeof name, "%s.bin", batch_names[b]);
    scratch_write(*state, name, text.text, text.length);
  }
  scratch_write(*state, "data_batch_4.bin", text.text, text.length - 10);
  check_refused(*state, "data_batch_4.bin, byte 3073",
                "the last record has 3063 of 3073 bytes: the file is cut short");
  text.text[3073] = 10;
  scratch_write(*state, "data_batch_4.bin", text.text, text.length);
  check_refused(*state, "data_batch_4.bin, byte 3073", "label 1 is 10, not in 0..9");
  dla_strbuf_free(&text);
}

/* A batch whose pixel (n, c, y, x) lies where `step` says. */
static dla_strbuf make_shaped(int batch, const uint32_t dim[4], const size_t step[4], int fortran)
{
  static uint8_t bytes[PER_BATCH * PIXELS];
  dla_strbuf text = {0};
  for (size_t n = 0; n < PER_BATCH; n++)
    for (size_t c = 0; c < 3; c++)
      for (size_t y = 0; y < 32; y++)
        for (size_t x = 0; x < 32; x++)
          bytes[n * step[0] + c * step[1] + y * step[2] + x * step[3]] =
              pixel(batch, (int)n, (int)(c * 1024 + y * 32 + x));
  PICKLE(&text, "\x80\x02}(");
  pickle_string(&text, "labels"); /* a tuple of two */
  PICKLE(&text, "K");
  dla_strbuf_printf(&text, "%c", 2 * batch % 10);
  PICKLE(&text, "G");
  uint64_t bits;
  const double second = (2 * batch + 1) % 10;
  memcpy(&bits, &second, sizeof bits);
  for (int i = 7; i >= 0; i--)
    dla_strbuf_append(&text, &(char){(char)(bits >> 8 * i)}, 1);
  PICKLE(&text, "\x86");
  pickle_string(&text, "data");
  pickle_shaped_array(&text, bytes, dim, dim[2] ? 4 : 2, fortran);
  PICKLE(&text, "u.");
  return text;
}

static void reads_any_order_of_pixels(void **state)
{
  static const struct {
    uint32_t dim[4];
    size_t step[4];
    int fortran;
  } kinds[] = {
      {{PER_BATCH, 3, 32, 32}, {3072, 1024, 32, 1}, 0},
      {{PER_BATCH, 32, 32, 3}, {3072, 1, 96, 3}, 0},
      {{PER_BATCH, 3, 32, 32}, {1, 2, 6, 192}, 1},
      {{PER_BATCH, 32, 32, 3}, {1, 2048, 2, 64}, 1},
      {{PER_BATCH, PIXELS}, {1, 2048, 64, 2}, 1},
  };
  write_cifar10(*state);
  for (size_t k = 0; k < sizeof kinds / sizeof kinds[0]; k++) {
    for (int b = 0; b < BATCHES; b++)
      write_text(*state, batch_names[b],
                 make_shaped(b, kinds[k].dim, kinds[k].step, kinds[k].fortran));
    check_load(*state, "CIFAR-10 python version");
  }
  write_text(*state, "data_batch_2",
             make_shaped(1, (const uint32_t[]){PER_BATCH, 32, 3, 32}, kinds[0].step, 0));
  check_refused(*state, "data_batch_2", "'data' is 2 x 32 x 3 x 32, not N x 3072");
}

/* ---- Archives ---- */

static void add_member(struct archive *a, const char *path, const void *bytes, size_t size)
{
  struct archive_entry *entry = archive_entry_new();
  archive_entry_set_pathname(entry, path);
  archive_entry_set_size(entry, (la_int64_t)size);
  archive_entry_set_filetype(entry, AE_IFREG);
  archive_entry_set_perm(entry, 0644);
  assert_int_equal(archive_write_header(a, entry), ARCHIVE_OK);
  assert_int_equal(archive_write_data(a, bytes, size), size);
  archive_entry_free(entry);
}

/* As the original: not in the order of the batches, and with a file that is no batch. skipped and
 * doubled: a batch that is left out, and one that comes twice; -1: none. */
static const char *write_archive(const char *folder, const char *name,
                                 int (*add_filter)(struct archive *), int skipped, int doubled)
{
  static const int order[] = {3, 5, 2, 1, 4, 0};
  const char *path = scratch_path(folder, name);
  struct archive *a = archive_write_new();
  char member[64];
  archive_write_set_format_ustar(a);
  assert_int_equal(add_filter(a), ARCHIVE_OK);
  assert_int_equal(archive_write_open_filename(a, path), ARCHIVE_OK);
  add_member(a, "cifar-10-batches-py/readme.html", "<html>", 6);
  dla_strbuf names = make_names("label_names", class_names, 10);
  add_member(a, "cifar-10-batches-py/batches.meta", names.text, names.length);
  dla_strbuf_free(&names);
  for (int i = 0; i < BATCHES; i++) {
    dla_strbuf text = make_pickle(order[i], "labels", 1);
    snprintf(member, sizeof member, "cifar-10-batches-py/%s", batch_names[order[i]]);
    for (int times = (order[i] != skipped) + (order[i] == doubled); times > 0; times--)
      add_member(a, member, text.text, text.length);
    dla_strbuf_free(&text);
  }
  assert_int_equal(archive_write_close(a), ARCHIVE_OK);
  archive_write_free(a);
  return path;
}

static void reads_archives(void **state)
{
  static const struct {
    const char *name;
    int (*add_filter)(struct archive *);
  } kinds[] = {{"a.tar.gz", archive_write_add_filter_gzip},
               {"a.tar", archive_write_add_filter_none},
               {"a.tar.xz", archive_write_add_filter_xz},
               {"a.tar.bz2", archive_write_add_filter_bzip2}};
  for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++)
    check_load(write_archive(*state, kinds[i].name, kinds[i].add_filter, -1, -1),
               "CIFAR-10 python version");
  check_refused(*state, *state, "both a.tar and a.tar.bz2 could be meant");
}

static void finds_the_archive_in_a_folder(void **state)
{
  write_archive(*state, "cifar-10-python.tar.gz", archive_write_add_filter_gzip, -1, -1);
  scratch_write(*state, "notes.txt", "x", 1);
  check_load(*state, "CIFAR-10 python version");
}

static void wrong_archives_are_refused(void **state)
{
  const char *path = scratch_write(*state, "a.tar", "this is no archive", 18);
  check_refused(path, "a.tar", "this is no archive, and no file of a data set known here");
  path = write_archive(*state, "b.tar.gz", archive_write_add_filter_gzip, 2, -1);
  check_refused(path, "b.tar.gz", "data_batch_3 is missing from the CIFAR-10 python version");
  path = write_archive(*state, "c.tar.gz", archive_write_add_filter_gzip, -1, 4);
  check_load(path, "CIFAR-10 python version"); /* the later of two counts */
}

static size_t read_file(const char *path, uint8_t *bytes, size_t size)
{
  FILE *file = fopen(path, "rb");
  assert_non_null(file);
  size_t count = fread(bytes, 1, size, file);
  fclose(file);
  return count;
}

static void damaged_archives_are_refused(void **state)
{
  static uint8_t bytes[1 << 17];
  const char *path = write_archive(*state, "a.tar.gz", archive_write_add_filter_gzip, -1, -1);
  size_t size = read_file(path, bytes, sizeof bytes);
  for (size_t cut = size - 1; cut > 20; cut -= cut < 200 ? 1 : cut / 9)
    check_refused(scratch_write(*state, "cut.tar.gz", bytes, cut), "cut.tar.gz",
                  "the compressed file is cut short");
  bytes[size - 8] ^= 1; /* in the checksum */
  check_refused(scratch_write(*state, "bad.tar.gz", bytes, size), "bad.tar.gz",
                "the compressed content is not what was compressed (incorrect data check)");

  path = write_archive(*state, "a.tar", archive_write_add_filter_none, -1, -1);
  size = read_file(path, bytes, sizeof bytes);
  check_refused(scratch_write(*state, "cut.tar", bytes, size / 2), "cut.tar", "");
}

/* A header that claims 4 GiB is refused before memory is taken for them. */
static void a_huge_member_is_refused(void **state)
{
  uint8_t bytes[1 << 16];
  const char *path = write_archive(*state, "a.tar", archive_write_add_filter_none, -1, -1);
  size_t size = read_file(path, bytes, sizeof bytes);
  unsigned sum = 0;
  uint8_t *header = bytes + 1024; /* of batches.meta: after the readme's header and contents */
  memcpy(header + 124, "40000000000", 11);
  memset(header + 148, ' ', 8);
  for (int i = 0; i < 512; i++)
    sum += header[i];
  snprintf((char *)header + 148, 8, "%06o", sum);
  check_refused(scratch_write(*state, "huge.tar", bytes, size), "huge.tar",
                "batches.meta is said to have 4294967296 bytes");
}

/* ---- The real thing ---- */

static void reads_the_real_archive(void **state)
{
  (void)state;
  const char *path = getenv("DLA_CIFAR10_ARCHIVE");
  if (!path || !*path) {
    print_message("skipped: DLA_CIFAR10_ARCHIVE does not name cifar-10-python.tar.gz\n");
    skip();
  }
  dla_dataset *train, *test;
  dla_error err = {0};
  if (dla_dataset_load(path, &all, &train, &test, &err) != DLA_OK)
    fail_msg("%s: %s", err.where, err.what);
  assert_string_equal(train->format, "CIFAR-10 python version");
  assert_string_equal(train->class_names[6], "frog");
  assert_int_equal(train->count, 5 * test->count);
  float mean[3], std[3];
  assert_int_equal(dla_dataset_statistics(train, mean, std, NULL), DLA_OK);
  /* Published means; a subset of the images comes close. */
  static const float expected[] = {0.4914f, 0.4822f, 0.4465f};
  for (int c = 0; c < 3; c++)
    assert_float_equal(mean[c], expected[c], 0.01f);
  dla_dataset_free(train);
  dla_dataset_free(test);
}

int main(void)
{
#define IN_FOLDER(test) cmocka_unit_test_setup_teardown(test, set_up, tear_down)
  const struct CMUnitTest tests[] = {
      IN_FOLDER(reads_the_python_version),      IN_FOLDER(finds_the_folder_below),
      IN_FOLDER(reads_the_binary_version),      IN_FOLDER(reads_cifar_100),
      IN_FOLDER(limits_cut_the_splits),         IN_FOLDER(what_is_missing_is_named),
      IN_FOLDER(wrong_batches_are_refused),     IN_FOLDER(wrong_records_are_refused),
      IN_FOLDER(reads_any_order_of_pixels),     IN_FOLDER(reads_archives),
      IN_FOLDER(finds_the_archive_in_a_folder), IN_FOLDER(wrong_archives_are_refused),
      IN_FOLDER(damaged_archives_are_refused),  IN_FOLDER(a_huge_member_is_refused),
      cmocka_unit_test(reads_the_real_archive),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
