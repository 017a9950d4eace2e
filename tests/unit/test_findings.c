/* What checks find, and text for man pages. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/findings.h"
#include "base/roff.h"

static void the_worst_counts(void **state)
{
  (void)state;
  dla_findings f = {0};
  assert_int_equal(dla_findings_worst(&f), DLA_GOOD);
  dla_findings_add(&f, DLA_WARNING, "a", NULL, "%d", 1);
  dla_findings_add(&f, DLA_GOOD, "b", "do it", "two");
  assert_int_equal(dla_findings_worst(&f), DLA_WARNING);
  dla_findings_add(&f, DLA_BAD, "c", NULL, "%s", "three");
  dla_findings_add(&f, DLA_WARNING, "d", NULL, "four");
  assert_int_equal(dla_findings_worst(&f), DLA_BAD);
  assert_int_equal(f.count, 4);
  assert_string_equal(f.items[0].what, "1");
  assert_string_equal(f.items[1].hint, "do it");
  assert_string_equal(f.items[2].hint, "");
  dla_findings_free(&f);
}

static void a_finding_is_one_line(void **state)
{
  (void)state;
  dla_findings f = {0};
  char many[2000];
  memset(many, 'x', sizeof many - 1);
  many[sizeof many - 1] = '\0';
  dla_findings_add(&f, DLA_GOOD, "a\nb", "c\033[0m", "%s", "d\r\ne");
  dla_findings_add(&f, DLA_GOOD, many, many, "%s", many);
  assert_null(strpbrk(f.items[0].name, "\r\n\033"));
  assert_null(strpbrk(f.items[0].what, "\r\n\033"));
  assert_null(strpbrk(f.items[0].hint, "\r\n\033"));
  assert_int_equal(strlen(f.items[1].what), sizeof f.items[1].what - 1);
  dla_findings_free(&f);
}

static void an_error_says_where(void **state)
{
  (void)state;
  dla_findings f = {0};
  dla_error err = {0};
  dla_fail(&err, DLA_E_INPUT, "file:3", "mend it", "it is broken");
  dla_findings_add_error(&f, DLA_BAD, "check", &err);
  assert_string_equal(f.items[0].what, "file:3: it is broken");
  assert_string_equal(f.items[0].hint, "mend it");
  dla_findings_free(&f);
}

static void roff_takes_no_text_for_a_request(void **state)
{
  (void)state;
  dla_strbuf out = {0};
  dla_roff_text(&out, ".so /etc/passwd\n'br a\\b -x `bold` \"q\"");
  assert_string_equal(out.text,
                      "\\&.so /etc/passwd\n\\(aqbr a\\eb \\-x \\fBbold\\fR \\(dqq\\(dq\n");
  dla_strbuf_free(&out);
  dla_roff_request(&out, "SH", "A \"B\"");
  assert_string_equal(out.text, ".SH \"A \\(dqB\\(dq\"\n");
  dla_strbuf_free(&out);
  dla_roff_item(&out, "--a=", "B", "c");
  assert_string_equal(out.text, ".TP\n\\fB\\-\\-a=\\fR\\fIB\\fR\nc\n");
  dla_strbuf_free(&out);
}

static void roff_breaks_long_lines(void **state)
{
  (void)state;
  dla_strbuf out = {0}, text = {0};
  for (int i = 0; i < 100; i++)
    dla_strbuf_printf(&text, "%sword%d", i ? " " : "", i);
  dla_roff_text(&out, text.text);
  for (const char *line = out.text; *line; line += strcspn(line, "\n") + 1)
    assert_true(strcspn(line, "\n") <= 80);
  dla_strbuf_free(&out);
  dla_strbuf_free(&text);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(the_worst_counts),       cmocka_unit_test(a_finding_is_one_line),
      cmocka_unit_test(an_error_says_where),    cmocka_unit_test(roff_takes_no_text_for_a_request),
      cmocka_unit_test(roff_breaks_long_lines),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
