/* Keys that were given, and have no effect with the others as they are. */
#include <string.h>

#include "config_fixture.h"

/* file may be NULL; overrides ends with NULL. */
static void expect_idle(const char *file, char **overrides, const char *expected)
{
  dla_config config;
  dla_error err = {0};
  dla_strbuf list = {0};
  int count = 0;
  while (overrides[count])
    count++;
  const dla_config_layers layers = {.path = file ? "c.yaml" : NULL,
                                    .text = file,
                                    .overrides = overrides,
                                    .override_count = count};
  if (dla_config_load(&config, &layers, &err)) fail_msg("%s: %s", err.where, err.what);
  assert_int_equal(dla_config_idle(&config, &list, &err), DLA_OK);
  assert_string_equal(dla_strbuf_text(&list), expected);
  dla_strbuf_free(&list);
  dla_config_free(&config);
}

static void given_together(void **state)
{
  (void)state;
  expect_idle(NULL, (char *[]){"backend.device=cuda", NULL},
              "backend.device (backend.name is onednn)");
  expect_idle(NULL, (char *[]){"schedule.gamma=0.5", "optimizer.beta1=0.5", NULL},
              "optimizer.beta1 (optimizer.name is sgd), schedule.gamma (schedule.name is cosine)");
  expect_idle(NULL, (char *[]){"augment.size_increment=32", NULL},
              "augment.size_increment (augment.initial_scale is 1)");
  expect_idle("optimizer: {name: lion, eps: 0.1}", (char *[]){NULL},
              "optimizer.eps (optimizer.name is lion)");
}

static void with_effect(void **state)
{
  (void)state;
  expect_idle(NULL, (char *[]){NULL}, "");
  expect_idle(NULL, (char *[]){"schedule.name=step", "schedule.gamma=0.5", NULL}, "");
  expect_idle(NULL, (char *[]){"augment.size_increment=32", "augment.initial_scale=0.5", NULL}, "");
  expect_idle(NULL, (char *[]){"optimizer.name=adamw", "optimizer.beta2=0.9", NULL}, "");
}

/* What `dla-train config` prints has every key; and a file's keys may wait. */
static void left_alone(void **state)
{
  (void)state;
  expect_idle(NULL, (char *[]){"schedule.gamma=0.1", "optimizer.beta1=0.9", NULL}, "");
  expect_idle("schedule: {name: step, gamma: 0.5}", (char *[]){"schedule.name=constant", NULL}, "");
}

static bool leaves_t_max(const char *file, char *override)
{
  dla_config config;
  dla_error err = {0};
  const dla_config_layers layers = {.path = file ? "c.yaml" : NULL,
                                    .text = file,
                                    .overrides = &override,
                                    .override_count = override != NULL};
  if (dla_config_load(&config, &layers, &err)) fail_msg("%s: %s", err.where, err.what);
  const bool leaves = dla_config_leaves_t_max(&config);
  dla_config_free(&config);
  return leaves;
}

/* Training that became longer or shorter than its schedule. */
static void epochs_without_t_max(void **state)
{
  (void)state;
  static const char recipe[] = "train: {epochs: 20}\nschedule: {t_max: 20}";
  assert_true(leaves_t_max(NULL, "train.epochs=20"));
  assert_true(leaves_t_max("train: {epochs: 20}", NULL));
  assert_true(leaves_t_max(recipe, "train.epochs=30"));
  assert_false(leaves_t_max(NULL, NULL));
  assert_false(leaves_t_max(recipe, NULL));
  assert_false(leaves_t_max(recipe, "train.epochs=20"));
  assert_false(leaves_t_max(recipe, "schedule.t_max=30"));
  assert_false(leaves_t_max("train: {epochs: 20}\nschedule: {name: step}", NULL));
  assert_false(leaves_t_max("train: {epochs: 20}\nschedule: {t_max: 10}", NULL));
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(given_together),
      cmocka_unit_test(with_effect),
      cmocka_unit_test(left_alone),
      cmocka_unit_test(epochs_without_t_max),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
