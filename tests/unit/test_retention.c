/* Best and earlier checkpoints are at no moment without their file, and who watches the folder is
 * told that they are whole. */
#include <errno.h>
#include <inttypes.h>
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
#include "small_checkpoint.h"

/* Instead of link(2): as on a file system that has no hard links. */
static bool no_links;
int __real_link(const char *from, const char *to);
int __wrap_link(const char *from, const char *to);
int __wrap_link(const char *from, const char *to)
{
  if (!no_links) return __real_link(from, to);
  errno = EPERM;
  return -1;
}

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

static void without_links_there_are_copies(void **state)
{
  (void)state;
  char *folder = scratch_new();
  dla_error err = {0};
  const char *from = scratch_write(folder, "c.step.pth", "new", 3),
             *to = scratch_write(folder, "c.best.pth", "old", 3);
  const int fd = watch(folder);
  no_links = true;
  assert_int_equal(dla_checkpoint_link(from, to, &err), DLA_OK);
  check_text(to, "new");
  check_text(from, "new");
  assert_int_equal(events_of(fd, "c.best.pth"), IN_MOVED_TO);
  assert_int_equal(unlink(from), 0);
  assert_int_not_equal(dla_checkpoint_link(from, to, &err), DLA_OK); /* what is there stays */
  no_links = false;
  check_text(to, "new");
  close(fd);
  scratch_remove(folder);
}

/* A process of the same number left a temporary file. */
static void a_temporary_name_that_is_taken_stays(void **state)
{
  (void)state;
  char *folder = scratch_new(), taken[64];
  dla_error err = {0};
  const char *from = scratch_write(folder, "a", "new", 3), *to = scratch_path(folder, "b");
  const uint32_t number = (uint32_t)getpid() * 1664525u + 1013904223u;
  snprintf(taken, sizeof taken, "b.%08" PRIx32 ".tmp", number);
  scratch_write(folder, taken, "its", 3);
  assert_int_equal(dla_checkpoint_link(from, to, &err), DLA_OK);
  check_text(to, "new");
  check_text(scratch_path(folder, taken), "its");
  struct stat info;
  assert_int_equal(stat(to, &info), 0);
  assert_int_equal(info.st_nlink, 2);
  scratch_remove(folder);
}

/* What a run that ended after any of the moves left: the next best moves them as if it had not. */
static void the_best_move_on_after_an_end_between(void **state)
{
  (void)state;
  static const char *const left[][3] = {{"1", "2", "3"}, {"1", "2", "2"}, {"1", "1", "2"}};
  static const char *const names[] = {"c.best.pth", "c.best-2.pth", "c.best-3.pth"};
  for (size_t i = 0; i < 3; i++) {
    char *folder = scratch_new();
    dla_error err = {0};
    const char *out = scratch_write(folder, "c.pth", "0", 1);
    for (size_t k = 0; k < 3; k++) {
      const char *path = scratch_path(folder, names[k]);
      if (k && strcmp(left[i][k], left[i][k - 1]) == 0)
        assert_int_equal(link(scratch_path(folder, names[k - 1]), path), 0);
      else
        scratch_write(folder, names[k], left[i][k], 1);
    }
    assert_int_equal(dla_checkpoint_keep_best(out, 3, &err), DLA_OK);
    check_text(scratch_path(folder, "c.best.pth"), "0");
    check_text(scratch_path(folder, "c.best-2.pth"), "1");
    check_text(scratch_path(folder, "c.best-3.pth"), "2");
    scratch_remove(folder);
  }
}

/* If one cannot move, those above it do not take its place. */
static void a_best_that_cannot_move_is_not_replaced(void **state)
{
  (void)state;
  char *folder = scratch_new();
  dla_error err = {0};
  const char *out = scratch_write(folder, "c.pth", "0", 1);
  scratch_write(folder, "c.best.pth", "1", 1);
  scratch_write(folder, "c.best-2.pth", "2", 1);
  scratch_folder(folder, "c.best-3.pth");
  assert_int_not_equal(dla_checkpoint_keep_best(out, 3, &err), DLA_OK);
  check_text(scratch_path(folder, "c.best.pth"), "1");
  check_text(scratch_path(folder, "c.best-2.pth"), "2");
  scratch_remove(folder);
}

/* Settles a folder with such a last checkpoint and such a best one. Returns the steps in the best
 * and the second best. */
static void settle(dla_train_state last, dla_train_state best, int64_t count, int64_t steps[2])
{
  char *folder = scratch_new();
  dla_error err = {0};
  const char *out = scratch_path(folder, "c.safetensors");
  if (last.step >= 0) small_checkpoint(folder, "c.safetensors", last);
  if (best.step >= 0) small_checkpoint(folder, "c.best.safetensors", best);
  if (dla_checkpoint_settle_best(out, count, &err)) fail_msg("%s: %s", err.where, err.what);
  steps[0] = small_checkpoint_step(folder, "c.best.safetensors");
  steps[1] = small_checkpoint_step(folder, "c.best-2.safetensors");
  scratch_remove(folder);
}

/* A process may end after it wrote a new best checkpoint, and before that has its name. */
static void a_best_gets_its_name_at_the_next_start(void **state)
{
  (void)state;
  static const struct {
    dla_train_state last, best;
    int64_t count, first, second; /* the steps afterwards; -1: no such file */
  } cases[] = {
      {{.epoch = 2, .step = 20, .best_epoch = 2},
       {.epoch = 1, .step = 10, .best_epoch = 1},
       2,
       20,
       10},
      {{.epoch = 1, .step = 10, .best_epoch = 1}, {.step = -1}, 1, 10, -1},
      {{.epoch = 1, .step = 10, .best_epoch = 1}, {.step = -1}, 0, -1, -1},
      /* The best has its name: a copy, as a store gives it back. */
      {{.epoch = 2, .step = 20, .best_epoch = 2},
       {.epoch = 2, .step = 20, .best_epoch = 2},
       2,
       20,
       -1},
      /* The same run went back, and came to this step or epoch on another way. */
      {{.epoch = 2, .step = 20, .best_epoch = 2},
       {.epoch = 1, .step = 20, .best_epoch = 1},
       2,
       20,
       20},
      {{.epoch = 2, .step = 20, .best_epoch = 2},
       {.epoch = 2, .step = 30, .best_epoch = 2},
       2,
       20,
       30},
      /* Not a best one: within an epoch, of an epoch that was none, before the first one's end. */
      {{.epoch = 2, .step = 21, .batch = 1, .best_epoch = 2},
       {.epoch = 1, .step = 10, .best_epoch = 1},
       2,
       10,
       -1},
      {{.epoch = 3, .step = 30, .best_epoch = 2},
       {.epoch = 1, .step = 10, .best_epoch = 1},
       2,
       10,
       -1},
      {{.epoch = 0, .step = 0, .best_epoch = 0}, {.step = -1}, 2, -1, -1},
      /* There is no last one. */
      {{.step = -1}, {.epoch = 1, .step = 10, .best_epoch = 1}, 2, 10, -1},
  };
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
    int64_t steps[2];
    settle(cases[i].last, cases[i].best, cases[i].count, steps);
    if (steps[0] != cases[i].first || steps[1] != cases[i].second)
      fail_msg("case %zu: %d and %d", i, (int)steps[0], (int)steps[1]);
  }
}

/* Where both names lead to one file, nothing moves: the second best stays. Of .pth, too, whose
 * state needs the whole file. */
static void a_best_that_has_its_name_does_not_move(void **state)
{
  (void)state;
  for (int i = 0; i < 2; i++) {
    char *folder = scratch_new();
    dla_error err = {0};
    const dla_train_state new = {.epoch = 2, .step = 20, .best_epoch = 2}, old = {.step = 10};
    const char *out = small_checkpoint(folder, "c.pth", new);
    if (i) assert_int_equal(link(out, scratch_path(folder, "c.best.pth")), 0);
    small_checkpoint(folder, "c.best-2.pth", old);
    if (!i) small_checkpoint(folder, "c.best.pth", (dla_train_state){.step = 15, .epoch = 1});
    assert_int_equal(dla_checkpoint_settle_best(out, 2, &err), DLA_OK);
    assert_int_equal(small_checkpoint_step(folder, "c.best.pth"), 20);
    assert_int_equal(small_checkpoint_step(folder, "c.best-2.pth"), i ? 10 : 15);
    scratch_remove(folder);
  }
}

static void count_skipped(void *context, const char *path, const dla_error *why)
{
  (void)path, (void)why;
  ++*(int *)context;
}

/* Looks for checkpoint.in. Returns the step of what is found; -1: nothing, -2: an error. */
static int64_t find(const char *folder, const char *in, bool may_be_missing, const char *name,
                    int skipped)
{
  dla_strbuf path = {0};
  dla_checkpoint *found = NULL;
  dla_error err = {0};
  int count = 0;
  const dla_status status =
      dla_checkpoint_find(in, "", scratch_path(folder, "c.safetensors"), may_be_missing,
                          dla_checkpoint_read, count_skipped, &count, &path, &found, &err);
  const int64_t step = found ? dla_checkpoint_state(found)->step : status ? -2 : -1;
  assert_int_equal(count, skipped);
  if (name) assert_string_equal(dla_strbuf_text(&path), scratch_path(folder, name));
  if (status) assert_null(found);
  dla_checkpoint_free(found);
  dla_strbuf_free(&path);
  return step;
}

/* The last one, whatever others say; where it is damaged or missing the newest of all. */
static void auto_finds_the_newest_whole_one(void **state)
{
  (void)state;
  char *folder = scratch_new();
  assert_int_equal(find(folder, "auto", false, NULL, 0), -1);
  small_checkpoint(folder, "c.step-00000007.safetensors", (dla_train_state){.step = 7});
  small_checkpoint(folder, "c.step-00000009.safetensors", (dla_train_state){.step = 5});
  small_checkpoint(folder, "c.best.safetensors", (dla_train_state){.step = 6});
  small_checkpoint(folder, "other.step-00000099.safetensors", (dla_train_state){.step = 99});
  assert_int_equal(find(folder, "auto", false, "c.step-00000007.safetensors", 0), 7);
  small_checkpoint(folder, "c.safetensors", (dla_train_state){.step = 3});
  assert_int_equal(find(folder, "auto", false, "c.safetensors", 0), 3);
  scratch_write(folder, "c.safetensors", "half", 4);
  assert_int_equal(find(folder, "auto", false, "c.step-00000007.safetensors", 1), 7);
  scratch_write(folder, "c.step-00000007.safetensors", "half", 4);
  assert_int_equal(find(folder, "auto", false, "c.best.safetensors", 2), 6);
  scratch_write(folder, "c.step-00000009.safetensors", "half", 4);
  assert_int_equal(find(folder, "auto", false, "c.best.safetensors", 3), 6);
  scratch_write(folder, "c.best.safetensors", "half", 4);
  assert_int_equal(find(folder, "auto", false, NULL, 4), -2); /* never a fresh start */
  scratch_remove(folder);
}

static void a_checkpoint_is_found_by_its_name(void **state)
{
  (void)state;
  char *folder = scratch_new();
  assert_true(dla_checkpoint_is_of_run("auto") && dla_checkpoint_is_of_run("last"));
  assert_true(dla_checkpoint_is_of_run("best") && !dla_checkpoint_is_of_run("x.pth"));
  assert_int_equal(find(folder, "last", true, "c.safetensors", 0), -1);
  assert_int_equal(find(folder, "last", false, "c.safetensors", 0), -2);
  small_checkpoint(folder, "c.safetensors", (dla_train_state){.step = 3});
  small_checkpoint(folder, "c.best.safetensors", (dla_train_state){.step = 2});
  const char *other = small_checkpoint(folder, "x.pth", (dla_train_state){.step = 1});
  assert_int_equal(find(folder, "last", false, "c.safetensors", 0), 3);
  assert_int_equal(find(folder, "best", false, "c.best.safetensors", 0), 2);
  assert_int_equal(find(folder, other, false, "x.pth", 0), 1);
  scratch_write(folder, "c.safetensors", "half", 4);
  assert_int_equal(find(folder, "last", true, "c.safetensors", 0), -2); /* it is there */
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
      cmocka_unit_test(without_links_there_are_copies),
      cmocka_unit_test(a_temporary_name_that_is_taken_stays),
      cmocka_unit_test(the_best_move_down_whole),
      cmocka_unit_test(the_best_move_on_after_an_end_between),
      cmocka_unit_test(a_best_that_cannot_move_is_not_replaced),
      cmocka_unit_test(a_best_gets_its_name_at_the_next_start),
      cmocka_unit_test(a_best_that_has_its_name_does_not_move),
      cmocka_unit_test(auto_finds_the_newest_whole_one),
      cmocka_unit_test(a_checkpoint_is_found_by_its_name),
      cmocka_unit_test(temporary_files_are_swept),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
