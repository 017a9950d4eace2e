/* The parts of a sweep that start nothing: the file's values, grids, draws, names, rungs. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/cpu_share.h"
#include "sweep/halving.h"
#include "sweep/trials.h"

#define OUTPUT "output: {dir: out}\n"

static dla_sweep read_ok(const char *text)
{
  dla_sweep sweep;
  dla_error err = {0};
  dla_status status = dla_sweep_read_text("s.yaml", text, strlen(text), &sweep, &err);
  if (status) print_error("%s: %s\n", err.where, err.what);
  assert_int_equal(status, DLA_OK);
  return sweep;
}

static dla_trials make_ok(const dla_sweep *sweep)
{
  dla_trials trials;
  dla_error err = {0};
  dla_status status = dla_trials_make(sweep, &trials, &err);
  if (status) print_error("%s: %s\n", err.where, err.what);
  assert_int_equal(status, DLA_OK);
  return trials;
}

static void every_key_is_read(void **state)
{
  (void)state;
  dla_sweep s = read_ok("base: b.yaml\noverrides: {train.threads: 1, augment.flip: false}\n"
                        "parameters: {optimizer.lr: {min: 1e-4, max: 0.1, log: true}}\n"
                        "method: halving\ntrials: 9\nseed: 7\nmetric: last_test_loss\n"
                        "parallel: 2\nbudget: {min_epochs: 1, max_epochs: 9, eta: 4}\n" OUTPUT);
  assert_string_equal(s.base, "b.yaml");
  assert_int_equal(s.override_count, 2);
  assert_string_equal(s.overrides[1], "augment.flip=false");
  assert_string_equal(s.parameters[0].name, "optimizer.lr");
  assert_true(s.parameters[0].log && s.parameters[0].min == 1e-4 && s.parameters[0].max == 0.1);
  assert_true(s.method == DLA_SWEEP_HALVING && s.trials == 9 && s.seed == 7 && s.parallel == 2);
  assert_string_equal(s.metric->field, "test_loss");
  assert_true(s.metric->least && !s.metric->best);
  assert_true(s.min_epochs == 1 && s.max_epochs == 9 && s.eta == 4);
  assert_string_equal(s.dir, "out");
  dla_sweep_free(&s);
}

static void expect_values(const char *parameters, size_t count, const char *const *values)
{
  char text[300];
  snprintf(text, sizeof text, "parameters: {%s}\n" OUTPUT, parameters);
  dla_sweep s = read_ok(text);
  assert_int_equal(s.parameters[0].value_count, count);
  for (size_t i = 0; i < count; i++)
    assert_string_equal(s.parameters[0].values[i], values[i]);
  dla_sweep_free(&s);
}

static void steps_reach_the_end(void **state)
{
  (void)state;
  expect_values("optimizer.momentum: {min: 0.1, max: 0.7, step: 0.2}", 4,
                (const char *const[]){"0.1", "0.3", "0.5", "0.7"});
  expect_values("optimizer.lr: {min: 0.0001, max: 0.1, log: true, step: 10}", 4,
                (const char *const[]){"0.0001", "0.001", "0.01", "0.1"});
  expect_values("train.batch_size: {min: 16, max: 100, log: true, step: 2}", 3,
                (const char *const[]){"16", "32", "64"});
  expect_values("train.seed: {min: 9007199254740989, max: 9007199254740991, step: 1}", 3,
                (const char *const[]){"9007199254740989", "9007199254740990", "9007199254740991"});
  expect_values("optimizer.weight_decay: [5e-4, .001, 0]", 3,
                (const char *const[]){"0.0005", "0.001", "0"});
}

static void a_grid_has_every_combination(void **state)
{
  (void)state;
  dla_sweep s = read_ok("parameters: {optimizer.lr: [0.1, 0.2], augment.flip: [true, false], "
                        "train.batch_size: [16, 32, 64]}\n" OUTPUT);
  dla_trials t = make_ok(&s);
  assert_int_equal(t.count, 12);
  assert_string_equal(t.items[0].name, "lr=0.1,flip=true,batch_size=16");
  assert_string_equal(t.items[1].name, "lr=0.1,flip=true,batch_size=32");
  assert_string_equal(t.items[11].name, "lr=0.2,flip=false,batch_size=64");
  assert_string_equal(t.items[11].overrides[2], "train.batch_size=64");
  assert_string_equal(t.items[11].folder, "out/lr=0.2,flip=false,batch_size=64");
  dla_trials_free(&t);
  dla_sweep_free(&s);
}

static void names_tell_trials_apart(void **state)
{
  (void)state;
  dla_sweep s = read_ok("parameters: {model.name: [simple_dla], optimizer.name: [sgd], "
                        "dataset.path: [a/b, a_b, 'a b', '']}\n" OUTPUT);
  dla_trials t = make_ok(&s);
  assert_int_equal(t.count, 4);
  /* Two keys end in `name`; a slash becomes a _, and a digest tells it from one. */
  static const char begin[] = "model.name=simple_dla,optimizer.name=sgd,path=";
  for (size_t i = 0; i < t.count; i++) {
    assert_memory_equal(t.items[i].name, begin, sizeof begin - 1);
    assert_null(strpbrk(t.items[i].name, "/ "));
    for (size_t j = 0; j < i; j++)
      assert_string_not_equal(t.items[i].name, t.items[j].name);
  }
  assert_string_equal(t.items[1].name + sizeof begin - 1, "a_b");
  dla_trials_free(&t);
  dla_sweep_free(&s);
  char text[700], path[300] = "";
  memset(path, 'p', sizeof path - 1);
  snprintf(text, sizeof text, "parameters: {dataset.path: [%s1, %s2]}\n" OUTPUT, path, path);
  s = read_ok(text);
  t = make_ok(&s);
  assert_true(strlen(t.items[0].name) < 140);
  assert_string_not_equal(t.items[0].name, t.items[1].name);
  dla_trials_free(&t);
  dla_sweep_free(&s);
}

static const char random_sweep[] =
    "parameters: {optimizer.lr: {min: 0.001, max: 1, log: true}, "
    "optimizer.momentum: {min: 0, max: 0.9}, train.batch_size: {min: 16, max: 19}, "
    "augment.flip: [true, false]}\nmethod: random\ntrials: 200\nseed: 3\n" OUTPUT;

static void draws_are_a_function_of_the_file(void **state)
{
  (void)state;
  dla_sweep s = read_ok(random_sweep);
  dla_trials t = make_ok(&s);
  int sizes[4] = {0}, low = 0, flips = 0;
  assert_int_equal(t.count, 200);
  for (size_t i = 0; i < t.count; i++) {
    double lr = strtod(strchr(t.items[i].overrides[0], '=') + 1, NULL);
    double momentum = strtod(strchr(t.items[i].overrides[1], '=') + 1, NULL);
    int size = (int)strtol(strchr(t.items[i].overrides[2], '=') + 1, NULL, 10);
    assert_true(lr >= 0.001 && lr <= 1 && momentum >= 0 && momentum <= 0.9);
    assert_in_range(size, 16, 19);
    sizes[size - 16]++;
    low += lr < 0.0316; /* the middle on the logarithm's scale */
    flips += strcmp(t.items[i].overrides[3], "augment.flip=true") == 0;
  }
  /* Far looser than chance allows, and the seed is fixed. */
  assert_in_range(low, 70, 130);
  assert_in_range(flips, 70, 130);
  for (int i = 0; i < 4; i++)
    assert_in_range(sizes[i], 25, 75);
  /* More trials leave those that there are as they are; another seed does not. */
  s.trials = 5;
  dla_trials fewer = make_ok(&s);
  for (size_t i = 0; i < fewer.count; i++)
    assert_string_equal(fewer.items[i].name, t.items[i].name);
  s.seed = 4;
  dla_trials others = make_ok(&s);
  assert_string_not_equal(others.items[0].name, t.items[0].name);
  dla_trials_free(&others);
  dla_trials_free(&fewer);
  dla_trials_free(&t);
  dla_sweep_free(&s);
}

static void draws_are_never_the_same(void **state)
{
  (void)state;
  dla_error err = {0};
  dla_trials t;
  dla_sweep s = read_ok("parameters: {augment.flip: [true, false], optimizer.lr: [1, 2, 3]}\n"
                        "method: random\ntrials: 6\n" OUTPUT);
  t = make_ok(&s); /* all of them */
  for (size_t i = 0; i < t.count; i++)
    for (size_t j = 0; j < i; j++)
      assert_string_not_equal(t.items[i].name, t.items[j].name);
  dla_trials_free(&t);
  s.trials = 7;
  assert_int_equal(dla_trials_make(&s, &t, &err), DLA_E_INPUT);
  assert_string_equal(err.what, "after 6 trials a new one is hard to draw");
  dla_sweep_free(&s);
}

static void expect_rungs(int64_t min, int64_t max, int64_t eta, size_t trials, int count,
                         const int64_t *epochs, const size_t *places)
{
  const dla_sweep s = {
      .method = DLA_SWEEP_HALVING, .min_epochs = min, .max_epochs = max, .eta = eta};
  assert_int_equal(dla_sweep_rungs(&s), count);
  for (int i = 0; i < count; i++) {
    assert_int_equal(dla_sweep_rung_epochs(&s, i), epochs[i]);
    assert_int_equal(dla_sweep_rung_trials(&s, i, trials), places[i]);
  }
}

static void rungs(void **state)
{
  (void)state;
  expect_rungs(1, 27, 3, 27, 4, (int64_t[]){1, 3, 9, 27}, (size_t[]){27, 9, 3, 1});
  expect_rungs(2, 20, 3, 10, 3, (int64_t[]){2, 6, 20}, (size_t[]){10, 3, 1});
  expect_rungs(5, 9, 2, 3, 1, (int64_t[]){9}, (size_t[]){3});
  expect_rungs(1, 8, 2, 3, 4, (int64_t[]){1, 2, 4, 8}, (size_t[]){3, 1, 1, 1});
  const dla_sweep grid = {.method = DLA_SWEEP_GRID};
  assert_int_equal(dla_sweep_rungs(&grid), 1);
}

static void shares_are_disjoint_and_complete(void **state)
{
  (void)state;
  dla_cpu_share all, half[2];
  dla_error err = {0};
  assert_int_equal(dla_cpu_share_make(0, 1, &all, &err), DLA_OK);
  assert_true(all.count >= 1);
  if (all.count > 1) {
    for (int i = 0; i < 2; i++)
      assert_int_equal(dla_cpu_share_make(i, 2, &half[i], &err), DLA_OK);
    assert_int_equal(half[0].count + half[1].count, all.count);
    for (int i = 0; i < half[0].count; i++)
      for (int j = 0; j < half[1].count; j++)
        assert_int_not_equal(half[0].cpus[i], half[1].cpus[j]);
    dla_cpu_share_free(&half[0]);
    dla_cpu_share_free(&half[1]);
  }
  assert_int_equal(dla_cpu_share_make(0, all.count + 1, half, &err), DLA_E_INPUT);
  dla_cpu_share_free(&all);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(every_key_is_read),
      cmocka_unit_test(steps_reach_the_end),
      cmocka_unit_test(a_grid_has_every_combination),
      cmocka_unit_test(names_tell_trials_apart),
      cmocka_unit_test(draws_are_a_function_of_the_file),
      cmocka_unit_test(draws_are_never_the_same),
      cmocka_unit_test(rungs),
      cmocka_unit_test(shares_are_disjoint_and_complete),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
