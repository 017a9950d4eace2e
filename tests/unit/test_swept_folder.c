/* Temporary folders: those of killed processes are deleted, and no others. */
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/change_mode.h"
#include "base/make_folder.h"
#include "base/read_file.h"
#include "base/swept_folder.h"
#include "scratch.h"

static dla_swept_folder *make(const char *parent)
{
  dla_swept_folder *folder = NULL;
  dla_error err = {0};
  assert_int_equal(dla_swept_folder_make(parent, &folder, &err), DLA_OK);
  return folder;
}

/* A process that is killed while there is a file in its folder. */
static void make_and_die(const char *parent)
{
  int status;
  pid_t child = fork();
  assert_true(child >= 0);
  if (!child) {
    dla_swept_folder *folder = NULL;
    if (dla_swept_folder_make(parent, &folder, NULL)) _exit(1);
    if (chdir(dla_swept_folder_path(folder))) _exit(1);
    FILE *file = fopen("file", "w");
    if (!file || fclose(file)) _exit(1);
    kill(getpid(), SIGKILL);
  }
  assert_int_equal(waitpid(child, &status, 0), child);
  assert_true(WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL);
}

/* It is gone afterwards, then. */
static bool is_empty(const char *folder)
{
  return rmdir(folder) == 0;
}

static void test_of_the_killed(void **state)
{
  (void)state;
  char *folder = scratch_new();
  const char *parent = scratch_folder(folder, "parent");
  make_and_die(parent);
  scratch_folder(folder, "parent/.dla-part-000000"); /* killed before its lock was made */
  assert_false(is_empty(parent));
  dla_swept_folder_remove(make(parent));
  assert_true(is_empty(parent));
  scratch_remove(folder);
}

static void test_of_the_living(void **state)
{
  (void)state;
  char *folder = scratch_new();
  scratch_folder(folder, ".dla-abcdef");
  const char *kept = scratch_write(folder, ".dla-abcdef/output", "x", 1);
  const char *file = scratch_write(folder, ".dla-part-abcdef", "x", 1);
  dla_swept_folder *first = make(folder), *second = make(folder);
  assert_int_equal(access(dla_swept_folder_path(first), W_OK), 0);
  assert_int_equal(access(dla_swept_folder_path(second), W_OK), 0);
  assert_int_equal(access(kept, R_OK), 0);
  assert_int_equal(access(file, R_OK), 0);
  dla_swept_folder_remove(first);
  dla_swept_folder_remove(second);
  scratch_remove(folder);
}

static void test_errors_and_names(void **state)
{
  (void)state;
  char *folder = scratch_new();
  dla_swept_folder *none = NULL;
  dla_error err = {0};
  assert_int_equal(dla_swept_folder_make(scratch_path(folder, "missing"), &none, &err), DLA_E_IO);
  assert_null(none);
  assert_true(dla_is_swept_folder(".dla-part-a0B1c2"));
  assert_false(dla_is_swept_folder(".dla-part-a0B1c"));
  assert_false(dla_is_swept_folder(".dla-abcdef"));
  dla_swept_folder_remove(NULL);
  scratch_remove(folder);
}

static mode_t mode_of(const char *path)
{
  struct stat info;
  assert_int_equal(stat(path, &info), 0);
  return info.st_mode & 0777;
}

/* In a shared place, another user may put a link where this user's folder would be. */
static void test_private_folders(void **state)
{
  (void)state;
  char *folder = scratch_new();
  dla_error err = {0};
  const char *theirs = scratch_folder(folder, "theirs"), *ours = scratch_folder(folder, "ours");
  const char *link = scratch_path(folder, "link");
  assert_int_equal(chmod(theirs, 0755), 0);
  assert_int_equal(chmod(ours, 0755), 0);
  assert_int_equal(symlink(theirs, link), 0);
  assert_int_equal(dla_make_private_folder(ours, true, &err), DLA_OK);
  assert_int_equal(mode_of(ours), 0700);
  assert_int_equal(dla_make_private_folder(scratch_path(folder, "new/er"), true, &err), DLA_OK);
  assert_int_equal(mode_of(scratch_path(folder, "new/er")), 0700);
  assert_int_equal(dla_make_private_folder(link, true, &err), DLA_E_IO);
  assert_string_equal(err.what, "is a link, which may lead anywhere");
  assert_int_equal(mode_of(theirs), 0755);
  assert_int_equal(dla_make_private_folder(link, false, &err), DLA_OK);
  assert_int_equal(mode_of(theirs), 0700);
  scratch_remove(folder);
}

static void test_what_cannot_be_read(void **state)
{
  (void)state;
  char *folder = scratch_new(), *text = NULL;
  size_t length = 0;
  dla_error err = {0};
  assert_int_equal(dla_change_modes(scratch_path(folder, "missing"), 0700, &err), DLA_E_IO);
  assert_int_equal(dla_change_modes(scratch_folder(folder, "there"), 0750, &err), DLA_OK);
  assert_int_equal(mode_of(scratch_path(folder, "there")), 0750);
  /* Linux says that this file is empty. */
  assert_int_equal(dla_read_file("/proc/version", 1 << 20, &text, &length, &err), DLA_OK);
  assert_true(length > 0);
  free(text);
  scratch_remove(folder);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_of_the_killed),       cmocka_unit_test(test_of_the_living),
      cmocka_unit_test(test_errors_and_names),    cmocka_unit_test(test_private_folders),
      cmocka_unit_test(test_what_cannot_be_read),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
