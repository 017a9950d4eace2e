#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "checkpoint/names.h"
#include "checkpoint/tensor_set.h"

static const float ones[8] = {1, 1, 1, 1, 1, 1, 1, 1};

static void add(dla_tensor_set *set, const char *name, const dla_shape *shape)
{
  dla_error err = {0};
  assert_int_equal(dla_tensor_set_add(set, name, DLA_F32, shape, ones, &err), DLA_OK);
}

/* torch.nn.Module.state_dict() of SimpleDLA, where names come as a graph uses them. */
static void the_order_is_pytorchs(void **state)
{
  (void)state;
  static const char *const before[] = {
      "ema.a",
      "optimizer.momentum.layer4.left_tree.left_tree.conv1.weight",
      "optimizer.momentum.layer4.left_tree.root.conv.weight",
      "model.base.0.weight",
      "model.base.1.running_mean",
      "model.layer4.left_tree.left_tree.conv1.weight",
      "model.layer4.left_tree.left_tree.shortcut.0.weight",
      "model.layer4.left_tree.right_tree.conv1.weight",
      "model.layer4.left_tree.root.conv.weight",
      "model.layer4.right_tree.left_tree.conv1.weight",
      "model.layer4.root.conv.weight",
      "model.layer4.root.bn.weight",
      "model.linear.weight",
      "model.base.1.num_batches_tracked",
      "model.rooted",
  };
  static const int order[] = {3, 4, 13, 10, 11, 8, 5, 6, 7, 9, 12, 14, 0, 2, 1};
  enum { COUNT = sizeof before / sizeof *before };
  dla_error err = {0};
  dla_tensor_set set = {0};
  for (int i = 0; i < COUNT; i++)
    add(&set, before[i], &DLA_SHAPE1(1));
  assert_int_equal(dla_tensor_set_order(&set, &err), DLA_OK);
  for (int i = 0; i < COUNT; i++)
    assert_string_equal(set.tensor[i].name, before[order[i]]);
  dla_tensor_set_free(&set);
}

/* The definition in docs/checkpoint-format.md, computed with another implementation: of
 *   u64 1, "k", "v"; u64 2, "a", "F32", u64 1, u64 2, 8 bytes, "b", "F32", u64 0, 4 bytes. */
static void the_digest_is_as_documented(void **state)
{
  (void)state;
  dla_error err = {0};
  for (int reverse = 0; reverse < 2; reverse++) {
    dla_tensor_set set = {0};
    if (reverse) add(&set, "b", &(dla_shape){0});
    add(&set, "a", &DLA_SHAPE1(2));
    if (!reverse) add(&set, "b", &(dla_shape){0});
    assert_int_equal(dla_tensor_set_note(&set, "k", "v", &err), DLA_OK);
    assert_int_equal(dla_tensor_set_sign(&set, &err), DLA_OK);
    assert_int_equal(dla_tensor_set_sign(&set, &err), DLA_OK);
    assert_int_equal(set.note_count, 2);
    assert_string_equal(dla_tensor_set_get(&set, "sha256"),
                        "5ddf982b64ea547e5d89d8021052490a503c0a8130c7157db2180f28f29c9df5");
    assert_int_equal(dla_tensor_set_verify(&set, "x", &err), DLA_OK);
    dla_tensor_set_free(&set);
  }
}

/* As above, of u64 1, "k", "v"; u64 1, "model.a", "F32", u64 1, u64 2, 8 bytes. */
static void the_weights_digest_leaves_the_optimizers_out(void **state)
{
  (void)state;
  dla_error err = {0};
  dla_tensor_set set = {0};
  add(&set, "model.a", &DLA_SHAPE1(2));
  add(&set, "optimizer.momentum.a", &DLA_SHAPE1(2));
  assert_int_equal(dla_tensor_set_note(&set, "k", "v", &err), DLA_OK);
  for (int again = 0; again < 2; again++)
    assert_int_equal(dla_tensor_set_sign(&set, &err), DLA_OK);
  assert_int_equal(set.note_count, 3);
  assert_string_equal(dla_tensor_set_get(&set, "sha256_weights"),
                      "6056dc8ce9df018c786493ead7bc7b100ed973f5227b2ce00e3b177b18cff0f9");
  assert_string_equal(dla_tensor_set_get(&set, "sha256"),
                      "c8f0d06047e8cb87c1934832cbcdc4839f5f0ff057e9c122d132060ecc79ecbd");
  set.tensor[1].shape = DLA_SHAPE1(1);
  assert_int_equal(dla_tensor_set_verify_weights(&set, "x", &err), DLA_OK);
  assert_int_equal(dla_tensor_set_verify(&set, "x", &err), DLA_E_INPUT);
  set.tensor[0].shape = DLA_SHAPE2(1, 2);
  assert_int_equal(dla_tensor_set_verify_weights(&set, "x", &err), DLA_E_INPUT);
  dla_tensor_set_free(&set);
}

static void everything_changes_the_digest(void **state)
{
  (void)state;
  for (int change = 0; change < 6; change++) {
    dla_error err = {0};
    dla_tensor_set set = {0};
    add(&set, "a", &DLA_SHAPE2(1, 2));
    assert_int_equal(dla_tensor_set_note(&set, "k", "v", &err), DLA_OK);
    assert_int_equal(dla_tensor_set_sign(&set, &err), DLA_OK);
    if (change == 1) set.tensor[0].name[0] = 'b';
    if (change == 2) set.tensor[0].dtype = DLA_I32;
    if (change == 3) set.tensor[0].shape = DLA_SHAPE2(2, 1);
    if (change == 4) set.note[0].key[0] = 'l';
    if (change == 5) set.note[0].value[0] = 'w';
    assert_int_equal(dla_tensor_set_verify(&set, "x", &err), change ? DLA_E_INPUT : DLA_OK);
    dla_tensor_set_free(&set);
  }
}

static void small_floats_are_understood(void **state)
{
  (void)state;
  static const uint16_t half[] = {0x3c00, 0xc000, 0x0001, 0x7bff, 0x7c00, 0x8000, 0x7e00};
  static const double expected[] = {1, -2, 0x1p-24, 65504, INFINITY, 0};
  for (size_t i = 0; i < 6; i++)
    assert_true(dla_dtype_number(DLA_F16, half, i) == expected[i]);
  assert_true(isnan(dla_dtype_number(DLA_F16, half, 6)));
  static const uint16_t bfloat[] = {0x3f80, 0xc000, 0x7f80};
  assert_true(dla_dtype_number(DLA_BF16, bfloat, 0) == 1);
  assert_true(dla_dtype_number(DLA_BF16, bfloat, 1) == -2);
  assert_true(isinf(dla_dtype_number(DLA_BF16, bfloat, 2)));
}

/* The name's ending says what is written; what PyTorch has no word for is refused before. */
static void what_a_pth_cannot_hold_is_refused(void **state)
{
  (void)state;
  dla_error err = {0};
  dla_tensor_set set = {0};
  char path[64];
  snprintf(path, sizeof path, "/tmp/dla-set-%d.pth", (int)getpid());
  assert_int_equal(dla_tensor_set_add(&set, "a", DLA_U16, &DLA_SHAPE1(1), ones, &err), DLA_OK);
  assert_int_equal(dla_tensor_set_write(&set, path, &err), DLA_E_UNSUPPORTED);
  assert_string_equal(err.what, "a .pth file cannot hold tensor 'a' of type U16");
  dla_tensor_set_free(&set);
  add(&set, "model.a", &DLA_SHAPE1(1));
  add(&set, "optimizer.momentum.a", &DLA_SHAPE1(1));
  assert_int_equal(dla_tensor_set_write(&set, path, &err), DLA_E_INPUT);
  assert_string_equal(err.what,
                      "there is an optimizer's state, but the metadata does not say 'lr'");
  dla_tensor_set_free(&set);
  assert_int_equal(access(path, F_OK), -1);
}

/* A parameter's name may hold dots, and one state's name may begin like another's. */
static void states_are_told_by_their_names(void **state)
{
  (void)state;
  const char *name = "optimizer.exp_avg.conv1.weight";
  assert_string_equal(dla_name_after_state(name, "exp_avg"), "conv1.weight");
  assert_string_equal(dla_name_after_state(name, NULL), "conv1.weight");
  assert_null(dla_name_after_state(name, "exp_avg_sq"));
  assert_null(dla_name_after_state(name, "exp"));
  assert_null(dla_name_after_state("optimizer.exp_avg", NULL));
  assert_null(dla_name_after_state("optimizer.", NULL));
  assert_null(dla_name_after_state("model.conv1.weight", NULL));
  assert_null(dla_name_after_state("model.conv1.weight", "exp_avg"));
  assert_true(dla_name_is_trainable("bn.weight"));
  assert_false(dla_name_is_trainable("bn.running_mean"));
  assert_false(dla_name_is_trainable("bn.running_var"));
  assert_false(dla_name_is_trainable("bn.num_batches_tracked"));
  assert_true(dla_name_ends("a.pth", ".pth") && !dla_name_ends("pth", ".pth"));
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(the_order_is_pytorchs),
      cmocka_unit_test(the_digest_is_as_documented),
      cmocka_unit_test(the_weights_digest_leaves_the_optimizers_out),
      cmocka_unit_test(everything_changes_the_digest),
      cmocka_unit_test(small_floats_are_understood),
      cmocka_unit_test(what_a_pth_cannot_hold_is_refused),
      cmocka_unit_test(states_are_told_by_their_names),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
