/* What inotify tells of a folder, and that it says so when it lost something. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "scratch.h"
#include "staging/transfer/tree_events.h"

typedef struct seen {
  int written, closed, lost;
  char last[64]; /* closed */
} seen;

static void report(void *context, dla_tree_change change, const char *key)
{
  seen *s = context;
  s->written += change == DLA_TREE_WRITTEN;
  s->lost += change == DLA_TREE_LOST;
  if (change != DLA_TREE_CLOSED) return;
  s->closed++;
  snprintf(s->last, sizeof s->last, "%s", key);
}

static void test_files_and_folders(void **state)
{
  (void)state;
  char *folder = scratch_new();
  dla_tree_events *events = dla_tree_events_new(folder);
  assert_non_null(events);
  seen s = {0};
  scratch_write(folder, "a", "x", 1);
  dla_tree_events_read(events, report, &s);
  assert_int_equal(s.closed, 1);
  assert_string_equal(s.last, "a");
  assert_int_equal(s.lost, 0);
  scratch_folder(folder, "sub");
  dla_tree_events_read(events, report, &s);
  assert_int_equal(s.lost, 1);
  scratch_write(folder, "sub/b", "x", 1);
  dla_tree_events_read(events, report, &s);
  assert_string_equal(s.last, "sub/b");
  assert_true(dla_tree_events_complete(events));
  dla_tree_events_free(events);
  scratch_remove(folder);
}

/* How many events the kernel keeps for one who does not read. */
static int queue_length(void)
{
  int length = 0;
  FILE *file = fopen("/proc/sys/fs/inotify/max_queued_events", "r");
  if (!file) return 0;
  if (fscanf(file, "%d", &length) != 1) length = 0;
  fclose(file);
  return length;
}

static void test_more_than_the_kernel_keeps(void **state)
{
  (void)state;
  int length = queue_length();
  if (length <= 0 || length > 1 << 18) skip();
  char *folder = scratch_new();
  scratch_write(folder, "a", "", 0);
  scratch_write(folder, "b", "", 0);
  const char *from = scratch_path(folder, "a"), *to = scratch_path(folder, "b");
  dla_tree_events *events = dla_tree_events_new(folder);
  assert_non_null(events);
  for (int i = 0; i <= length; i++) { /* each of them at least one event */
    assert_int_equal(rename(from, to), 0);
    const char *other = from;
    from = to;
    to = other;
  }
  scratch_write(folder, "c", "x", 1); /* of this one nothing is told but that something was lost */
  seen s = {0};
  dla_tree_events_read(events, report, &s);
  assert_true(s.lost >= 1);
  assert_string_not_equal(s.last, "c");
  scratch_write(folder, "d", "x", 1); /* it goes on afterwards */
  dla_tree_events_read(events, report, &s);
  assert_string_equal(s.last, "d");
  dla_tree_events_free(events);
  scratch_remove(folder);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_files_and_folders),
      cmocka_unit_test(test_more_than_the_kernel_keeps),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
