/* A verb's own flags, and its config from one command line. */
#include "config_fixture.h"

#include "cli/arguments.h"

typedef struct bench_options {
  bool json;
  const char *only;
} bench_options;

static const dla_flag bench_flags[] = {
    {"json", NULL, "print JSON", offsetof(bench_options, json)},
    {"only", "NAME", "only this one", offsetof(bench_options, only)},
    {0},
};
static const dla_verb bench = {.name = "bench", .flags = bench_flags};
static const dla_verb inspect = {.name = "inspect", .arguments = "FILE"};

#define PARSE(arguments, verb, options, err, ...)                                                  \
  dla_arguments_parse((arguments), (verb),                                                         \
                      (int)(sizeof((char *[]){__VA_ARGS__}) / sizeof(char *)),                     \
                      (char *[]){__VA_ARGS__}, (options), (err))

static void flags_and_operands(void **state)
{
  (void)state;
  dla_arguments a;
  bench_options options = {0};
  dla_error err = {0};
  assert_int_equal(PARSE(&a, &bench, &options, &err, "x.yaml", "--json", "--lr", "2",
                         "--only=", "--only", "conv", "train.epochs=3", "-", "--", "--json=1"),
                   DLA_OK);
  assert_true(options.json);
  assert_string_equal(options.only, "conv");
  static const char *const operands[] = {"x.yaml", "optimizer.lr=2", "train.epochs=3", "-",
                                         "--json=1"};
  assert_int_equal(a.count, 5);
  for (int i = 0; i < a.count; i++)
    assert_string_equal(a.operands[i], operands[i]);
  dla_arguments_free(&a);
}

static void wrong_flags(void **state)
{
  (void)state;
  dla_arguments a;
  bench_options options = {0};
  dla_error err = {0};
  assert_int_equal(PARSE(&a, &bench, &options, &err, "--json=1"), DLA_E_INPUT);
  expect_error(&err, "", "--json takes no value", "");
  assert_int_equal(PARSE(&a, &bench, &options, &err, "--only"), DLA_E_INPUT);
  expect_error(&err, "", "--only needs a value: --only=NAME", "");
  assert_int_equal(PARSE(&a, &bench, &options, &err, "--jsno"), DLA_E_INPUT);
  expect_error(&err, "", "unknown option '--jsno'", "did you mean '--json'?");
  assert_int_equal(PARSE(&a, &inspect, NULL, &err, "--lr=1"), DLA_E_INPUT);
  expect_error(&err, "", "unknown option '--lr'", "see dla-train help inspect");
}

static void only_checkpoint_in_may_be_missing(void **state)
{
  (void)state;
  static const struct {
    char *arguments[2];
    bool may_be_missing;
  } cases[] = {
      {{"--checkpoint_in=a$b", "train.epochs=1"}, true},
      {{"checkpoint.in=a", "train.epochs=1"}, false},
      {{"--checkpoint_in=a", "checkpoint.in=b"}, false},
      {{"checkpoint.in=b", "--checkpoint_in=a"}, true},
  };
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
    dla_config config;
    bench_options options = {0};
    dla_error err = {0};
    assert_int_equal(
        dla_cli_load_config(&config, &bench, 2, (char **)cases[i].arguments, &options, &err),
        DLA_OK);
    assert_int_equal(config.checkpoint.in_may_be_missing, cases[i].may_be_missing);
    dla_config_free(&config);
  }
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(flags_and_operands),
      cmocka_unit_test(wrong_flags),
      cmocka_unit_test(only_checkpoint_in_may_be_missing),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
