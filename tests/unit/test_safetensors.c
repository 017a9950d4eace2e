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

enum { DIGEST_LENGTH = 64 };

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
  refuse("{\"__metadata__\":{\"format\":\"dla-train 2\",\"epoch\":1}}", "", "'epoch' is no string");
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

static const float weight_values[] = {1, 2}, momentum_values[] = {3, 4};

static void write_trained(const char *path)
{
  dla_error err = {0};
  dla_tensor_set set = {0};
  const dla_shape shape = DLA_SHAPE1(2);
  assert_int_equal(dla_tensor_set_add(&set, "model.a", DLA_F32, &shape, weight_values, &err),
                   DLA_OK);
  assert_int_equal(
      dla_tensor_set_add(&set, "optimizer.momentum.a", DLA_F32, &shape, momentum_values, &err),
      DLA_OK);
  assert_int_equal(dla_tensor_set_note(&set, "format", "dla-train 2", &err), DLA_OK);
  assert_int_equal(dla_tensor_set_write(&set, path, &err), DLA_OK);
  dla_tensor_set_free(&set);
}

static void write_bytes(const char *path, const char *bytes, size_t count)
{
  FILE *file = fopen(path, "we");
  assert_non_null(file);
  assert_int_equal(fwrite(bytes, 1, count, file), count);
  assert_int_equal(fclose(file), 0);
}

/* True: it was read, and the weights are what they were. A flip in the word "dla-train" makes it
 * another program's file, which has no digest. */
static bool reads_weights(const char *path)
{
  dla_error err = {0};
  dla_tensor_set set;
  if (dla_tensor_set_read_weights(path, "", &set, &err)) return false;
  if (!dla_tensor_set_get(&set, "sha256_weights")) {
    assert_string_equal(dla_tensor_set_get(&set, "format"), "pytorch");
    dla_tensor_set_free(&set);
    return false;
  }
  const dla_tensor_entry *a = dla_tensor_set_find(&set, "model.a");
  assert_int_equal(set.tensor_count, 1);
  assert_non_null(a);
  assert_int_equal(a->size, sizeof weight_values);
  assert_memory_equal(a->bytes, weight_values, sizeof weight_values);
  dla_tensor_set_free(&set);
  return true;
}

/* Any damage is noticed except that of what the optimizer keeps, which is not read. */
static void weights_are_read_alone_and_checked(void **state)
{
  (void)state;
  char path[] = "/tmp/dla-safetensors-XXXXXX", *bytes = NULL;
  size_t count = 0, unseen = 0;
  dla_error err = {0};
  close(mkstemp(path));
  write_trained(path);
  assert_true(reads_weights(path));
  assert_int_equal(dla_read_file(path, 1 << 20, &bytes, &count, &err), DLA_OK);
  const size_t momentum = count - sizeof momentum_values;
  for (size_t i = 0; i < count; i++) {
    write_bytes(path, bytes, i);
    if (reads_weights(path)) fail_msg("cut at %zu", i);
  }
  for (size_t i = 0; i < 8 * count; i++) {
    bytes[i / 8] ^= (char)(1 << i % 8);
    write_bytes(path, bytes, count);
    const bool read = reads_weights(path);
    if (i / 8 >= momentum)
      assert_true(read);
    else
      unseen += read;
    bytes[i / 8] ^= (char)(1 << i % 8);
  }
  /* JSON spells some things in two ways; and the optimizer's tensor may be called otherwise. */
  assert_in_range(unseen, 0, 8 * strlen("momentum.a") + 8 * DIGEST_LENGTH + 16);
  free(bytes);
  unlink(path);
}

/* A file from before there was a digest of the weights is checked by that of all. */
static void without_their_digest_all_is_checked(void **state)
{
  (void)state;
  char path[] = "/tmp/dla-safetensors-XXXXXX", *bytes = NULL;
  size_t count = 0;
  dla_error err = {0};
  close(mkstemp(path));
  write_example(path);
  assert_int_equal(dla_read_file(path, 1 << 20, &bytes, &count, &err), DLA_OK);
  dla_tensor_set set;
  assert_int_equal(dla_tensor_set_read_weights(path, "", &set, &err), DLA_OK);
  expect_example(&set);
  dla_tensor_set_free(&set);
  bytes[count - 1] ^= 1;
  write_bytes(path, bytes, count);
  assert_int_equal(dla_tensor_set_read_weights(path, "", &set, &err), DLA_E_INPUT);
  assert_non_null(strstr(err.what, "SHA-256"));
  free(bytes);
  unlink(path);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(what_is_written_is_read),
      cmocka_unit_test(damage_is_noticed),
      cmocka_unit_test(lies_are_refused),
      cmocka_unit_test(files_of_other_programs_are_read),
      cmocka_unit_test(a_header_longer_than_the_file_is_refused),
      cmocka_unit_test(weights_are_read_alone_and_checked),
      cmocka_unit_test(without_their_digest_all_is_checked),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
