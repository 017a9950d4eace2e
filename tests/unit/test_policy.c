/* RandAugment and TrivialAugmentWide: each op by Pillow's numbers, and what chance makes of them.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "augment/policy.h"
#include "base/hash.h"
#include "policy_numbers.h"

enum { WIDTH_MAX = 61, HEIGHT_MAX = 47, BYTES_MAX = 3 * WIDTH_MAX * HEIGHT_MAX };

/* As tests/golden/make_policy.py has it. */
static void make(int width, int height, uint8_t *rgb)
{
  for (int y = 0; y < height; y++)
    for (int x = 0; x < width; x++, rgb += 3) {
      rgb[0] = (uint8_t)((x * 7 + y * 3) % 256);
      rgb[1] = (uint8_t)((x * x + y * 11) % 200 + 20);
      rgb[2] = (uint8_t)((x * y + 40 * (x / 8)) % 256 / 3);
    }
}

static const dla_policy_op *find(const char *name)
{
  for (int i = 0; i < DLA_POLICY_OPS; i++)
    if (strcmp(dla_policy_ops[i].name, name) == 0) return &dla_policy_ops[i];
  fail_msg("no op %s", name);
  return NULL;
}

static void ops_are_pillows(void **state)
{
  (void)state;
  uint8_t rgb[BYTES_MAX], out[BYTES_MAX];
  for (size_t k = 0; k < sizeof policy_numbers / sizeof *policy_numbers; k++) {
    const dla_policy_op *op = find(policy_numbers[k].op);
    const int width = policy_numbers[k].width, height = policy_numbers[k].height;
    const dla_policy_kind kind = (dla_policy_kind)policy_numbers[k].policy;
    uint64_t hash = DLA_HASH_EMPTY;
    make(width, height, rgb);
    for (int bin = 0; bin <= DLA_MAGNITUDE_MAX; bin++)
      for (int sign = 1; sign >= (op->either_sign ? -1 : 1); sign -= 2) {
        op->apply(sign * dla_policy_magnitude(op, kind, bin, width, height), rgb, width, height,
                  out);
        hash = dla_hash(hash, out, 3 * (size_t)width * (size_t)height);
      }
    if (hash != policy_numbers[k].hash)
      fail_msg("%s of policy %d on %d x %d is not Pillow's", op->name, kind, width, height);
  }
}

/* One level, and pictures too small for what looks at neighbours. */
static void tiny_and_flat_pictures_stay_in_bounds(void **state)
{
  (void)state;
  static const int sizes[][2] = {{1, 1}, {2, 2}, {1, 9}, {9, 1}, {3, 3}};
  for (size_t s = 0; s < sizeof sizes / sizeof *sizes; s++)
    for (int i = 0; i < DLA_POLICY_OPS; i++) {
      const int width = sizes[s][0], height = sizes[s][1];
      const size_t bytes = 3 * (size_t)width * (size_t)height;
      uint8_t rgb[3 * 9 + 1], out[3 * 9 + 1];
      memset(rgb, 200, sizeof rgb);
      memset(out, 77, sizeof out);
      dla_policy_ops[i].apply(dla_policy_ops[i].first, rgb, width, height, out);
      assert_memory_equal(out, rgb, bytes); /* the first magnitude changes nothing here */
      assert_int_equal(out[bytes], 77);
    }
}

/* Which op is chosen is seen by what it makes of a picture; half of them turn to either side. */
static void ops_are_chosen_evenly(void **state)
{
  (void)state;
  enum { SIDE = 16, SAMPLES = 14000, BYTES = 3 * SIDE * SIDE };
  const dla_policy policy = {DLA_POLICY_RAND_AUGMENT, 1, 20};
  uint8_t rgb[BYTES], a[BYTES], b[BYTES], made[DLA_POLICY_OPS][2][BYTES];
  int seen[DLA_POLICY_OPS][2] = {{0}};
  make(SIDE, SIDE, rgb);
  for (int i = 0; i < DLA_POLICY_OPS; i++)
    for (int k = 0; k < 2; k++)
      dla_policy_ops[i].apply(
          (k ? -1 : 1) * dla_policy_magnitude(&dla_policy_ops[i], policy.kind, 20, SIDE, SIDE), rgb,
          SIDE, SIDE, made[i][k]);
  for (uint32_t sample = 0; sample < SAMPLES; sample++) {
    dla_random random = dla_random_at(3, DLA_RANDOM_POLICY, 1, sample);
    memcpy(a, rgb, sizeof a);
    const uint8_t *out = dla_apply_policy(&policy, &random, SIDE, SIDE, a, b);
    int i = 0, k = 0;
    while (i < DLA_POLICY_OPS && memcmp(out, made[i][k], BYTES) != 0)
      if (k++ || !dla_policy_ops[i].either_sign) k = 0, i++;
    assert_true(i < DLA_POLICY_OPS);
    seen[i][k]++;
  }
  for (int i = 0; i < DLA_POLICY_OPS; i++) {
    assert_in_range(seen[i][0] + seen[i][1], 1000 - 122, 1000 + 122); /* four deviations */
    if (dla_policy_ops[i].either_sign) assert_in_range(seen[i][0], 500 - 88, 500 + 88);
  }
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(ops_are_pillows),
      cmocka_unit_test(tiny_and_flat_pictures_stay_in_bounds),
      cmocka_unit_test(ops_are_chosen_evenly),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
