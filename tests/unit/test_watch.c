/* The continuous sync between two folders: what is pushed, and when. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <dirent.h>
#include <fcntl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/read_file.h"
#include "scratch.h"
#include "staging/transfer/watch.h"
#include "staging/transfer/watched_files.h"

/* Instead of dla_copy_open_file(), which writes to the target: the name that the store refuses, and
 * how often it did. */
static const char *_Atomic refused;
static atomic_int refusals;
/* Instead of dla_watched_scan(): a log that gets a line behind the scan that finds a new
 * checkpoint, its copy in the target, and how often a checkpoint was about to be there before that
 * line. */
static atomic_bool late;
static FILE *late_log;
static const char *late_copy;
static atomic_int overtaken;

static void add_line(FILE *log)
{
  assert_true(fputs("line\n", log) >= 0 && fflush(log) == 0);
}

dla_status __real_dla_copy_open_file(int from, const char *name, const char *to, dla_error *err);
dla_status __wrap_dla_copy_open_file(int from, const char *name, const char *to, dla_error *err);
dla_status __wrap_dla_copy_open_file(int from, const char *name, const char *to, dla_error *err)
{
  const char *no = refused;
  struct stat copy;
  if (late_log && strcmp(name, "checkpoint") == 0)
    overtaken += stat(late_copy, &copy) || copy.st_size < ftell(late_log);
  if (!no || strcmp(name, no) != 0) return __real_dla_copy_open_file(from, name, to, err);
  refusals++;
  return dla_fail(err, DLA_E_INPUT, name, NULL, "no");
}

dla_status __real_dla_watched_scan(dla_watched_files *files, const char *folder,
                                   dla_storage *storage, const dla_filters *filters,
                                   dla_error *err);
dla_status __wrap_dla_watched_scan(dla_watched_files *files, const char *folder,
                                   dla_storage *storage, const dla_filters *filters,
                                   dla_error *err);
dla_status __wrap_dla_watched_scan(dla_watched_files *files, const char *folder,
                                   dla_storage *storage, const dla_filters *filters, dla_error *err)
{
  dla_status status = __real_dla_watched_scan(files, folder, storage, filters, err);
  for (size_t i = 0; late && i < files->count; i++)
    if (files->item[i].changed && strcmp(files->item[i].key, "checkpoint") == 0) {
      add_line(late_log);
      late = false;
    }
  return status;
}

typedef struct job {
  char *scratch;
  const char *from, *to;
  dla_stage_settings settings;
  dla_watch *watch;
} job;

static job begin(void)
{
  job j = {.scratch = scratch_new()};
  dla_error err = {0};
  j.from = scratch_folder(j.scratch, "from");
  j.to = scratch_path(j.scratch, "to");
  assert_int_equal(dla_stage_settings_init(&j.settings, &err), DLA_OK);
  return j;
}

static dla_status start_to(job *j, const char *to, const char *const *logs, dla_error *err)
{
  const dla_watch_request request = {
      .folder = j->from, .dest = to, .logs = logs, .settings = &j->settings};
  return dla_watch_start(&request, &j->watch, err);
}

static void start(job *j)
{
  dla_error err = {0};
  if (start_to(j, j->to, NULL, &err)) fail_msg("%s", err.what);
}

static dla_watch_summary finish(job *j, double deadline, bool delete_gone, dla_status expected)
{
  dla_watch_summary summary;
  dla_error err = {0};
  dla_status status = dla_watch_finish(j->watch, deadline, delete_gone, &summary, &err);
  if (status != expected) fail_msg("%d: %s", status, err.what);
  return summary;
}

static void end(job *j)
{
  dla_stage_settings_free(&j->settings);
  scratch_remove(j->scratch);
}

static void write_from(job *j, const char *name, const char *text)
{
  scratch_write(j->from, name, text, strlen(text));
}

/* Does the target hold exactly that? */
static bool holds(const job *j, const char *name, const char *text)
{
  char *bytes = NULL, path[512];
  size_t length = 0;
  dla_error err = {0};
  snprintf(path, sizeof path, "%s/%s", j->to, name);
  bool same = access(path, F_OK) == 0 &&
              dla_read_file(path, 1 << 20, &bytes, &length, &err) == DLA_OK &&
              strcmp(bytes, text) == 0;
  free(bytes);
  return same;
}

static void wait_until_held(const job *j, const char *name, const char *text)
{
  double until = dla_clock() + 300; /* only a program that never pushes it comes to that */
  while (!holds(j, name, text) && dla_clock() < until)
    nanosleep(&(struct timespec){.tv_nsec = 10000000}, NULL);
  assert_true(holds(j, name, text));
}

static size_t open_files(void)
{
  size_t count = 0;
  DIR *folder = opendir("/proc/self/fd");
  while (folder && readdir(folder))
    count++;
  if (folder) closedir(folder);
  return count;
}

static void files_arrive_while_it_runs(void **state)
{
  (void)state;
  const size_t before = open_files();
  job j = begin();
  write_from(&j, "before", "0");
  start(&j);
  wait_until_held(&j, "before", "0");
  write_from(&j, "a", "1");
  wait_until_held(&j, "a", "1");
  write_from(&j, "a", "2");
  wait_until_held(&j, "a", "2");
  scratch_folder(j.from, "new");
  scratch_folder(j.from, "new/deep");
  write_from(&j, "new/deep/b", "3");
  wait_until_held(&j, "new/deep/b", "3");
  write_from(&j, "new/deep/c", "4"); /* the folder is watched by now */
  wait_until_held(&j, "new/deep/c", "4");
  dla_watch_summary summary = finish(&j, 10, false, DLA_OK);
  assert_int_equal(summary.files, 5);
  assert_int_equal(summary.bytes, 5);
  assert_int_equal(summary.failed_count, 0);
  dla_watch_summary_free(&summary);
  end(&j);
  assert_int_equal(open_files(), before);
}

static void unfinished_files_wait(void **state)
{
  (void)state;
  job j = begin();
  start(&j);
  write_from(&j, "sign", "");
  wait_until_held(&j, "sign", ""); /* the thread is at work */
  FILE *file = fopen(scratch_path(j.from, "slow"), "w");
  for (int i = 0; i < 15; i++) {
    const time_t pause = i == 5 ? 3 : 0; /* it does not change, but it is open */
    assert_true(fputs("x", file) >= 0 && fflush(file) == 0);
    nanosleep(&(struct timespec){.tv_sec = pause, .tv_nsec = 100000000}, NULL);
    assert_int_not_equal(access(scratch_path(j.to, "slow"), F_OK), 0);
  }
  fclose(file);
  wait_until_held(&j, "slow", "xxxxxxxxxxxxxxx");
  dla_watch_summary summary = finish(&j, 10, false, DLA_OK);
  dla_watch_summary_free(&summary);
  end(&j);
}

/* link(2) and symlink(2) raise only a create event. */
static void links_do_not_wait_for_the_flush(void **state)
{
  (void)state;
  job j = begin();
  const char *outside = scratch_write(j.scratch, "outside", "1", 1);
  start(&j);
  write_from(&j, "sign", "");
  wait_until_held(&j, "sign", ""); /* the thread is at work */
  assert_int_equal(link(outside, scratch_path(j.from, "hard")), 0);
  assert_int_equal(symlink(outside, scratch_path(j.from, "symbolic")), 0);
  wait_until_held(&j, "hard", "1");
  wait_until_held(&j, "symbolic", "1");
  dla_watch_summary summary = finish(&j, 10, false, DLA_OK);
  dla_watch_summary_free(&summary);
  end(&j);
}

static const char *const logs[] = {"metrics.jsonl", NULL};

static size_t size_of(const job *j, const char *name)
{
  struct stat info;
  char path[512];
  snprintf(path, sizeof path, "%s/%s", j->to, name);
  return stat(path, &info) ? 0 : (size_t)info.st_size;
}

/* Whenever a checkpoint is there, the lines before it are, though nobody closes the log. */
static void lines_go_before_checkpoints(void **state)
{
  (void)state;
  job j = begin();
  dla_error err = {0};
  char lines[16];
  scratch_folder(j.from, "run");
  FILE *log = fopen(scratch_path(j.from, "run/metrics.jsonl"), "w");
  assert_non_null(log);
  assert_int_equal(start_to(&j, j.to, logs, &err), DLA_OK);
  for (size_t i = 1; i <= 10; i++) {
    add_line(log);
    snprintf(lines, sizeof lines, "%zu", i);
    write_from(&j, "checkpoint", lines);
    wait_until_held(&j, "checkpoint", lines);
    assert_true(size_of(&j, "run/metrics.jsonl") >= 5 * i);
  }
  fclose(log);
  dla_watch_summary summary = finish(&j, 10, false, DLA_OK);
  assert_int_equal(size_of(&j, "run/metrics.jsonl"), 50);
  dla_watch_summary_free(&summary);
  end(&j);
}

/* Also a line that came behind the look that found the checkpoint. */
static void late_lines_go_before_checkpoints(void **state)
{
  (void)state;
  job j = begin();
  dla_error err = {0};
  FILE *log = fopen(scratch_path(j.from, "metrics.jsonl"), "w");
  assert_non_null(log);
  late_copy = scratch_path(j.to, "metrics.jsonl");
  overtaken = 0;
  late_log = log;
  add_line(log);
  write_from(&j, "checkpoint", "1");
  assert_int_equal(start_to(&j, j.to, logs, &err), DLA_OK);
  wait_until_held(&j, "checkpoint", "1");
  late = true;
  write_from(&j, "checkpoint", "2");
  wait_until_held(&j, "checkpoint", "2");
  dla_watch_summary summary = finish(&j, 10, false, DLA_OK);
  late_log = NULL;
  assert_true(!late && overtaken == 0);
  dla_watch_summary_free(&summary);
  fclose(log);
  end(&j);
}

static void count_failures(void *context, const dla_stage_event *event)
{
  atomic_int *failures = context;
  *failures += event->kind == DLA_STAGE_RETRY && strcmp(event->name, "metrics.jsonl") == 0;
}

static void checkpoints_wait_for_lines_that_fail(void **state)
{
  (void)state;
  job j = begin();
  dla_error err = {0};
  atomic_int failures = 0;
  const dla_stage_observer observer = {.context = &failures, .event = count_failures};
  const dla_watch_request request = {
      .folder = j.from, .dest = j.to, .logs = logs, .settings = &j.settings, .observer = &observer};
  scratch_folder(j.scratch, "to");
  scratch_folder(j.to, "metrics.jsonl"); /* a folder is in the way */
  j.settings.retry_base = j.settings.retry_cap = 0.01;
  write_from(&j, "metrics.jsonl", "line\n");
  write_from(&j, "run.safetensors", "1");
  assert_int_equal(dla_watch_start(&request, &j.watch, &err), DLA_OK);
  while (failures < 3)
    nanosleep(&(struct timespec){.tv_nsec = 1000000}, NULL);
  assert_int_equal(size_of(&j, "run.safetensors"), 0);
  assert_int_equal(rmdir(scratch_path(j.to, "metrics.jsonl")), 0);
  wait_until_held(&j, "run.safetensors", "1");
  assert_true(holds(&j, "metrics.jsonl", "line\n"));
  dla_watch_summary summary = finish(&j, 10, false, DLA_OK);
  assert_int_equal(summary.retries, failures);
  dla_watch_summary_free(&summary);
  end(&j);
}

/* The checkpoints count more than lines that will never be taken. Those are tried again at the end
 * only. */
static void checkpoints_do_not_wait_for_lines_that_are_refused(void **state)
{
  (void)state;
  job j = begin();
  dla_error err = {0};
  refused = "metrics.jsonl";
  refusals = 0;
  j.settings.retry_base = j.settings.retry_cap = 0.01;
  write_from(&j, "metrics.jsonl", "line\n");
  write_from(&j, "checkpoint", "1");
  assert_int_equal(start_to(&j, j.to, logs, &err), DLA_OK);
  wait_until_held(&j, "checkpoint", "1");
  write_from(&j, "checkpoint", "2");
  wait_until_held(&j, "checkpoint", "2");
  assert_int_equal(refusals, 1);
  refused = NULL;
  dla_watch_summary summary = finish(&j, 10, false, DLA_OK);
  assert_true(holds(&j, "metrics.jsonl", "line\n"));
  assert_int_equal(summary.retries, 1);
  dla_watch_summary_free(&summary);
  end(&j);
}

static void note_order(void *context, const dla_stage_event *event)
{
  if (event->kind == DLA_STAGE_PUT) strncat(context, event->name, 1);
}

/* The connection may not last for all of them. */
static void the_newest_go_first(void **state)
{
  (void)state;
  static const struct timespec ages[] = {{200, 1}, {200, 2}, {300, 0}, {100, 3}};
  for (int at_once = 1; at_once <= 3; at_once += 2) {
    job j = begin();
    char order[8] = "";
    dla_error err = {0};
    const dla_stage_observer observer = {.context = order, .event = note_order};
    const dla_watch_request request = {
        .folder = j.from, .dest = j.to, .settings = &j.settings, .observer = &observer};
    j.settings.parallel_files = at_once;
    for (size_t i = 0; i < 4; i++) {
      const char name[] = {(char)('a' + i), '\0'};
      write_from(&j, name, name);
      assert_int_equal(
          utimensat(AT_FDCWD, scratch_path(j.from, name), (struct timespec[]){ages[i], ages[i]}, 0),
          0);
    }
    assert_int_equal(dla_watch_start(&request, &j.watch, &err), DLA_OK);
    dla_watch_summary summary = finish(&j, 300, false, DLA_OK);
    assert_int_equal(strlen(order), 4);
    assert_int_equal(order[3], 'd'); /* three at once may end in any order */
    if (at_once == 1) assert_string_equal(order, "cbad");
    dla_watch_summary_free(&summary);
    end(&j);
  }
}

static void the_flush_pushes_everything(void **state)
{
  (void)state;
  job j = begin();
  write_from(&j, "kept", "1");
  write_from(&j, "left.01234567.tmp", "unfinished");
  scratch_folder(j.scratch, "to");
  scratch_write(j.to, "gone", "x", 1);
  scratch_write(j.to, "kept", "1", 1);
  start(&j);
  /* As training's end does: a file that nobody closes any more. */
  FILE *file = fopen(scratch_path(j.from, "a"), "w");
  assert_true(fputs("o", file) >= 0 && fflush(file) == 0);
  dla_watch_summary summary = finish(&j, 10, true, DLA_OK);
  fclose(file);
  assert_true(holds(&j, "kept", "1") && holds(&j, "a", "o"));
  assert_int_not_equal(access(scratch_path(j.to, "gone"), F_OK), 0);
  assert_int_not_equal(access(scratch_path(j.to, "left.01234567.tmp"), F_OK), 0);
  assert_int_equal(summary.files, 1); /* the other was there */
  dla_watch_summary_free(&summary);
  end(&j);
}

/* Neither pushed nor deleted. */
static void what_is_excluded_stays_where_it_is(void **state)
{
  (void)state;
  job j = begin();
  dla_error err = {0};
  const dla_filter filter = {.pattern = "x*"};
  const dla_watch_request request = {
      .folder = j.from, .dest = j.to, .filters = {&filter, 1}, .settings = &j.settings};
  scratch_folder(j.scratch, "to");
  scratch_write(j.to, "x2", "2", 1);
  scratch_write(j.to, "gone", "2", 1);
  write_from(&j, "a", "1");
  write_from(&j, "x1", "1");
  assert_int_equal(dla_watch_start(&request, &j.watch, &err), DLA_OK);
  wait_until_held(&j, "a", "1");
  dla_watch_summary summary = finish(&j, 10, true, DLA_OK);
  assert_true(holds(&j, "x2", "2"));
  assert_int_not_equal(access(scratch_path(j.to, "x1"), F_OK), 0);
  assert_int_not_equal(access(scratch_path(j.to, "gone"), F_OK), 0);
  dla_watch_summary_free(&summary);
  end(&j);
}

static void an_empty_folder_deletes_nothing(void **state)
{
  (void)state;
  job j = begin();
  scratch_folder(j.scratch, "to");
  scratch_write(j.to, "precious", "x", 1);
  start(&j);
  dla_watch_summary summary = finish(&j, 10, true, DLA_OK);
  assert_true(holds(&j, "precious", "x"));
  dla_watch_summary_free(&summary);
  end(&j);
}

static void what_is_not_pushed_is_named(void **state)
{
  (void)state;
  job j = begin();
  scratch_write(j.scratch, "to", "a file is in the way", 20);
  write_from(&j, "a", "1");
  write_from(&j, "b", "2");
  start(&j);
  dla_watch_summary summary = finish(&j, 0.5, false, DLA_E_NOT_PUSHED);
  assert_int_equal(summary.failed_count, 2);
  assert_string_equal(summary.failed[0], "a");
  assert_string_equal(summary.failed[1], "b");
  assert_true(summary.files == 0 && access(scratch_path(j.from, "a"), F_OK) == 0);
  dla_watch_summary_free(&summary);
  end(&j);
}

/* And why, without waiting for the deadline. */
static void what_is_refused_is_told_at_once(void **state)
{
  (void)state;
  job j = begin();
  dla_error err = {0};
  dla_watch_summary summary;
  refused = "a";
  write_from(&j, "a", "1");
  write_from(&j, "b", "2");
  start(&j);
  assert_int_equal(dla_watch_finish(j.watch, 300, false, &summary, &err), DLA_E_NOT_PUSHED);
  refused = NULL;
  assert_non_null(strstr(err.what, ": a: no"));
  assert_int_equal(summary.failed_count, 1);
  assert_true(holds(&j, "b", "2"));
  dla_watch_summary_free(&summary);
  end(&j);
}

/* Nobody knows what was in it: that is no success. */
static void a_folder_that_cannot_be_listed_is_told(void **state)
{
  (void)state;
  job j = begin();
  dla_error err = {0};
  dla_watch_summary summary;
  start(&j);
  assert_int_equal(rmdir(j.from), 0);
  scratch_write(j.scratch, "from", "a file is in its place", 22);
  assert_int_equal(dla_watch_finish(j.watch, 0.5, true, &summary, &err), DLA_E_NOT_PUSHED);
  assert_non_null(strstr(err.what, "from"));
  assert_null(strstr(err.what, "out of time"));
  dla_watch_summary_free(&summary);
  end(&j);
}

/* With one descriptor left, which the thread's own signal takes, there is no inotify. */
static void without_inotify_it_looks(void **state)
{
  (void)state;
  job j = begin();
  struct rlimit limit, little;
  assert_int_equal(getrlimit(RLIMIT_NOFILE, &limit), 0);
  int next = dup(STDIN_FILENO);
  close(next);
  little = limit;
  little.rlim_cur = (rlim_t)next + 1;
  assert_int_equal(setrlimit(RLIMIT_NOFILE, &little), 0);
  start(&j);
  assert_int_equal(setrlimit(RLIMIT_NOFILE, &limit), 0);
  write_from(&j, "sign", "");
  wait_until_held(&j, "sign", ""); /* the thread has looked once */
  scratch_folder(j.from, "sub");
  write_from(&j, "sub/a", "1");
  wait_until_held(&j, "sub/a", "1");
  dla_watch_summary summary = finish(&j, 10, false, DLA_OK);
  dla_watch_summary_free(&summary);
  end(&j);
}

static void http_is_refused(void **state)
{
  (void)state;
  job j = begin();
  dla_error err = {0};
  assert_int_equal(start_to(&j, "http://u:secret@h/", NULL, &err), DLA_E_UNSUPPORTED);
  assert_null(strstr(err.where, "secret"));
  end(&j);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(files_arrive_while_it_runs),
      cmocka_unit_test(unfinished_files_wait),
      cmocka_unit_test(links_do_not_wait_for_the_flush),
      cmocka_unit_test(lines_go_before_checkpoints),
      cmocka_unit_test(late_lines_go_before_checkpoints),
      cmocka_unit_test(checkpoints_wait_for_lines_that_fail),
      cmocka_unit_test(checkpoints_do_not_wait_for_lines_that_are_refused),
      cmocka_unit_test(the_newest_go_first),
      cmocka_unit_test(the_flush_pushes_everything),
      cmocka_unit_test(what_is_excluded_stays_where_it_is),
      cmocka_unit_test(an_empty_folder_deletes_nothing),
      cmocka_unit_test(what_is_not_pushed_is_named),
      cmocka_unit_test(what_is_refused_is_told_at_once),
      cmocka_unit_test(a_folder_that_cannot_be_listed_is_told),
      cmocka_unit_test(without_inotify_it_looks),
      cmocka_unit_test(http_is_refused),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
