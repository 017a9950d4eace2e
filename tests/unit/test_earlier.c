/* Which earlier checkpoints a run keeps beside the last one, and which it removes. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>
#include <unistd.h>

#include "checkpoint/earlier.h"
#include "scratch.h"
#include "small_checkpoint.h"

typedef struct run {
  char *folder;
  dla_earlier *earlier;
} run;

/* A folder with checkpoints of these steps: under c.FORMAT, if out is one, and under their names.
 */
static run begin(int64_t out, const int64_t *steps, size_t count)
{
  run r = {.folder = scratch_new()};
  for (size_t i = 0; i < count; i++) {
    char name[48];
    snprintf(name, sizeof name, "c.step-%08d.safetensors", (int)steps[i]);
    small_checkpoint(r.folder, name, (dla_train_state){.step = steps[i]});
  }
  if (out >= 0) small_checkpoint(r.folder, "c.safetensors", (dla_train_state){.step = out});
  return r;
}

static void start(run *r, int64_t from, int64_t count)
{
  dla_error err = {0};
  const char *out = scratch_path(r->folder, "c.safetensors");
  assert_int_equal(dla_earlier_create(out, from, count, &r->earlier, &err), DLA_OK);
}

static void keep(run *r)
{
  dla_error err = {0};
  if (dla_earlier_keep(r->earlier, &err)) fail_msg("%s: %s", err.where, err.what);
}

/* As a save does. */
static void save(run *r, int64_t step)
{
  keep(r);
  small_checkpoint(r->folder, "c.safetensors", (dla_train_state){.step = step});
  dla_earlier_replaced(r->earlier, step);
}

static bool is_there(const run *r, int step)
{
  char name[48];
  snprintf(name, sizeof name, "c.step-%08d.safetensors", step);
  return access(scratch_path(r->folder, name), F_OK) == 0;
}

static void end(run *r)
{
  dla_earlier_free(r->earlier);
  scratch_remove(r->folder);
}

static void the_last_ones_stay(void **state)
{
  (void)state;
  run r = begin(-1, NULL, 0);
  start(&r, 0, 2);
  for (int64_t step = 1; step <= 4; step++)
    save(&r, step);
  assert_true(!is_there(&r, 1) && is_there(&r, 2) && is_there(&r, 3) && !is_there(&r, 4));
  assert_int_equal(small_checkpoint_step(r.folder, "c.step-00000003.safetensors"), 3);
  end(&r);
}

static void none_are_kept_where_none_are_asked_for(void **state)
{
  (void)state;
  for (int64_t from = 0; from <= 5; from += 5) { /* a fresh run, and one that goes on from out */
    run r = begin(5, (int64_t[]){3}, 1);
    start(&r, from, 0);
    save(&r, 6);
    save(&r, 7);
    assert_true(is_there(&r, 3) && !is_there(&r, 5) && !is_there(&r, 6));
    end(&r);
  }
}

/* A run that goes back to an earlier checkpoint removes nothing that came after it, and gives out
 * a name before it is replaced, also if none are to be kept. */
static void what_came_after_stays(void **state)
{
  (void)state;
  for (int64_t count = 0; count <= 1; count++) {
    run r = begin(9, (int64_t[]){2, 4, 6}, 3);
    start(&r, 4, count);
    save(&r, 5);
    assert_true(is_there(&r, 9) && is_there(&r, 6) && is_there(&r, 4) && is_there(&r, 2));
    save(&r, 7);
    assert_true(is_there(&r, 9) && is_there(&r, 6));
    assert_true(is_there(&r, 5) == (count > 0));
    assert_true(is_there(&r, 4) == (count == 0) && is_there(&r, 2) == (count == 0));
    end(&r);
  }
}

/* Of the files that are there the oldest goes first, whatever its name says. */
static void the_oldest_is_told_by_its_content(void **state)
{
  (void)state;
  run r = begin(5, (int64_t[]){3, 4}, 2);
  small_checkpoint(r.folder, "c.step-00000099.safetensors", (dla_train_state){.step = 1});
  start(&r, 5, 3);
  keep(&r);
  assert_true(!is_there(&r, 99) && is_there(&r, 3) && is_there(&r, 4) && is_there(&r, 5));
  end(&r);
}

/* A name that comes again counts as the newest. */
static void a_name_counts_once(void **state)
{
  (void)state;
  run r = begin(2, (int64_t[]){2, 4}, 2);
  start(&r, 0, 2);
  save(&r, 5);
  assert_true(is_there(&r, 2) && is_there(&r, 4));
  save(&r, 6);
  assert_true(is_there(&r, 2) && !is_there(&r, 4) && is_there(&r, 5));
  end(&r);
}

/* A checkpoint that is damaged replaces none, and is not removed for another. */
static void a_damaged_one_is_left_alone(void **state)
{
  (void)state;
  run r = begin(-1, (int64_t[]){1, 2}, 2);
  scratch_write(r.folder, "c.step-00000003.safetensors", "half", 4);
  scratch_write(r.folder, "c.safetensors", "half", 4);
  start(&r, 2, 1);
  keep(&r);
  assert_true(is_there(&r, 1) && is_there(&r, 2) && is_there(&r, 3));
  assert_false(is_there(&r, 0));
  dla_earlier_replaced(r.earlier, 4);
  small_checkpoint(r.folder, "c.safetensors", (dla_train_state){.step = 4});
  save(&r, 5);
  save(&r, 6);
  assert_true(is_there(&r, 3) && is_there(&r, 5));
  end(&r);
}

/* Someone else removed it: that is no error. One that cannot be removed is. */
static void what_cannot_be_removed_is_told(void **state)
{
  (void)state;
  dla_error err = {0};
  run r = begin(-1, NULL, 0);
  const char *first = scratch_path(r.folder, "c.step-00000001.safetensors");
  const char *second = scratch_path(r.folder, "c.step-00000002.safetensors");
  start(&r, 0, 1);
  save(&r, 1);
  save(&r, 2);
  assert_int_equal(unlink(first), 0);
  save(&r, 3);
  assert_int_equal(unlink(second), 0);
  scratch_folder(r.folder, "c.step-00000002.safetensors");
  assert_int_not_equal(dla_earlier_keep(r.earlier, &err), DLA_OK);
  assert_string_equal(err.where, second);
  end(&r);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(the_last_ones_stay),
      cmocka_unit_test(none_are_kept_where_none_are_asked_for),
      cmocka_unit_test(what_came_after_stays),
      cmocka_unit_test(the_oldest_is_told_by_its_content),
      cmocka_unit_test(a_name_counts_once),
      cmocka_unit_test(a_damaged_one_is_left_alone),
      cmocka_unit_test(what_cannot_be_removed_is_told),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
