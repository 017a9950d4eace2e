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
#include "checkpoint/tensor_set.h"

static void write_example(const char *path)
{
  dla_error err = {0};
  dla_tensor_set set = {0};
  const float values[] = {1, 2, 3, 4, 5, 6};
  const int64_t counter = 42;
  assert_int_equal(dla_tensor_set_add(&set, "a.weight", DLA_F32, &DLA_SHAPE2(2, 3), values, &err),
                   DLA_OK);
  assert_int_equal(dla_tensor_set_add(&set, "a.count", DLA_I64, &(dla_shape){0}, &counter, &err),
                   DLA_OK);
  assert_int_equal(dla_tensor_set_note(&set, "format", "dla-train 2", &err), DLA_OK);
  assert_int_equal(dla_tensor_set_note(&set, "config", "train:\n  \"x\"", &err), DLA_OK);
  assert_int_equal(dla_tensor_set_write(&set, path, &err), DLA_OK);
  dla_tensor_set_free(&set);
}

static void expect_example(const dla_tensor_set *set)
{
  const dla_tensor_entry *weight = dla_tensor_set_find(set, "a.weight");
  assert_non_null(weight);
  assert_int_equal(weight->dtype, DLA_F32);
  assert_int_equal(weight->shape.dim[1], 3);
  float last;
  memcpy(&last, (const char *)weight->bytes + 20, sizeof last);
  assert_true(last == 6);
  assert_string_equal(dla_tensor_set_get(set, "config"), "train:\n  \"x\"");
}

static void what_is_written_is_read(void **state)
{
  (void)state;
  char path[] = "/tmp/dla-safetensors-XXXXXX";
  close(mkstemp(path));
  write_example(path);
  dla_error err = {0};
  dla_tensor_set set = {0};
  assert_int_equal(dla_tensor_set_read(path, "", &set, &err), DLA_OK);
  assert_string_equal(set.format, "safetensors");
  assert_int_equal(set.tensor_count, 2);
  expect_example(&set);
  assert_null(dla_tensor_set_get(&set, "nothing"));
  dla_tensor_set_free(&set);
  unlink(path);
}

/* Any bit may be flipped and the file cut anywhere: it is refused, or reads as the same (JSON
 * spells some things in two ways). Only where the flip hits the word "sha256" there is no digest to
 * see. */
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
    dla_tensor_set set = {0};
    assert_int_not_equal(dla_tensor_set_parse("cut", bytes, i, "", &set, &err), DLA_OK);
  }
  for (size_t i = 0; i < 8 * count; i++) {
    dla_tensor_set set = {0};
    bytes[i / 8] ^= (char)(1 << i % 8);
    if (dla_tensor_set_parse("flipped", bytes, count, "", &set, &err) == DLA_OK &&
        dla_tensor_set_get(&set, "sha256")) {
      expect_example(&set);
      accepted++;
    }
    dla_tensor_set_free(&set);
    bytes[i / 8] ^= (char)(1 << i % 8);
  }
  assert_in_range(accepted, 0, 8);
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
  dla_tensor_set set = {0};
  if (dla_tensor_set_parse("x", bytes, 8 + length + strlen(data), "", &set, &err) != DLA_E_INPUT)
    fail_msg("'%s' is not refused", header);
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
  refuse("[]", "", "no checkpoint");
  refuse("{\"__metadata__\":[]}", "", "no map");
  refuse("{\"__metadata__\":{\"epoch\":1}}", "", "'epoch' is no string");
  refuse("{\"a\\u001b[2J\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[0,4]}}", "1234",
         "cannot be");
  refuse("{\"\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[0,4]}}", "1234", "cannot be");
  refuse("{\"__metadata__\":{\"format\":\"dla-train 2\",\"sha256\":\"0\"},"
         "\"a\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[0,4]}}",
         "1234", "SHA-256");
}

static void parse(const char *header, const char *data, dla_tensor_set *set)
{
  static char bytes[512]; /* outlives the set */
  uint64_t length = strlen(header);
  dla_error err = {0};
  memcpy(bytes, &length, sizeof length);
  memcpy(bytes + 8, header, length);
  memcpy(bytes + 8 + length, data, strlen(data));
  if (dla_tensor_set_parse("x", bytes, 8 + length + strlen(data), "", set, &err))
    fail_msg("%s", err.what);
}

/* As timm and the hub write them: bare names, foreign metadata, types and ranks that we lack. */
static void files_of_other_programs_are_read(void **state)
{
  (void)state;
  dla_tensor_set set = {0};
  parse("{\"__metadata__\":{\"format\":\"pt\",\"config\":\"{}\",\"epoch\":\"x\"},"
        "\"conv.weight\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[0,4]},"
        "\"scale\":{\"dtype\":\"F8_E4M3\",\"shape\":[2,2],\"data_offsets\":[4,8]},"
        "\"deep\":{\"dtype\":\"I8\",\"shape\":[1,1,1,1,2],\"data_offsets\":[8,10]}}",
        "1234567890", &set);
  assert_non_null(dla_tensor_set_find(&set, "model.conv.weight"));
  assert_int_equal(set.tensor_count, 1);
  assert_int_equal(set.left_out_count, 2);
  assert_int_equal(set.tensors_left_out, 2);
  assert_string_equal(set.left_out[0].value, "a tensor of F8_E4M3, 2 dimensions");
  assert_null(dla_tensor_set_get(&set, "config"));
  assert_string_equal(dla_tensor_set_get(&set, "format"), "pytorch");
  dla_tensor_set_free(&set);
}

static void a_header_longer_than_the_file_is_refused(void **state)
{
  (void)state;
  const uint64_t lengths[] = {3, UINT64_MAX, (uint64_t)1 << 40};
  for (int i = 0; i < 3; i++) {
    dla_error err = {0};
    dla_tensor_set set = {0};
    char bytes[10] = {0};
    memcpy(bytes, &lengths[i], sizeof lengths[i]);
    bytes[8] = '{', bytes[9] = '}';
    assert_int_equal(dla_tensor_set_parse("x", bytes, sizeof bytes, "", &set, &err), DLA_E_INPUT);
    assert_string_equal(err.what, i == 0 ? "the header's length is larger than the file"
                                         : "it is no checkpoint, or only a part of one");
  }
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(what_is_written_is_read),
      cmocka_unit_test(damage_is_noticed),
      cmocka_unit_test(lies_are_refused),
      cmocka_unit_test(files_of_other_programs_are_read),
      cmocka_unit_test(a_header_longer_than_the_file_is_refused),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
