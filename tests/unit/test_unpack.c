/* Unpacking: every format, and every archive that means harm. */
#include <dirent.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "archive_writer.h"
#include "base/read_file.h"
#include "scratch.h"
#include "staging/unpack/unpack.h"
#include "staging/unpack/unpack_name.h"

/* A folder with an archive in it, and one to unpack into. */
typedef struct fixture {
  char *folder;
  const char *out;
  dla_stage_settings settings;
  dla_meter *meter;
  dla_error err;
} fixture;

static int set_up(void **state)
{
  fixture *f = calloc(1, sizeof *f);
  assert_non_null(f);
  f->folder = scratch_new();
  f->out = scratch_folder(f->folder, "out");
  assert_int_equal(dla_stage_settings_init(&f->settings, &f->err), DLA_OK);
  assert_int_equal(dla_meter_new(NULL, &f->meter, &f->err), DLA_OK);
  *state = f;
  return 0;
}

static int tear_down(void **state)
{
  fixture *f = *state;
  dla_meter_free(f->meter);
  dla_stage_settings_free(&f->settings);
  scratch_remove(f->folder);
  free(f);
  return 0;
}

static dla_status unpack(fixture *f, const char *path, const char *name)
{
  return dla_unpack(path, name, f->out, &f->settings, f->meter, &f->err);
}

static void has_file(fixture *f, const char *name, const char *content)
{
  char *bytes;
  size_t length;
  const char *path = scratch_path(f->out, name);
  assert_int_equal(dla_read_file(path, 1 << 20, &bytes, &length, &f->err), DLA_OK);
  assert_string_equal(bytes, content);
  free(bytes);
}

static int count_entries(const char *path)
{
  int count = 0;
  DIR *folder = opendir(path);
  assert_non_null(folder);
  while (readdir(folder))
    count++;
  closedir(folder);
  return count - 2;
}

/* It is refused with these words, and nothing is left. */
static void is_refused(fixture *f, const archive_member *members, const char *format,
                       const char *words)
{
  const char *path = scratch_path(f->folder, "bad");
  assert_true(archive_write(path, format, "none", members));
  assert_int_equal(unpack(f, path, "bad"), DLA_E_INPUT);
  if (!strstr(f->err.what, words)) fail_msg("%s", f->err.what);
  assert_int_equal(count_entries(f->out), 0);
}

static const archive_member good[] = {
    {"./folder/", NULL, 'd', 0},
    {"./folder/caf\xc3\xa9", "content", 'f', 0},
    {"implied/folder/x", "x", 'f', 0},
    {"empty", "", 'f', 0},
    {NULL, NULL, 0, 0},
};

static void every_format(void **state)
{
  static const struct {
    const char *format, *filter;
  } kinds[] = {
      {"ustar", "none"}, {"pax", "none"},       {"ustar", "gzip"}, {"ustar", "bzip2"},
      {"ustar", "xz"},   {"pax", "zstd"},       {"ustar", "lzma"}, {"ustar", "lz4"},
      {"ustar", "lzip"}, {"ustar", "compress"}, {"zip", "none"},   {"7zip", "none"},
  };
  fixture *f = *state;
  for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++) {
    const char *path = scratch_path(f->folder, "archive");
    if (!archive_write(path, kinds[i].format, kinds[i].filter, good)) continue;
    f->out = scratch_path(f->folder, kinds[i].filter[0] == 'n' ? kinds[i].format : kinds[i].filter);
    dla_status status = unpack(f, path, "archive");
    if (status) fail_msg("%s, %s: %s", kinds[i].format, kinds[i].filter, f->err.what);
    has_file(f, "folder/caf\xc3\xa9", "content");
    has_file(f, "implied/folder/x", "x");
    has_file(f, "empty", "");
    assert_int_equal(count_entries(f->out), 3);
  }
}

static void single_files(void **state)
{
  static const archive_member one[] = {{"x", "content", 'f', 0}, {NULL, NULL, 0, 0}};
  static const char *const kinds[][2] = {
      {"gzip", "x.gz"}, {"bzip2", "x.bz2"}, {"xz", "x.xz"}, {"zstd", "x.zst"}};
  fixture *f = *state;
  for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++) {
    const char *path = scratch_path(f->folder, kinds[i][1]);
    assert_true(archive_write(path, "raw", kinds[i][0], one));
    assert_int_equal(unpack(f, path, kinds[i][1]), DLA_OK);
    has_file(f, "x", "content");
    assert_int_equal(count_entries(f->out), 1);
  }
}

static void what_is_no_archive_stays(void **state)
{
  fixture *f = *state;
  static const char zeros[1024];
  static const archive_member some[] = {{"x", "content", 'f', 0}, {NULL, NULL, 0, 0}};
  assert_int_equal(unpack(f, scratch_write(f->folder, "a", "hello", 5), "text"), DLA_OK);
  has_file(f, "text", "hello");
  assert_int_equal(unpack(f, scratch_write(f->folder, "b", "", 0), "nothing"), DLA_OK);
  has_file(f, "nothing", "");
  assert_int_equal(unpack(f, scratch_write(f->folder, "c", zeros, sizeof zeros), "zeros"), DLA_OK);
  const char *path = scratch_path(f->folder, "d");
  assert_true(archive_write(path, "zip", "none", some));
  assert_int_equal(unpack(f, path, "checkpoint.pth"), DLA_OK);
  f->settings.unpack = false;
  assert_int_equal(unpack(f, path, "packed.zip"), DLA_OK);
  assert_int_equal(count_entries(f->out), 5);
}

static void names_that_lead_out(void **state)
{
  static const archive_member up[] = {
      {"fine", "x", 'f', 0}, {"a/../../escaped", "x", 'f', 0}, {NULL, NULL, 0, 0}};
  static const archive_member absolute[] = {
      {"fine", "x", 'f', 0}, {"/tmp/escaped", "x", 'f', 0}, {NULL, NULL, 0, 0}};
  fixture *f = *state;
  static const char *const formats[] = {"ustar", "pax", "zip"};
  for (size_t i = 0; i < sizeof formats / sizeof *formats; i++) {
    is_refused(f, up, formats[i], "outside of the folder");
    is_refused(f, absolute, formats[i], "outside of the folder");
  }
}

static void links_that_lead_out(void **state)
{
  static const char *const targets[] = {"/etc", "..", "../../etc", "a/../..", "a/b/../../../x"};
  fixture *f = *state;
  for (size_t i = 0; i < sizeof targets / sizeof *targets; i++) {
    const archive_member m[] = {{"l", targets[i], 's', 0}, {NULL, NULL, 0, 0}};
    is_refused(f, m, "pax", "link out of the folder");
  }
  static const archive_member through[] = {
      {"a/b/up", "../..", 's', 0}, {"t", "a/b/up/../x", 's', 0}, {NULL, NULL, 0, 0}};
  is_refused(f, through, "pax", "link out of the folder");
  static const archive_member hard[] = {{"h", "../../etc/passwd", 'h', 0}, {NULL, NULL, 0, 0}};
  is_refused(f, hard, "pax", "link to no file");
  static const archive_member hard_to_link[] = {
      {"s", "x", 's', 0}, {"h", "s", 'h', 0}, {NULL, NULL, 0, 0}};
  is_refused(f, hard_to_link, "pax", "link to no file");
  static const archive_member pipe[] = {{"p", "", 'p', 0}, {NULL, NULL, 0, 0}};
  is_refused(f, pipe, "pax", "no file, folder or link");
}

/* A link to a folder, then a file "in" it. */
static void writing_through_a_link(void **state)
{
  static const archive_member m[] = {{"real/x", "x", 'f', 0},
                                     {"link", "real", 's', 0},
                                     {"link/y", "y", 'f', 0},
                                     {NULL, NULL, 0, 0}};
  fixture *f = *state;
  const char *path = scratch_path(f->folder, "bad");
  assert_true(archive_write(path, "pax", "none", m));
  assert_int_equal(unpack(f, path, "bad"), DLA_E_INPUT);
  assert_int_equal(count_entries(f->out), 0);
}

static void links_that_stay(void **state)
{
  static const archive_member m[] = {{"a/file", "content", 'f', 0},
                                     {"a/b/link", "../file", 's', 0},
                                     {"hard", "a/file", 'h', 0},
                                     {NULL, NULL, 0, 0}};
  fixture *f = *state;
  const char *path = scratch_path(f->folder, "archive");
  assert_true(archive_write(path, "pax", "none", m));
  assert_int_equal(unpack(f, path, "archive"), DLA_OK);
  has_file(f, "a/b/link", "content");
  has_file(f, "hard", "content");
}

static void names_that_occur_twice(void **state)
{
  static const archive_member files[] = {
      {"a", "1", 'f', 0}, {"./a", "2", 'f', 0}, {NULL, NULL, 0, 0}};
  static const archive_member link_then_file[] = {
      {"a", "b", 's', 0}, {"a", "2", 'f', 0}, {NULL, NULL, 0, 0}};
  is_refused(*state, files, "ustar", "is there twice");
  is_refused(*state, files, "zip", "is there twice");
  is_refused(*state, link_then_file, "pax", "is there twice");
}

static void bombs(void **state)
{
  fixture *f = *state;
  static const archive_member zeros[] = {{"zeros", NULL, 'f', 100 << 20}, {NULL, NULL, 0, 0}};
  const char *path = scratch_path(f->folder, "bomb");
  static const char *const filters[] = {"gzip", "bzip2"};
  for (size_t i = 0; i < sizeof filters / sizeof *filters; i++) {
    assert_true(archive_write(path, "ustar", filters[i], zeros));
    assert_int_equal(unpack(f, path, "bomb"), DLA_E_INPUT);
    assert_non_null(strstr(f->err.what, "looks like a trap"));
    assert_int_equal(count_entries(f->out), 0);
  }
  f->settings.unpack_bytes = 5;
  is_refused(f, good, "ustar", "more bytes");
  f->settings.unpack_bytes = 100;
  f->settings.unpack_entries = 2;
  is_refused(f, good, "zip", "one more");
}

static void damaged_archives(void **state)
{
  fixture *f = *state;
  static const char *const filters[] = {"gzip", "bzip2", "xz", "zstd"};
  const char *path = scratch_path(f->folder, "archive");
  for (size_t i = 0; i < sizeof filters / sizeof *filters; i++) {
    char *bytes;
    size_t length;
    assert_true(archive_write(path, "ustar", filters[i], good));
    assert_int_equal(dla_read_file(path, 1 << 20, &bytes, &length, &f->err), DLA_OK);
    const char *cut = scratch_write(f->folder, "cut", bytes, length - 5);
    if (unpack(f, cut, "cut") != DLA_E_INPUT) fail_msg("%s", filters[i]);
    assert_int_equal(count_entries(f->out), 0);
    free(bytes);
  }
}

static void joins_what_is_there(void **state)
{
  fixture *f = *state;
  const char *path = scratch_path(f->folder, "archive");
  assert_true(archive_write(path, "ustar", "none", good));
  const char *folder = scratch_folder(f->out, "folder");
  scratch_write(folder, "other", "kept", 4);
  scratch_write(folder, "caf\xc3\xa9", "old", 3);
  assert_int_equal(unpack(f, path, "archive"), DLA_OK);
  has_file(f, "folder/other", "kept");
  has_file(f, "folder/caf\xc3\xa9", "content");
}

static void moves_nothing_where_something_is_in_the_way(void **state)
{
  fixture *f = *state;
  const char *path = scratch_path(f->folder, "archive");
  assert_true(archive_write(path, "ustar", "none", good));
  scratch_write(f->out, "implied", "a file", 6);
  assert_int_equal(unpack(f, path, "archive"), DLA_E_INPUT);
  assert_non_null(strstr(f->err.what, "is in the way"));
  assert_int_equal(count_entries(f->out), 1);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
  const struct CMUnitTest tests[] = {
      TEST(every_format),
      TEST(single_files),
      TEST(what_is_no_archive_stays),
      TEST(names_that_lead_out),
      TEST(links_that_lead_out),
      TEST(writing_through_a_link),
      TEST(links_that_stay),
      TEST(names_that_occur_twice),
      TEST(bombs),
      TEST(damaged_archives),
      TEST(joins_what_is_there),
      TEST(moves_nothing_where_something_is_in_the_way),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
