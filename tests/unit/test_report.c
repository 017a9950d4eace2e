#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "report/axis.h"
#include "report/curve.h"
#include "report/html.h"
#include "report/http.h"

static void extremes_stay(void **state)
{
  (void)state;
  dla_curve *curve = calloc(1, sizeof *curve);
  double least = INFINITY, most = -INFINITY, sum = 0, count = 0;
  assert_non_null(curve);
  for (int i = 0; i < 100000; i++)
    dla_curve_add(curve, i, i == 54321 ? 99 : i == 777 ? -99 : i % 10);
  dla_curve_add(curve, 100000, NAN);
  assert_in_range(curve->count, DLA_CURVE_BUCKETS / 2, DLA_CURVE_BUCKETS);
  for (int i = 0; i < curve->count; i++) {
    least = fmin(least, curve->bucket[i].min);
    most = fmax(most, curve->bucket[i].max);
    sum += curve->bucket[i].sum;
    count += (double)curve->bucket[i].count;
  }
  assert_true(least == -99 && most == 99 && count == 100000);
  assert_true(sum == 450000 + 99 - 1 - 99 - 7);
  free(curve);
}

static void names_are_text(void **state)
{
  (void)state;
  dla_strbuf out = {0}, json = {0};
  dla_html_text(&out, "<a b='\"'>&\x01\xff\xc3\xa9\n");
  assert_string_equal(out.text,
                      "&lt;a b=&#39;&quot;&#39;&gt;&amp;\xef\xbf\xbd\xef\xbf\xbd\xc3\xa9\n");
  dla_strbuf_free(&out);
  dla_strbuf_json_string(&json, "</script>");
  dla_html_json(&out, &json);
  assert_string_equal(out.text, "\"\\u003c/script>\"");
  dla_strbuf_free(&out);
  dla_html_path(&out, "a b/\"#?%");
  assert_string_equal(out.text, "a%20b/%22%23%3F%25");
  dla_strbuf_free(&out);
  dla_strbuf_free(&json);
}

static void axes_hold_what_is_shown(void **state)
{
  (void)state;
  dla_axis axis = {0};
  dla_axis_include(&axis, NAN);
  dla_axis_include(&axis, 0.013);
  dla_axis_include(&axis, 47);
  dla_axis_choose_scale(&axis, 100);
  dla_axis_settle(&axis, 5, false);
  assert_true(axis.log && axis.min <= 0.013 && axis.max >= 47 && axis.ticks >= 3);
  assert_true(fabs(dla_axis_place(&axis, axis.max) - 1) < 1e-12);
  axis = (dla_axis){0};
  dla_axis_include(&axis, 3); /* all the same */
  dla_axis_settle(&axis, 5, false);
  assert_true(axis.min < 3 && axis.max > 3);
  axis = (dla_axis){0}; /* nothing at all */
  dla_axis_settle(&axis, 5, false);
  assert_true(axis.min < axis.max);
}

static int parse(const char *text, dla_browser_request *request)
{
  assert_true(dla_browser_is_whole(text));
  return dla_browser_parse(text, request);
}

static void requests_are_read(void **state)
{
  (void)state;
  dla_browser_request r;
  assert_int_equal(parse("GET /run/a%20b?x HTTP/1.1\r\nhost:  localhost:8 \r\n\r\n", &r), 0);
  assert_string_equal(r.path, "/run/a b");
  assert_string_equal(r.host, "localhost:8");
  assert_true(dla_browser_is_local(r.host, 8) && !dla_browser_is_local(r.host, 9));
  assert_false(dla_browser_is_local("localhost.evil", 8));
  assert_false(dla_browser_is_local("", 8));
  assert_int_equal(parse("PUT / HTTP/1.1\r\n\r\n", &r), 405);
  assert_int_equal(parse("GET /%00 HTTP/1.1\r\n\r\n", &r), 400);
  assert_int_equal(parse("GET /%4 HTTP/1.1\r\n\r\n", &r), 400);
  assert_int_equal(parse("GET http://x/ HTTP/1.1\r\n\r\n", &r), 400);
  assert_int_equal(parse("GET\r\n\r\n", &r), 400);
  assert_int_equal(parse("GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n", &r), 400);
  assert_false(dla_browser_is_whole("GET / HTTP/1.1\r\n"));
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(extremes_stay),
      cmocka_unit_test(names_are_text),
      cmocka_unit_test(axes_hold_what_is_shown),
      cmocka_unit_test(requests_are_read),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
