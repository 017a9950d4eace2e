#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/strbuf.h"
#include "dla/status.h"

static void fail_fills_every_part(void **state)
{
  (void)state;
  dla_error err = {0};
  assert_int_equal(dla_fail(&err, DLA_E_INPUT, "a.yaml:3", "try b", "bad %d", 7), DLA_E_INPUT);
  assert_string_equal(err.where, "a.yaml:3");
  assert_string_equal(err.what, "bad 7");
  assert_string_equal(err.hint, "try b");
}

static void fail_keeps_one_line(void **state)
{
  (void)state;
  dla_error err = {0};
  dla_fail(&err, DLA_E_INPUT, "a\nb", NULL, "x\033[31my");
  assert_string_equal(err.where, "a?b");
  assert_string_equal(err.what, "x?[31my");
  assert_string_equal(err.hint, "");
}

/* U+0080 to U+009F steer a terminal, too, and so do bytes that are no UTF-8. */
static void fail_shows_no_control_characters(void **state)
{
  (void)state;
  dla_error err = {0};
  dla_fail(&err, DLA_E_INPUT,
           "a\xc2\x9b"
           "31m",
           "\x9b\x7f", "\xe2\x80\xae\xc3\xa4\xf0\x9f\x98\x80");
  assert_string_equal(err.where, "a?31m");
  assert_string_equal(err.hint, "??");
  assert_string_equal(err.what, "?\xc3\xa4\xf0\x9f\x98\x80");
}

static void fail_may_wrap_itself(void **state)
{
  (void)state;
  dla_error err = {0};
  dla_fail(&err, DLA_E_IO, "f", NULL, "inner");
  dla_fail(&err, DLA_E_IO, err.where, NULL, "outer: %s", err.what);
  assert_string_equal(err.where, "f");
  assert_string_equal(err.what, "outer: inner");
}

static void fail_accepts_no_error(void **state)
{
  (void)state;
  assert_int_equal(dla_fail(NULL, DLA_E_IO, NULL, NULL, "x"), DLA_E_IO);
}

static void exit_statuses(void **state)
{
  (void)state;
  assert_int_equal(dla_exit_status(DLA_OK), 0);
  assert_int_equal(dla_exit_status(DLA_E_INPUT), 2);
  assert_int_equal(dla_exit_status(DLA_E_UNSUPPORTED), 2);
  assert_int_equal(dla_exit_status(DLA_E_DIVERGED), 3);
  assert_int_equal(dla_exit_status(DLA_E_NOT_PUSHED), 74);
  assert_int_equal(dla_exit_status(DLA_E_IO), 1);
}

static void strbuf_grows_and_escapes(void **state)
{
  (void)state;
  dla_strbuf b = {0};
  assert_string_equal(dla_strbuf_text(&b), "");
  for (int i = 0; i < 1000; i++)
    dla_strbuf_printf(&b, "%03d", i);
  assert_int_equal(b.length, 3000);
  assert_memory_equal(b.text + 2997, "999", 4);
  dla_strbuf_free(&b);
  dla_strbuf_json_string(&b, "a\"\\\n");
  assert_string_equal(dla_strbuf_text(&b), "\"a\\\"\\\\\\u000a\"");
  dla_strbuf_free(&b);
  dla_strbuf_json_string(&b, "caf\xc3\xa9 \xff\x7f");
  assert_string_equal(dla_strbuf_text(&b), "\"caf\xc3\xa9 \\ufffd\\u007f\"");
  dla_strbuf_free(&b);
}

static void expect_csv(const char *text, const char *expected)
{
  dla_strbuf b = {0};
  dla_strbuf_csv_field(&b, text);
  assert_string_equal(dla_strbuf_text(&b), expected);
  dla_strbuf_free(&b);
}

static void csv_fields_are_no_formulas(void **state)
{
  (void)state;
  expect_csv("", "");
  expect_csv("a \"b\", c", "\"a \"\"b\"\", c\"");
  expect_csv("=1+1", "'=1+1");
  expect_csv("=HYPERLINK(\"x\",1)", "\"'=HYPERLINK(\"\"x\"\",1)\"");
  expect_csv("@SUM(A1)", "'@SUM(A1)");
  expect_csv("+cmd|' /C calc'!A0", "'+cmd|' /C calc'!A0");
  expect_csv("-1", "-1");
  expect_csv("+1e3", "+1e3");
  expect_csv("-", "'-");
  expect_csv("\t=1", "'\t=1");
  expect_csv("a=b", "a=b");
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(fail_fills_every_part),
      cmocka_unit_test(fail_keeps_one_line),
      cmocka_unit_test(fail_shows_no_control_characters),
      cmocka_unit_test(fail_may_wrap_itself),
      cmocka_unit_test(fail_accepts_no_error),
      cmocka_unit_test(exit_statuses),
      cmocka_unit_test(strbuf_grows_and_escapes),
      cmocka_unit_test(csv_fields_are_no_formulas),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
