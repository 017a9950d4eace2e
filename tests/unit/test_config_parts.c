/* The pieces under the config reader: variables, numbers, quoting, options, suggestions. */
#include "config_fixture.h"

#include "base/closest.h"
#include "base/number.h"
#include "base/utf8.h"
#include "config/expand.h"
#include "config/schema.h"
#include "config/torch_options.h"

static void expect_expanded(const char *text, const char *expected)
{
  dla_strbuf out = {0};
  dla_error err = {0};
  if (dla_expand(text, NULL, &out, &err)) fail_msg("%s: %s", text, err.what);
  assert_string_equal(dla_strbuf_text(&out), expected);
  dla_strbuf_free(&out);
}

static void expect_variable(const char *text, bool expected)
{
  bool names_variable;
  dla_error err = {0};
  if (dla_expand_check(text, &names_variable, &err)) fail_msg("%s: %s", text, err.what);
  assert_int_equal(names_variable, expected);
}

static void expect_not_expanded(const char *text, const char *what)
{
  dla_strbuf out = {0};
  dla_error err = {0};
  assert_int_equal(dla_expand(text, NULL, &out, &err), DLA_E_INPUT);
  assert_string_equal(err.what, what);
  dla_strbuf_free(&out);
}

static void variables(void **state)
{
  (void)state;
  static const char lone[] = "a $ is not followed by NAME, {NAME} or $";
  setenv("DLA_TEST", "va$lue", 1);
  setenv("DLA_EMPTY", "", 1);
  unsetenv("DLA_UNSET");
  expect_expanded("", "");
  expect_expanded("plain", "plain");
  expect_expanded("$DLA_TEST/x", "va$lue/x");
  expect_expanded("x${DLA_TEST}x", "xva$luex");
  expect_expanded("[$DLA_EMPTY]", "[]");
  expect_expanded("$$DLA_TEST $$$$", "$DLA_TEST $$");
  expect_variable("a $$DLA_UNSET $$", false);
  expect_variable("a $$$DLA_UNSET", true);
  expect_variable("${DLA_UNSET}", true);
  expect_not_expanded("$DLA_UNSET", "the environment variable DLA_UNSET is not set");
  expect_not_expanded("${DLA_UNSET}", "the environment variable DLA_UNSET is not set");
  expect_not_expanded("$", lone);
  expect_not_expanded("a$ b", lone);
  expect_not_expanded("$1", lone);
  expect_not_expanded("${}", lone);
  expect_not_expanded("${DLA_TEST", lone);
  expect_not_expanded("${DLA_TEST:-x}", lone);
}

static void expect_number(double value, const char *text)
{
  dla_strbuf out = {0};
  double again;
  dla_number_write(value, &out);
  assert_string_equal(out.text, text);
  assert_true(dla_number_read(out.text, &again) && again == value);
  dla_strbuf_free(&out);
}

static void numbers(void **state)
{
  (void)state;
  expect_number(0.1, "0.1");
  expect_number(200, "200");
  expect_number(1e-5, "1.0e-05");
  expect_number(1.25e300, "1.25e+300");
  expect_number(0.1 + 0.2, "0.30000000000000004");
  expect_number(9007199254740991, "9007199254740991");
}

static void utf8(void **state)
{
  (void)state;
  static const char *const bad[] = {"\x80",
                                    "\xc0\x80",
                                    "\xe0\x80\x80",
                                    "\xed\xa0\x80",
                                    "\xf4\x90\x80\x80",
                                    "\xf8\x88\x80\x80",
                                    "\xe2\x82",
                                    "a\xff"};
  for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
    assert_false(dla_utf8_valid(bad[i]));
  uint32_t code;
  assert_int_equal(dla_utf8_decode("\xf0\x9f\x8d\x8e", &code), 4);
  assert_int_equal(code, 0x1f34e);
  assert_true(dla_utf8_valid("a\xc3\xa9\xe2\x82\xac\xf4\x8f\xbf\xbf"));
}

static const char *closest_to(const char *word)
{
  dla_closest closest = dla_closest_to(word);
  static const char *const candidates[] = {"train", "eval", "bench", "inspect", "graph"};
  for (size_t i = 0; i < sizeof candidates / sizeof *candidates; i++)
    dla_closest_offer(&closest, candidates[i]);
  return closest.best ? closest.best : "";
}

static void suggestions(void **state)
{
  (void)state;
  assert_string_equal(closest_to("trian"), "train");
  assert_string_equal(closest_to("TRAIN"), "train");
  assert_string_equal(closest_to("evl"), "eval");
  assert_string_equal(closest_to("inspekct"), "inspect");
  assert_string_equal(closest_to("wombat"), "");
  assert_string_equal(closest_to(""), "");
  char longest[1000];
  memset(longest, 'a', sizeof longest - 1);
  longest[sizeof longest - 1] = '\0';
  assert_string_equal(closest_to(longest), "");
}

static void expect_translated(const char *name, const char *value, const char *expected)
{
  const dla_torch_option *option = dla_torch_option_find(name);
  assert_non_null(option);
  dla_strbuf out = {0};
  dla_error err = {0};
  assert_int_equal(dla_torch_option_translate(option, value, &out, &err), DLA_OK);
  assert_string_equal(dla_strbuf_text(&out), expected);
  dla_strbuf_free(&out);
}

static void torch_options(void **state)
{
  (void)state;
  expect_translated("lr", "0.1", "optimizer.lr=0.1");
  expect_translated("dataset", "/a/$b", "dataset.path=/a/$$b");
  expect_translated("checkpoint_in", "x.pth", "checkpoint.in=x.pth");
  expect_translated("checkpoint-out", "x.pth", "checkpoint.out=x.pth");
  expect_translated("no_cuda", NULL, "");
  assert_true(dla_torch_option_find("checkpoint-in")->file_may_be_missing);
  assert_false(dla_torch_option_find("checkpoint-out")->file_may_be_missing);
  assert_null(dla_torch_option_find("checkpoint"));
  assert_null(dla_torch_option_find("lrr"));
  expect_translated("horovod", NULL, "");
  assert_true(dla_torch_option_find("horovod")->wants_ranks);
}

/* Every row belongs to a section, has a line of its own, and stands once. */
static void table_is_sound(void **state)
{
  (void)state;
  for (size_t i = 0; i < DLA_KEY_COUNT; i++) {
    const dla_key *key = &dla_keys[i];
    assert_non_null(dla_section_find(key->section));
    assert_ptr_equal(dla_key_find(key->section, key->name), key);
    assert_non_null(key->doc);
    assert_true(key->offset < sizeof(dla_config));
    assert_true(i == 0 || key->offset > dla_keys[i - 1].offset); /* in the struct's order */
    assert_true((key->type == DLA_KEY_CHOICE) <= (key->choices != NULL));
  }
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(variables),     cmocka_unit_test(numbers),
      cmocka_unit_test(utf8),          cmocka_unit_test(suggestions),
      cmocka_unit_test(torch_options), cmocka_unit_test(table_is_sound),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
