/* What a config file may get wrong, and what the user is told. */
#include "config_fixture.h"

#define LR    "optimizer.lr: must be a number from 0 to 1000, not "
#define BATCH "train.batch_size: must be a whole number from 1 to 65536, not "
#define SYNC  "train.sync_bn: must be true or false, not "
#define FLIP  "augment.flip: must be one of false, true, alternating, not "

static void wrong_numbers(void **state)
{
  (void)state;
  static const struct {
    const char *value, *found, *hint;
  } cases[] = {
      {"fast", "'fast'", ""},
      {"-0.1", "'-0.1'", ""},
      {"1000.1", "'1000.1'", ""},
      {".nan", "'.nan'", ""},
      {"nan", "'nan'", ""},
      {".inf", "'.inf'", ""},
      {"inf", "'inf'", ""},
      {"1e999", "'1e999'", ""},
      {"0x10", "'0x10'", ""},
      {"1_0", "'1_0'", ""},
      {"'0.1'", "'0.1'", "without the quotes"},
      {"~", "'~'", ""},
      {"", "empty", ""},
      {"[1]", "a list", ""},
      {"{a: 1}", "a mapping", ""},
      {"1e", "'1e'", ""},
      {".", "'.'", ""},
  };
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
    dla_strbuf yaml = {0}, what = {0};
    dla_strbuf_printf(&yaml, "optimizer:\n  lr: %s\n", cases[i].value);
    dla_strbuf_printf(&what, LR "%s", cases[i].found);
    expect_refused(yaml.text, "c.yaml:2", what.text, cases[i].hint);
    dla_strbuf_free(&yaml);
    dla_strbuf_free(&what);
  }
  expect_refused("optimizer: {momentum: 1}", "c.yaml:1",
                 "optimizer.momentum: must be a number of at least 0 and below 1, not '1'", "");
  expect_refused("schedule: {gamma: 0}", "c.yaml:1",
                 "schedule.gamma: must be a number above 0 and at most 1, not '0'", "");
}

static void wrong_whole_numbers(void **state)
{
  (void)state;
  static const char digits[] = "digits only, without 0 in front";
  expect_refused("train: {batch_size: 0}", "c.yaml:1", BATCH "'0'", "");
  expect_refused("train: {batch_size: 65537}", "c.yaml:1", BATCH "'65537'", "");
  expect_refused("train: {batch_size: 128.0}", "c.yaml:1", BATCH "'128.0'", digits);
  expect_refused("train: {batch_size: 1e3}", "c.yaml:1", BATCH "'1e3'", digits);
  expect_refused("train: {batch_size: 0128}", "c.yaml:1", BATCH "'0128'", digits);
  expect_refused("train: {batch_size: 99999999999999999999}", "c.yaml:1",
                 BATCH "'99999999999999999999'", "");
  expect_refused("train: {seed: 9007199254740992}", "c.yaml:1",
                 "train.seed: must be a whole number from 0 to 9007199254740991, not "
                 "'9007199254740992'",
                 "");
}

static void wrong_booleans_and_choices(void **state)
{
  (void)state;
  expect_refused("train: {sync_bn: yes}", "c.yaml:1", SYNC "'yes'", "write true");
  expect_refused("train: {sync_bn: \"true\"}", "c.yaml:1", SYNC "'true'", "without the quotes");
  expect_refused("augment: {flip: yes}", "c.yaml:1", FLIP "'yes'", "write true");
  expect_refused("augment: {flip: off}", "c.yaml:1", FLIP "'off'", "write false");
  expect_refused("augment: {flip: \"true\"}", "c.yaml:1", FLIP "'true'", "without the quotes");
  expect_refused("schedule: {name: cosin}", "c.yaml:1",
                 "schedule.name: must be one of cosine, step, constant, exponential, polynomial, "
                 "one_cycle, triangle, plateau, not 'cosin'",
                 "did you mean 'cosine'?");
  expect_refused("schedule: {name: 'wombat'}", "c.yaml:1",
                 "schedule.name: must be one of cosine, step, constant, exponential, polynomial, "
                 "one_cycle, triangle, plateau, not 'wombat'",
                 "");
  expect_refused("backend: {name: OneDNN}", "c.yaml:1",
                 "backend.name: must be one of onednn, openblas, opencl, reference, not 'OneDNN'",
                 "did you mean 'onednn'?");
}

static void wrong_strings(void **state)
{
  (void)state;
  static const char path[] = "dataset.path: must be a string, not ";
  static const char *const plain[] = {"7", "true", "~", "null"};
  for (size_t i = 0; i < sizeof plain / sizeof *plain; i++) {
    dla_strbuf yaml = {0}, what = {0};
    dla_strbuf_printf(&yaml, "dataset:\n\n  path: %s\n", plain[i]);
    dla_strbuf_printf(&what, "%s'%s'", path, plain[i]);
    expect_refused(yaml.text, "c.yaml:3", what.text, "put it in quotes");
    dla_strbuf_free(&yaml);
    dla_strbuf_free(&what);
  }
  expect_refused("dataset: {path: }", "c.yaml:1", "dataset.path: must be a string, not empty",
                 "put it in quotes");
  expect_refused("dataset: {path: \"a\\0b\"}", "c.yaml:1",
                 "text with a NUL character is not allowed", "");
  char yaml[5000] = "dataset: {path: ";
  memset(yaml + 16, 'x', 4096);
  memcpy(yaml + 16 + 4096, "}", 2);
  expect_refused(yaml, "c.yaml:1", "dataset.path: is longer than 4095 bytes", "");
}

static void unknown_names(void **state)
{
  (void)state;
  expect_refused("log:\n  level: info\noptimizr:\n  lr: 1\n", "c.yaml:3",
                 "unknown section 'optimizr'", "did you mean 'optimizer'?");
  expect_refused("lr: 1\n", "c.yaml:1", "unknown section 'lr'", "did you mean optimizer.lr?");
  expect_refused("optimizer:\n  weigth_decay: 1\n", "c.yaml:2",
                 "unknown key 'optimizer.weigth_decay'", "did you mean 'weight_decay'?");
  expect_refused("optimizer:\n  batch_size: 1\n", "c.yaml:2", "unknown key 'optimizer.batch_size'",
                 "did you mean train.batch_size?");
  expect_refused("output:\n  wombat: 1\n", "c.yaml:2", "unknown key 'output.wombat'",
                 "its keys are dir, optional, include, exclude");
  expect_refused("? [a]\n: 1\n", "c.yaml:1", "a name was expected, not a list", "");
}

static void repeated_names(void **state)
{
  (void)state;
  expect_refused("train:\n  epochs: 1\n  seed: 1\n  epochs: 2\n", "c.yaml:4",
                 "key 'epochs' is there already, on line 2", "keep one of the two");
  expect_refused("train:\n  epochs: 1\nlog:\ntrain:\n  seed: 2\n", "c.yaml:4",
                 "section 'train' is there already, on line 1", "keep one of the two");
}

static void wrong_shapes(void **state)
{
  (void)state;
  static const char below[] = "write 'key: value' lines, indented, below it";
  expect_refused("train: 5\n", "c.yaml:1", "section 'train' must be a mapping, not a single value",
                 below);
  expect_refused("train:\n- epochs: 1\n", "c.yaml:2",
                 "section 'train' must be a mapping, not a list", below);
  expect_refused("- train\n", "c.yaml:1", "a config must be a mapping of sections, not a list",
                 "see dla-train --help-config");
  expect_refused("hello\n", "c.yaml:1",
                 "a config must be a mapping of sections, not a single value",
                 "see dla-train --help-config");
}

static void refused_yaml(void **state)
{
  (void)state;
  static const char anchors[] = "anchors (&) and aliases (*) are not allowed";
  expect_refused("train: &t\n  epochs: 1\n", "c.yaml:1", anchors, "write the value out");
  expect_refused("train:\n  epochs: *t\n", "c.yaml:2", anchors, "write the value out");
  expect_refused("train:\n  epochs: &e 1\n", "c.yaml:2", anchors, "write the value out");
  expect_refused("train:\n  epochs: !!int 1\n", "c.yaml:2", "tags (!) are not allowed",
                 "leave it out");
  expect_refused("log:\n---\nlog:\n", "c.yaml:2", "a second document begins here",
                 "one file, one config");
}

static void broken_yaml(void **state)
{
  (void)state;
  expect_refused("train:\n\tepochs: 1\n", "c.yaml:2",
                 "no YAML: found character that cannot start any token while scanning for the next "
                 "token",
                 "indent with spaces: YAML allows no tabs");
  expect_refused("train: {epochs: 1\n", "c.yaml:2",
                 "no YAML: did not find expected ',' or '}' while parsing a flow mapping", "");
  expect_refused("log:\ntrain:\n  epochs: \x01\n", "c.yaml:3",
                 "no YAML: control characters are not allowed", "a config is UTF-8 text");
  expect_refused("log:\n# \xff\n", "c.yaml:2", "no YAML: invalid leading UTF-8 octet",
                 "a config is UTF-8 text");
  dla_config c;
  dla_error err = {0};
  assert_int_equal(read_bytes(&c, "log:\n\0\n", 7, &err), DLA_E_INPUT);
  expect_error(&err, "c.yaml:2", "no YAML: there is a NUL byte", "a config is UTF-8 text");
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(wrong_numbers),
      cmocka_unit_test(wrong_whole_numbers),
      cmocka_unit_test(wrong_booleans_and_choices),
      cmocka_unit_test(wrong_strings),
      cmocka_unit_test(unknown_names),
      cmocka_unit_test(repeated_names),
      cmocka_unit_test(wrong_shapes),
      cmocka_unit_test(refused_yaml),
      cmocka_unit_test(broken_yaml),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
