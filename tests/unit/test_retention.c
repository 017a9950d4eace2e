/* Best and earlier checkpoints are at no moment without their file, and who watches the folder is
 * told that they are whole. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <sys/inotify.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/read_file.h"
#include "checkpoint/link.h"
#include "checkpoint/retention.h"
#include "scratch.h"

static int watch(const char *folder)
{
  int fd = inotify_init1(IN_NONBLOCK | IN_CLOEXEC);
  assert_true(fd >= 0);
  assert_true(inotify_add_watch(fd, folder, IN_CREATE | IN_DELETE | IN_MOVE) >= 0);
  return fd;
}

/* What happened to a name since the last call. */
static uint32_t events_of(int fd, const char *name)
{
  _Alignas(struct inotify_event) char buffer[1 << 14];
  uint32_t mask = 0;
  for (ssize_t size; (size = read(fd, buffer, sizeof buffer)) > 0;)
    for (char *p = buffer; p < buffer + size;) {
      const struct inotify_event *event = (const struct inotify_event *)p;
      if (event->len && strcmp(event->name, name) == 0) mask |= event->mask;
      p += sizeof *event + event->len;
    }
  return mask;
}

static void check_text(const char *path, const char *text)
{
  char *bytes = NULL;
  size_t length = 0;
  dla_error err = {0};
  assert_int_equal(dla_read_file(path, 100, &bytes, &length, &err), DLA_OK);
  assert_string_equal(bytes, text);
  free(bytes);
}

static void a_link_is_renamed_into_place(void **state)
{
  (void)state;
  char *folder = scratch_new();
  dla_error err = {0};
  const char *old = scratch_write(folder, "old", "1", 1),
             *new = scratch_write(folder, "new", "2", 1), *to = scratch_path(folder, "to");
  int fd = watch(folder);
  assert_int_equal(dla_checkpoint_link(old, to, &err), DLA_OK);
  assert_int_equal(dla_checkpoint_link(new, to, &err), DLA_OK);
  assert_int_equal(dla_checkpoint_link(new, to, &err), DLA_OK); /* the same file again */
  assert_int_equal(events_of(fd, "to"), IN_MOVED_TO);
  check_text(to, "2");
  struct stat info;
  assert_int_equal(stat(new, &info), 0);
  assert_int_equal(info.st_nlink, 2); /* no temporary name is left */
  close(fd);
  scratch_remove(folder);
}

static void the_best_move_down_whole(void **state)
{
  (void)state;
  char *folder = scratch_new();
  dla_error err = {0};
  const char *out = scratch_write(folder, "c.pth", "1", 1);
  assert_int_equal(dla_checkpoint_keep_best(out, 2, &err), DLA_OK);
  assert_int_equal(unlink(out), 0); /* as a rename over it does, the link keeps the old one */
  scratch_write(folder, "c.pth", "2", 1);
  int fd = watch(folder);
  assert_int_equal(dla_checkpoint_keep_best(out, 2, &err), DLA_OK);
  assert_int_equal(events_of(fd, "c.best.pth"), IN_MOVED_TO);
  check_text(scratch_path(folder, "c.best.pth"), "2");
  check_text(scratch_path(folder, "c.best-2.pth"), "1");
  assert_int_not_equal(access(scratch_path(folder, "c.best-3.pth"), F_OK), 0);
  close(fd);
  scratch_remove(folder);
}

/* Of all names of the run's checkpoints, and of nothing else. */
static void temporary_files_are_swept(void **state)
{
  (void)state;
  static const char *const gone[] = {
      "ckpt.safetensors.0123abcd.tmp", "ckpt.step-00000002.safetensors.0123abcd.tmp",
      "ckpt.best.safetensors.0123abcd.tmp", "ckpt.best-2.safetensors.0123abcd.tmp"};
  static const char *const kept[] = {"ckpt.safetensors", "ckpt.other.safetensors.0123abcd.tmp",
                                     "other.safetensors.0123abcd.tmp", "ckpt.safetensors.mine.tmp",
                                     "ckpt.best.safetensors"};
  char *folder = scratch_new();
  for (size_t i = 0; i < sizeof gone / sizeof *gone; i++)
    scratch_write(folder, gone[i], "1", 1);
  for (size_t i = 0; i < sizeof kept / sizeof *kept; i++)
    scratch_write(folder, kept[i], "1", 1);
  dla_checkpoint_sweep(scratch_path(folder, "ckpt.safetensors"));
  for (size_t i = 0; i < sizeof gone / sizeof *gone; i++)
    assert_int_not_equal(access(scratch_path(folder, gone[i]), F_OK), 0);
  for (size_t i = 0; i < sizeof kept / sizeof *kept; i++)
    assert_int_equal(access(scratch_path(folder, kept[i]), F_OK), 0);
  scratch_remove(folder);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(a_link_is_renamed_into_place),
      cmocka_unit_test(the_best_move_down_whole),
      cmocka_unit_test(temporary_files_are_swept),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
