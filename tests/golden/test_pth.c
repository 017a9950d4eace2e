/* Small files that the real PyTorch wrote (make_pth.py), read and written again. */
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

static const char *path_of(char path[4096], const char *name)
{
  snprintf(path, 4096, "%s/tests/golden/pth/%s", getenv("DLA_SRCDIR"), name);
  return path;
}

static void load(const char *name, dla_tensor_set *set)
{
  char path[4096];
  dla_error err = {0};
  if (dla_tensor_set_read(path_of(path, name), "", set, &err) != DLA_OK)
    fail_msg("%s: %s", err.where, err.what);
  assert_string_equal(set->format, "pth");
}

/* make_pth.py's fill(). */
static void expect_filled(const dla_tensor_entry *tensor, size_t k, int sign)
{
  int64_t count = dla_shape_count(&tensor->shape);
  for (int64_t i = 0; i < count; i++)
    assert_true(dla_dtype_number(tensor->dtype, tensor->bytes, (size_t)i) ==
                sign * ((double)k + (double)i / 8));
}

static void expect_model(const dla_tensor_set *set)
{
  static const char *const names[] = {"model.0.weight",
                                      "model.0.bias",
                                      "model.1.weight",
                                      "model.1.bias",
                                      "model.1.running_mean",
                                      "model.1.running_var",
                                      "model.1.num_batches_tracked",
                                      "model.2.weight",
                                      "model.2.bias"};
  assert_true(set->tensor_count >= 9);
  for (size_t k = 0; k < 9; k++) {
    assert_string_equal(set->tensor[k].name, names[k]);
    assert_int_equal(set->tensor[k].dtype, k == 6 ? DLA_I64 : DLA_F32);
    expect_filled(&set->tensor[k], k, 1);
  }
}

static void expect_note(const dla_tensor_set *set, const char *key, const char *value)
{
  const char *has = dla_tensor_set_get(set, key);
  if (!has) fail_msg("no '%s'", key);
  assert_string_equal(has, value);
}

static void what_the_program_saved_is_read(void **state)
{
  (void)state;
  static const char *const names[] = {"program.pth", "prefix_module.pth", "prefix_both.pth",
                                      "tensor_acc.pth", "optimizer.pth"};
  for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
    dla_tensor_set set = {0};
    load(names[i], &set);
    expect_model(&set);
    expect_note(&set, "format", "pytorch");
    expect_note(&set, "epoch", "3");
    expect_note(&set, "step", "6");
    expect_note(&set, "best_accuracy", "0.125");
    dla_tensor_set_free(&set);
  }
}

static void a_bare_state_dict_is_read(void **state)
{
  (void)state;
  dla_tensor_set set = {0};
  load("bare.pth", &set);
  expect_model(&set);
  assert_null(dla_tensor_set_get(&set, "epoch"));
  dla_tensor_set_free(&set);
}

static void momentum_is_read(void **state)
{
  (void)state;
  static const size_t numbers[] = {0, 1, 2, 3, 7, 8};
  dla_tensor_set set = {0};
  load("optimizer.pth", &set);
  assert_int_equal(set.tensor_count, 15);
  for (size_t i = 0; i < 6; i++) {
    const char *parameter = set.tensor[numbers[i]].name + strlen("model.");
    assert_string_equal(set.tensor[9 + i].name + strlen("optimizer.momentum."), parameter);
    expect_filled(&set.tensor[9 + i], numbers[i], -1);
  }
  expect_note(&set, "lr", "0.1");
  expect_note(&set, "momentum", "0.9");
  expect_note(&set, "weight_decay", "0.0005");
  expect_note(&set, "nesterov", "0");
  dla_tensor_set_free(&set);
}

static void expect_values(const dla_tensor_set *set, const char *name, dla_dtype dtype,
                          const double *values, int64_t count)
{
  const dla_tensor_entry *tensor = dla_tensor_set_find(set, name);
  if (!tensor) fail_msg("no tensor '%s'", name);
  assert_int_equal(tensor->dtype, dtype);
  assert_int_equal(dla_shape_count(&tensor->shape), count);
  for (int64_t i = 0; i < count; i++)
    if (dla_dtype_number(dtype, tensor->bytes, (size_t)i) != values[i])
      fail_msg("%s: element %d", name, (int)i);
}

static void types_and_views_are_read(void **state)
{
  (void)state;
  static const double eighths[] = {0, .125, .25, .375}, whole[] = {0, 1, 2, 3};
  dla_tensor_set set = {0};
  load("views.pth", &set);
  expect_values(&set, "model.half", DLA_F16, eighths, 4);
  expect_values(&set, "model.bfloat16", DLA_BF16, eighths, 4);
  expect_values(&set, "model.double", DLA_F64, eighths, 4);
  expect_values(&set, "model.long", DLA_I64, whole, 4);
  expect_values(&set, "model.int", DLA_I32, whole, 4);
  expect_values(&set, "model.short", DLA_I16, whole, 4);
  expect_values(&set, "model.char", DLA_I8, whole, 4);
  expect_values(&set, "model.byte", DLA_U8, whole, 4);
  expect_values(&set, "model.bool", DLA_BOOL, (const double[]){1, 0}, 2);
  expect_values(&set, "model.scalar", DLA_F32, (const double[]){2.5}, 1);
  expect_values(&set, "model.empty", DLA_F32, NULL, 0);
  expect_values(&set, "model.offset", DLA_F32, (const double[]){1, 1.125, 1.25, 1.375}, 4);
  expect_values(&set, "model.transposed", DLA_F32, (const double[]){0, .375, .125, .5, .25, .625},
                6);
  expect_values(&set, "model.every_second", DLA_F32, (const double[]){.125, .375, .625, .875}, 4);
  expect_values(&set, "model.tied_a", DLA_F32, (const double[]){1, 2}, 2);
  expect_values(&set, "model.tied_b", DLA_F32, (const double[]){1, 2}, 2);
  expect_values(&set, "model.parameter", DLA_F32, (const double[]){1.5}, 1);
  const dla_tensor_entry *channels_last = dla_tensor_set_find(&set, "model.channels_last");
  assert_non_null(channels_last);
  assert_int_equal(channels_last->shape.dim[3], 4);
  expect_filled(channels_last, 0, 1);
  dla_tensor_set_free(&set);
}

static void refuse(const char *name, dla_status status, const char *what)
{
  char path[4096];
  dla_error err = {0};
  dla_tensor_set set = {0};
  assert_int_equal(dla_tensor_set_read(path_of(path, name), "", &set, &err), status);
  if (!strstr(err.what, what)) fail_msg("'%s' does not say '%s'", err.what, what);
}

static void other_files_are_refused_by_name(void **state)
{
  (void)state;
  refuse("not_tensors.pth", DLA_E_INPUT, "a dict without tensors");
  refuse("script.pth", DLA_E_INPUT, "a TorchScript archive of __torch__.torch.nn");
}

/* What was refused once: a call beside the weights, an old or compressed container, another key. */
static void what_is_beside_the_weights_does_not_matter(void **state)
{
  (void)state;
  static const char *const names[] = {"code.pth", "legacy.pth", "compressed.pth", "no_net.pth"};
  dla_tensor_set expected = {0}, set = {0};
  load("program.pth", &expected);
  for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
    load(names[i], &set);
    assert_int_equal(set.tensor_count, expected.tensor_count);
    for (size_t t = 0; t < set.tensor_count; t++) {
      assert_string_equal(set.tensor[t].name, expected.tensor[t].name);
      assert_memory_equal(set.tensor[t].bytes, expected.tensor[t].bytes, set.tensor[t].size);
    }
    if (i == 0) assert_string_equal(set.left_out[0].value, "posix.system");
    dla_tensor_set_free(&set);
  }
  dla_tensor_set_free(&expected);
  load("repeated.pth", &set);
  assert_int_equal(set.tensor[0].shape.dim[0], 1000);
  dla_tensor_set_free(&set);
}

/* Both averages of each parameter, and the numbers of its group. */
static void adams_averages_are_read(void **state)
{
  (void)state;
  dla_tensor_set set = {0};
  int means = 0, squares = 0;
  load("adam.pth", &set);
  for (size_t t = 0; t < set.tensor_count; t++) {
    means += strncmp(set.tensor[t].name, "optimizer.exp_avg.", 18) == 0;
    squares += strncmp(set.tensor[t].name, "optimizer.exp_avg_sq.", 21) == 0;
  }
  assert_int_equal(means, 6);
  assert_int_equal(squares, 6);
  assert_string_equal(dla_tensor_set_get(&set, "optimizer"), "adam");
  assert_string_equal(dla_tensor_set_get(&set, "beta2"), "0.999");
  assert_string_equal(dla_strbuf_text(&set.warnings), "");
  dla_tensor_set_free(&set);
}

static void same_tensors(const dla_tensor_set *a, const dla_tensor_set *b)
{
  assert_int_equal(a->tensor_count, b->tensor_count);
  for (size_t i = 0; i < a->tensor_count; i++) {
    const dla_tensor_entry *x = &a->tensor[i], *y = &b->tensor[i];
    assert_string_equal(x->name, y->name);
    assert_int_equal(x->dtype, y->dtype);
    assert_true(dla_shape_equal(&x->shape, &y->shape));
    if (x->size) assert_memory_equal(x->bytes, y->bytes, x->size);
  }
  assert_int_equal(a->note_count, b->note_count);
  for (size_t i = 0; i < a->note_count; i++) {
    assert_string_equal(a->note[i].key, b->note[i].key);
    assert_string_equal(a->note[i].value, b->note[i].value);
  }
}

/* Each of them written by us in both formats is read as it was. */
static void nothing_is_lost_in_writing(void **state)
{
  (void)state;
  static const char *const names[] = {"program.pth", "optimizer.pth", "views.pth", "bare.pth"};
  for (size_t i = 0; i < sizeof names / sizeof *names; i++)
    for (int pth = 0; pth < 2; pth++) {
      dla_error err = {0};
      dla_tensor_set set = {0}, again = {0};
      char path[64];
      snprintf(path, sizeof path, "/tmp/dla-pth-%d%s", (int)getpid(),
               pth ? ".pth" : ".safetensors");
      load(names[i], &set);
      assert_int_equal(dla_tensor_set_write(&set, path, &err), DLA_OK);
      if (dla_tensor_set_read(path, "", &again, &err)) fail_msg("%s: %s", err.where, err.what);
      assert_string_equal(again.format, pth ? "pth" : "safetensors");
      same_tensors(&set, &again);
      dla_tensor_set_free(&set);
      dla_tensor_set_free(&again);
      unlink(path);
    }
}

/* Of PyTorch's files and of ours, any bit may be flipped and the end cut off: the file is refused,
 * or holds the same tensors. (A zip's time stamps and padding do not count; PyTorch's have no
 * digest, but their members a CRC-32.) */
static void damage_is_noticed(const char *name, bool ours)
{
  dla_error err = {0};
  dla_tensor_set whole = {0};
  char path[4096], *bytes = NULL;
  size_t count = 0;
  load(name, &whole);
  path_of(path, name);
  if (ours) {
    snprintf(path, sizeof path, "/tmp/dla-damage-%d.pth", (int)getpid());
    assert_int_equal(dla_tensor_set_write(&whole, path, &err), DLA_OK);
  }
  assert_int_equal(dla_read_file(path, 1 << 20, &bytes, &count, &err), DLA_OK);
  if (ours) unlink(path);
  for (size_t i = 0; i < count; i++) {
    dla_tensor_set set = {0};
    assert_int_not_equal(dla_tensor_set_parse("cut", bytes, i, "", &set, &err), DLA_OK);
  }
  for (size_t i = 0; i < 8 * count; i += 3) {
    dla_tensor_set set = {0};
    bytes[i / 8] ^= (char)(1 << i % 8);
    if (dla_tensor_set_parse("flipped", bytes, count, "", &set, &err) == DLA_OK)
      same_tensors(&whole, &set);
    dla_tensor_set_free(&set);
    bytes[i / 8] ^= (char)(1 << i % 8);
  }
  free(bytes);
  dla_tensor_set_free(&whole);
}

static void damage_to_pytorchs_files_is_noticed(void **state)
{
  (void)state;
  damage_is_noticed("program.pth", false);
}

static void damage_to_our_files_is_noticed(void **state)
{
  (void)state;
  damage_is_noticed("program.pth", true);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(what_the_program_saved_is_read),
      cmocka_unit_test(a_bare_state_dict_is_read),
      cmocka_unit_test(momentum_is_read),
      cmocka_unit_test(types_and_views_are_read),
      cmocka_unit_test(other_files_are_refused_by_name),
      cmocka_unit_test(what_is_beside_the_weights_does_not_matter),
      cmocka_unit_test(adams_averages_are_read),
      cmocka_unit_test(nothing_is_lost_in_writing),
      cmocka_unit_test(damage_to_pytorchs_files_is_noticed),
      cmocka_unit_test(damage_to_our_files_is_noticed),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
