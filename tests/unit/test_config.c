/* Configs as a whole: defaults, files, overrides, and the dump. */
#include <stdio.h>
#include <unistd.h>

#include "config_fixture.h"

static void defaults_are_the_pytorch_programs(void **state)
{
  (void)state;
  dla_config c;
  dla_error err = {0};
  assert_int_equal(dla_config_load(&c, &(dla_config_layers){0}, &err), DLA_OK);
  assert_string_equal(c.model.name, "simple_dla");
  assert_int_equal(c.model.classes, 0);
  assert_true(c.optimizer.lr == 0.1 && c.optimizer.momentum == 0.9);
  assert_true(c.optimizer.weight_decay == 5e-4 && !c.optimizer.nesterov);
  assert_int_equal(c.schedule.name, DLA_SCHEDULE_COSINE);
  assert_int_equal(c.schedule.interval, DLA_INTERVAL_EPOCH);
  assert_true(c.schedule.t_max == 200 && c.schedule.eta_min == 0);
  assert_int_equal(c.train.epochs, 200);
  assert_int_equal(c.train.batch_size, 128);
  assert_int_equal(c.train.test_batch_size, 100);
  assert_int_equal(c.augment.crop_padding, 4);
  assert_int_equal(c.augment.flip, DLA_FLIP_RANDOM);
  assert_int_equal(c.augment.normalize, DLA_NORMALIZE_AUTO);
  assert_string_equal(c.checkpoint.in, "");
  assert_false(c.checkpoint.in_may_be_missing);
  dla_config_free(&c);
}

static void nothing_is_a_config(void **state)
{
  (void)state;
  static const char *const empty[] = {"",
                                      "\n",
                                      "# comment\n",
                                      "---\n",
                                      "optimizer:\n",
                                      "{}",
                                      "optimizer: {}\n",
                                      "%YAML 1.2\n---\n",
                                      "\xef\xbb\xbf"};
  for (size_t i = 0; i < sizeof empty / sizeof *empty; i++) {
    dla_config c = expect_read(empty[i]);
    assert_true(c.optimizer.lr == 0.1);
    dla_config_free(&c);
  }
}

static void file_sets_values(void **state)
{
  (void)state;
  dla_config c = expect_read("optimizer: {lr: 1e-3, nesterov: True}\n"
                             "schedule:\n"
                             "  name: step  # comment\n"
                             "  \"interval\": 'step'\n"
                             "train:\n"
                             "  seed: 9007199254740991\n"
                             "  epochs: +7\n"
                             "dataset:\n"
                             "  path: >-\n"
                             "    a\n"
                             "    b\n"
                             "backend:\n"
                             "  name: reference\n");
  assert_true(c.optimizer.lr == 1e-3 && c.optimizer.nesterov);
  assert_int_equal(c.schedule.name, DLA_SCHEDULE_STEP);
  assert_int_equal(c.schedule.interval, DLA_INTERVAL_STEP);
  assert_true(c.train.seed == 9007199254740991);
  assert_int_equal(c.train.epochs, 7);
  assert_string_equal(c.dataset.path, "a b");
  assert_string_equal(c.backend.name, "reference");
  dla_config_free(&c);
}

/* What was a boolean before still is one, in the dump, too. */
static void flip_is_a_boolean_or_alternating(void **state)
{
  (void)state;
  static const struct {
    const char *text, *dump;
    dla_flip flip;
  } cases[] = {
      {"augment: {flip: false}", "\n  flip: false\n", DLA_FLIP_NONE},
      {"augment: {flip: True}", "\n  flip: true\n", DLA_FLIP_RANDOM},
      {"augment: {flip: alternating}", "\n  flip: alternating\n", DLA_FLIP_ALTERNATING},
      {"augment: {flip: \"alternating\"}", "\n  flip: alternating\n", DLA_FLIP_ALTERNATING},
  };
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
    dla_config c = expect_read(cases[i].text);
    dla_strbuf dump = {0};
    dla_config_to_yaml(&c, &dump);
    assert_int_equal(c.augment.flip, cases[i].flip);
    assert_non_null(strstr(dla_strbuf_text(&dump), cases[i].dump));
    dla_strbuf_free(&dump);
    dla_config_free(&c);
  }
}

/* Writes text to a temporary file and loads it with the overrides. */
static dla_status load_file(const char *text, char *const *overrides, int count, dla_config *c,
                            dla_error *err)
{
  char path[] = "/tmp/test_config.XXXXXX";
  int fd = mkstemp(path);
  assert_true(fd >= 0);
  assert_int_equal(write(fd, text, strlen(text)), (ssize_t)strlen(text));
  close(fd);
  const dla_config_layers layers = {.path = path, .overrides = overrides, .override_count = count};
  dla_status status = dla_config_load(c, &layers, err);
  unlink(path);
  return status;
}

static void later_overrides_win(void **state)
{
  (void)state;
  char *overrides[] = {"optimizer.lr=0.3", "train.epochs=9", "optimizer.lr=0.4", "dataset.path=a=b",
                       "output.dir="};
  dla_config c;
  dla_error err = {0};
  assert_int_equal(load_file("optimizer:\n  lr: 0.2\n  momentum: 0.5\n", overrides, 5, &c, &err),
                   DLA_OK);
  assert_true(c.optimizer.lr == 0.4 && c.optimizer.momentum == 0.5);
  assert_int_equal(c.train.epochs, 9);
  assert_string_equal(c.dataset.path, "a=b");
  assert_string_equal(c.output.dir, "");
  dla_config_free(&c);
}

static void overrides_pass_the_same_checks(void **state)
{
  (void)state;
  static const struct {
    const char *override, *what, *hint;
  } cases[] = {
      {"optimizer.lr=-1", "optimizer.lr: must be a number from 0 to 1000, not '-1'", ""},
      {"optimizer.lr=", "optimizer.lr: must be a number from 0 to 1000, not ''", ""},
      {"optimizer.lr=\"1\"", "optimizer.lr: must be a number from 0 to 1000, not '\"1\"'", ""},
      {"train.sync_bn=yes", "train.sync_bn: must be true or false, not 'yes'", "write true"},
      {"optimiser.lr=1", "unknown section 'optimiser'", "did you mean optimizer.lr?"},
      {"lr=1", "unknown key 'lr'", "did you mean optimizer.lr?"},
      {"train.lr=1", "unknown key 'train.lr'", "did you mean optimizer.lr?"},
      {"train=1", "'train' is a section, not a key", "an override is section.key=value"},
      {"train.epochs", "an override is section.key=value", "for example optimizer.lr=0.05"},
      {"=1", "unknown key ''",
       "the sections are model, dataset, augment, optimizer, schedule, train, eval, checkpoint, "
       "input, output, staging, slurm, backend, log"},
      {"dataset.path=\xff", "dataset.path: is not valid UTF-8",
       "checkpoints and logs carry it as text"},
  };
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
    dla_config c;
    dla_error err = {0};
    assert_int_equal(load_override(&c, cases[i].override, &err), DLA_E_INPUT);
    expect_error(&err, "command line", cases[i].what, cases[i].hint);
    assert_null(c.dataset.path);
  }
}

static void nesterov_needs_momentum(void **state)
{
  (void)state;
  char *overrides[] = {"optimizer.nesterov=true", "optimizer.momentum=0"};
  dla_config c;
  dla_error err = {0};
  assert_int_equal(
      dla_config_load(&c, &(dla_config_layers){.overrides = overrides, .override_count = 2}, &err),
      DLA_E_INPUT);
  expect_error(&err, "", "optimizer.nesterov: needs a momentum above 0",
               "set optimizer.momentum, or nesterov to false");
}

static void unreadable_files(void **state)
{
  (void)state;
  dla_config c;
  dla_error err = {0};
  assert_int_equal(dla_config_load(&c, &(dla_config_layers){.path = "no-such-folder/c.yaml"}, &err),
                   DLA_E_INPUT);
  expect_error(&err, "no-such-folder/c.yaml", "cannot open: No such file or directory", "");
  assert_int_equal(dla_config_load(&c, &(dla_config_layers){.path = "/"}, &err), DLA_E_INPUT);
  expect_error(&err, "/", "is a directory, not a file",
               "give a config file; for a folder of pictures, dla-train new my-run --data=/ writes "
               "one");
  assert_int_equal(dla_config_load(&c, &(dla_config_layers){.path = "/dev/zero"}, &err),
                   DLA_E_INPUT);
  expect_error(&err, "/dev/zero", "is longer than the 1048576 bytes that such a file may have",
               "is it the right file?");
  assert_int_equal(dla_config_load(&c, &(dla_config_layers){.path = "/dev/null"}, &err), DLA_OK);
  dla_config_free(&c);
}

static char *dump(const dla_config *config)
{
  dla_strbuf out = {0};
  dla_config_to_yaml(config, &out);
  assert_false(out.failed);
  return out.text;
}

/* The dump of a config with this override reads back to the same dump, and to this string. */
static void expect_round_trip(const char *override, const char *path)
{
  dla_config c, again;
  dla_error err = {0};
  if (load_override(&c, override, &err)) fail_msg("%s: %s", override, err.what);
  char *first = dump(&c);
  if (read_bytes(&again, first, strlen(first), &err)) fail_msg("%s: %s", override, err.what);
  char *second = dump(&again);
  assert_string_equal(first, second);
  if (path) assert_string_equal(again.dataset.path, path);
  assert_true(c.optimizer.lr == again.optimizer.lr);
  free(first);
  free(second);
  dla_config_free(&c);
  dla_config_free(&again);
}

static void dump_reads_back(void **state)
{
  (void)state;
  static const char *const numbers[] = {
      "0.1", "0.30000000000000004", "1e-5", "123.45678901234567", "5e-324", "1.7e-308", "0"};
  for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++) {
    char override[64];
    snprintf(override, sizeof override, "optimizer.lr=%s", numbers[i]);
    expect_round_trip(override, NULL);
  }
  static const char *const strings[] = {"",
                                        " a ",
                                        "true",
                                        "~",
                                        "1.5",
                                        "a: b # c",
                                        "\"'\\",
                                        "tab\tnew\nline",
                                        "\x01\x7f",
                                        "caf\xc3\xa9",
                                        "\xe2\x80\xa8",
                                        "\xef\xbb\xbf",
                                        "\xc2\x85",
                                        "\xf0\x9f\x8d\x8e",
                                        "- x",
                                        "{a: b}",
                                        "&a *b !c %d",
                                        "\xef\xbf\xbf"};
  for (size_t i = 0; i < sizeof strings / sizeof *strings; i++) {
    char override[64];
    snprintf(override, sizeof override, "dataset.path=%s", strings[i]);
    expect_round_trip(override, strings[i]);
  }
  expect_round_trip("dataset.path=$$HOME $$$$", "$HOME $$");
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(defaults_are_the_pytorch_programs),
      cmocka_unit_test(nothing_is_a_config),
      cmocka_unit_test(file_sets_values),
      cmocka_unit_test(flip_is_a_boolean_or_alternating),
      cmocka_unit_test(later_overrides_win),
      cmocka_unit_test(overrides_pass_the_same_checks),
      cmocka_unit_test(nesterov_needs_momentum),
      cmocka_unit_test(unreadable_files),
      cmocka_unit_test(dump_reads_back),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
