/* The folders of a staged job, and one configuration over another. */
#include "config_fixture.h"

typedef struct fixture {
  dla_config_folders folders; /* the first member: what make() is handed */
  int made;
} fixture;

static dla_status make(dla_config_folders *folders, dla_error *err)
{
  (void)err;
  ((fixture *)folders)->made++;
  folders->path[0] = "/job/input";
  folders->path[1] = "/job/output";
  return DLA_OK;
}

static dla_config load(const char *yaml, dla_config_folders *folders)
{
  dla_config config;
  dla_error err = {0};
  const dla_config_layers layers = {.path = "c.yaml", .text = yaml, .folders = folders};
  if (dla_config_load(&config, &layers, &err)) fail_msg("%s: %s", err.where, err.what);
  return config;
}

static void folders_are_made_when_named(void **state)
{
  fixture f = {.folders = {.make = make}};
  dla_strbuf yaml = {0};
  (void)state;
  unsetenv("DEEPSQUARE_INPUT");
  unsetenv("DEEPSQUARE_OUTPUT");
  dla_config c = load("train: {epochs: 1}\n", &f.folders);
  dla_config_free(&c);
  assert_int_equal(f.made, 0);
  assert_int_equal(f.folders.unset.status, DLA_OK);
  c = load("dataset:\n  path: $DEEPSQUARE_INPUT/a\noutput:\n  dir: $DEEPSQUARE_OUTPUT\n",
           &f.folders);
  assert_int_equal(f.made, 1);
  assert_string_equal(c.dataset.path, "/job/input/a");
  assert_string_equal(c.output.dir, "/job/output");
  expect_error(&f.folders.unset, "c.yaml:2",
               "dataset.path: the environment variable DEEPSQUARE_INPUT is not set",
               "set it, or write $$ for a dollar sign");
  dla_config_to_yaml(&c, &yaml);
  assert_non_null(strstr(yaml.text, "path: \"$DEEPSQUARE_INPUT/a\"\n"));
  assert_non_null(strstr(yaml.text, "dir: \"$DEEPSQUARE_OUTPUT\"\n"));
  dla_strbuf_free(&yaml);
  dla_config_free(&c);
}

static void the_environment_wins(void **state)
{
  fixture f = {.folders = {.make = make}};
  (void)state;
  setenv("DEEPSQUARE_INPUT", "/elsewhere", 1);
  dla_config c = load("dataset: {path: $DEEPSQUARE_INPUT}\n", &f.folders);
  assert_string_equal(c.dataset.path, "/elsewhere");
  assert_int_equal(f.made, 0);
  assert_int_equal(f.folders.unset.status, DLA_OK);
  dla_config_free(&c);
  unsetenv("DEEPSQUARE_INPUT");
}

static void what_is_given_wins(void **state)
{
  dla_config under = load("optimizer: {lr: 0.5, momentum: 0.5}\ntrain: {seed: 3}\n"
                          "input: {dir: /old}\n",
                          NULL),
             merged;
  char *overrides[] = {"optimizer.momentum=0.9"};
  dla_config over;
  dla_error err = {0};
  const dla_config_layers layers = {.path = "c.yaml",
                                    .text = "train: {seed: 0}\nmodel: {classes: 10}\n",
                                    .overrides = overrides,
                                    .override_count = 1};
  (void)state;
  assert_int_equal(dla_config_load(&over, &layers, &err), DLA_OK);
  assert_int_equal(dla_config_merge(&under, &over, "c.yaml", &merged, &err), DLA_OK);
  assert_true(merged.optimizer.lr == 0.5);
  assert_true(merged.optimizer.momentum == 0.9);
  assert_int_equal(merged.train.seed, 0); /* also where it is the default's value */
  assert_string_equal(merged.dataset.path, "/old");
  assert_int_equal(dla_config_given(&merged, "optimizer", "lr"), DLA_GIVEN_NOWHERE);
  assert_int_equal(dla_config_given(&merged, "optimizer", "momentum"), DLA_GIVEN_ON_COMMAND_LINE);
  assert_int_equal(dla_config_given(&merged, "train", "seed"), DLA_GIVEN_IN_FILE);
  dla_config_free(&merged);
  dla_config_free(&over);
  dla_config_free(&under);
}

static void together_they_must_fit(void **state)
{
  dla_config under = load("optimizer: {momentum: 0}\n", NULL), merged;
  dla_config over = load("optimizer: {nesterov: true}\n", NULL);
  dla_error err = {0};
  (void)state;
  assert_int_equal(dla_config_merge(&under, &over, "c.yaml", &merged, &err), DLA_E_INPUT);
  dla_config_free(&over);
  dla_config_free(&under);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(folders_are_made_when_named),
      cmocka_unit_test(the_environment_wins),
      cmocka_unit_test(what_is_given_wins),
      cmocka_unit_test(together_they_must_fit),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
