/* What is written is JSON, whatever the numbers and texts are. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>
#include <jansson.h>

#include "base/json.h"

static void numbers_that_are_none_are_null(void **state)
{
  (void)state;
  dla_strbuf out = {0};
  dla_json json = {.out = &out};
  dla_json_begin_array(&json, NULL);
  dla_json_number(&json, NULL, NAN);
  dla_json_number(&json, NULL, -INFINITY);
  dla_json_number(&json, NULL, 0.1);
  dla_json_number(&json, NULL, 1e-300);
  dla_json_number(&json, NULL, -0.0);
  dla_json_end_array(&json);
  assert_string_equal(out.text, "[null,null,0.1,1.0e-300,-0]");
  dla_strbuf_free(&out);
}

static void what_is_written_is_read_back(void **state)
{
  (void)state;
  dla_strbuf out = {0};
  dla_json json = {.out = &out};
  dla_json_begin_object(&json, NULL);
  dla_json_text(&json, "a \"key\"\n", "caf\xc3\xa9 \xff \x01");
  dla_json_text(&json, "none", NULL);
  dla_json_integer(&json, "least", INT64_MIN);
  dla_json_begin_array(&json, "empty");
  dla_json_end_array(&json);
  dla_json_begin_array(&json, "lines");
  dla_json_new_line(&json);
  dla_json_boolean(&json, NULL, true);
  dla_json_new_line(&json);
  dla_json_bytes(&json, NULL, 7);
  dla_json_end_array(&json);
  dla_json_number(&json, "exact", 1.0 / 3);
  dla_json_end_object(&json);
  json_t *read = json_loads(out.text, JSON_REJECT_DUPLICATES, NULL);
  assert_non_null(read);
  assert_string_equal(json_string_value(json_object_get(read, "a \"key\"\n")),
                      "caf\xc3\xa9 \xef\xbf\xbd \x01");
  assert_true(json_is_null(json_object_get(read, "none")));
  assert_true(json_integer_value(json_object_get(read, "least")) == INT64_MIN);
  assert_int_equal(json_array_size(json_object_get(read, "empty")), 0);
  assert_true(json_is_true(json_array_get(json_object_get(read, "lines"), 0)));
  assert_int_equal(json_integer_value(json_array_get(json_object_get(read, "lines"), 1)), 7);
  assert_true(json_real_value(json_object_get(read, "exact")) == 1.0 / 3);
  assert_non_null(strstr(out.text, "[\ntrue,\n7]"));
  json_decref(read);
  dla_strbuf_free(&out);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(numbers_that_are_none_are_null),
      cmocka_unit_test(what_is_written_is_read_back),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
