#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/read_file.h"
#include "checkpoint/safetensors.h"

static void write_example(const char *path)
{
  dla_error err = {0};
  dla_safetensors_writer w = {0};
  const float values[] = {1, 2, 3, 4, 5, 6};
  const int64_t counter = 42;
  memcpy(dla_safetensors_add(&w, "a.weight", DLA_F32, &DLA_SHAPE2(2, 3)), values, sizeof values);
  memcpy(dla_safetensors_add(&w, "a.count", DLA_I64, &(dla_shape){0}), &counter, sizeof counter);
  dla_safetensors_metadata(&w, "config", "train:\n  \"x\"");
  assert_int_equal(dla_safetensors_write(&w, path, &err), DLA_OK);
  dla_safetensors_writer_free(&w);
}

static void what_is_written_is_read(void **state)
{
  (void)state;
  char path[] = "/tmp/dla-safetensors-XXXXXX";
  close(mkstemp(path));
  write_example(path);
  dla_error err = {0};
  dla_safetensors *file = NULL;
  assert_int_equal(dla_safetensors_read(path, &file, &err), DLA_OK);
  assert_int_equal(dla_safetensors_count(file), 2);
  const dla_safetensors_entry *weight = dla_safetensors_find(file, "a.weight");
  assert_non_null(weight);
  assert_string_equal(weight->dtype, "F32");
  assert_int_equal(weight->shape.dim[1], 3);
  float last;
  memcpy(&last, (const char *)weight->bytes + 20, sizeof last);
  assert_true(last == 6);
  assert_string_equal(dla_safetensors_get(file, "config"), "train:\n  \"x\"");
  assert_null(dla_safetensors_get(file, "nothing"));
  dla_safetensors_free(file);
  unlink(path);
}

/* Any single byte may be flipped and the file cut anywhere: it is refused, or reads as the same. */
static void damage_is_noticed(void **state)
{
  (void)state;
  char path[] = "/tmp/dla-safetensors-XXXXXX", *bytes = NULL;
  size_t count = 0, accepted = 0;
  close(mkstemp(path));
  write_example(path);
  dla_error err = {0};
  assert_int_equal(dla_read_file(path, 1 << 20, &bytes, &count, &err), DLA_OK);
  for (size_t i = 0; i < count; i++) {
    dla_safetensors *file = NULL;
    assert_int_not_equal(dla_safetensors_parse("cut", bytes, i, &file, &err), DLA_OK);
  }
  uint64_t header;
  memcpy(&header, bytes, sizeof header);
  for (size_t i = sizeof header + header; i < count; i++) {
    dla_safetensors *file = NULL;
    bytes[i] ^= 0x10;
    accepted += dla_safetensors_parse("flipped", bytes, count, &file, &err) == DLA_OK;
    dla_safetensors_free(file);
    bytes[i] ^= 0x10;
  }
  assert_int_equal(accepted, 0);
  free(bytes);
  unlink(path);
}

static void refuse(const char *header, const char *data, const char *what)
{
  char bytes[512];
  uint64_t length = strlen(header);
  memcpy(bytes, &length, sizeof length);
  memcpy(bytes + 8, header, length);
  memcpy(bytes + 8 + length, data, strlen(data));
  dla_error err = {0};
  dla_safetensors *file = NULL;
  assert_int_equal(dla_safetensors_parse("x", bytes, 8 + length + strlen(data), &file, &err),
                   DLA_E_INPUT);
  if (!strstr(err.what, what)) fail_msg("'%s' does not say '%s'", err.what, what);
}

static void lies_are_refused(void **state)
{
  (void)state;
  refuse("{\"a\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[0,8]}}", "12345678", "not fit");
  refuse("{\"a\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[0,4]}}", "12345678", "behind");
  refuse("{\"a\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[0,4]},"
         "\"b\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[2,6]}}",
         "123456", "overlap");
  refuse("{\"a\":{\"dtype\":\"Q4\",\"shape\":[1],\"data_offsets\":[0,4]}}", "1234", "dtype");
  refuse("{\"a\":{\"dtype\":\"F32\",\"shape\":[-1],\"data_offsets\":[0,4]}}", "1234", "shape");
  refuse("{\"a\":{\"dtype\":\"F32\",\"shape\":[4611686018427387904,16],\"data_offsets\":[0,4]}}",
         "1234", "shape");
  refuse("{\"a\":1,\"a\":2}", "", "duplicate");
  refuse("[]", "", "no JSON object");
}

int main(void)
{
  const struct CMUnitTest tests[] = {cmocka_unit_test(what_is_written_is_read),
                                     cmocka_unit_test(damage_is_noticed),
                                     cmocka_unit_test(lies_are_refused)};
  return cmocka_run_group_tests(tests, NULL, NULL);
}
