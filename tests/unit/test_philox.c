#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/philox.h"

/* The philox4x32-10 lines of kat_vectors in the authors' Random123 distribution. */
static const struct {
  uint32_t counter[4], key[2], expected[4];
} published[] = {
    {{0, 0, 0, 0}, {0, 0}, {0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8}},
    {{0xffffffff, 0xffffffff, 0xffffffff, 0xffffffff},
     {0xffffffff, 0xffffffff},
     {0x408f276d, 0x41c83b0e, 0xa20bc7c6, 0x6d5451fd}},
    {{0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344},
     {0xa4093822, 0x299f31d0},
     {0xd16cfe09, 0x94fdcceb, 0x5001e420, 0x24126ea1}},
};

static void known_answers(void **state)
{
  (void)state;
  for (size_t i = 0; i < sizeof published / sizeof *published; i++) {
    uint32_t out[4];
    dla_philox(published[i].key, published[i].counter, out);
    assert_memory_equal(out, published[i].expected, sizeof out);
  }
}

static void stream_walks_the_counter(void **state)
{
  (void)state;
  dla_random r = dla_random_at(0x299f31d0a4093822, DLA_RANDOM_FLIP, 0x0000007700000005, 9);
  for (uint32_t block = 0; block < 3; block++) {
    uint32_t out[4];
    dla_philox((uint32_t[2]){0xa4093822, 0x299f31d0}, (uint32_t[4]){block, 9, 5, 0x7703}, out);
    for (int i = 0; i < 4; i++)
      assert_int_equal(dla_random_bits(&r), out[i]);
  }
}

static void floats_fill_the_unit_interval(void **state)
{
  (void)state;
  dla_random r = dla_random_at(1, DLA_RANDOM_WEIGHTS, 0, 0);
  double sum = 0, squares = 0;
  enum { DRAWS = 100000 };
  for (int i = 0; i < DRAWS; i++) {
    float x = dla_random_float(&r);
    assert_true(x >= 0.0f && x < 1.0f);
    sum += x;
    squares += (double)x * x;
  }
  /* Mean 1/2 and mean square 1/3, within five standard errors (0.29 and 0.30 over sqrt(n)). */
  assert_true(sum / DRAWS > 0.4954 && sum / DRAWS < 0.5046);
  assert_true(squares / DRAWS > 0.3286 && squares / DRAWS < 0.3381);
}

static void bounded_integers_are_even(void **state)
{
  (void)state;
  enum { BOUND = 9, DRAWS = 90000 };
  int seen[BOUND] = {0};
  dla_random r = dla_random_at(2, DLA_RANDOM_CROP, 0, 0);
  for (int i = 0; i < DRAWS; i++) {
    uint32_t x = dla_random_below(&r, BOUND);
    assert_true(x < BOUND);
    seen[x]++;
  }
  double chi_square = 0;
  for (int i = 0; i < BOUND; i++)
    chi_square += (seen[i] - 10000.0) * (seen[i] - 10000.0) / 10000.0;
  assert_true(chi_square < 26.1); /* 8 degrees of freedom, p = 0.001 */
  assert_int_equal(dla_random_below(&r, 1), 0);
}

/* With bound = 3 * 2^30 a plain multiply-shift would give every third number twice as often. */
static void large_bounds_are_not_biased(void **state)
{
  (void)state;
  enum { DRAWS = 30000 };
  int seen[3] = {0};
  dla_random r = dla_random_at(3, DLA_RANDOM_SHUFFLE, 0, 0);
  for (int i = 0; i < DRAWS; i++)
    seen[dla_random_below(&r, 0xC0000000u) % 3]++;
  for (int i = 0; i < 3; i++)
    assert_in_range(seen[i], 9600, 10400);
}

static void fill_draws_the_same_numbers(void **state)
{
  (void)state;
  float numbers[23];
  dla_random stream = dla_random_at(5, DLA_RANDOM_WEIGHTS, 6, 7), r = stream;
  dla_random_fill(&stream, 8, numbers, 23);
  for (int i = 0; i < 8 + 23; i++) {
    float x = dla_random_float(&r);
    if (i >= 8) assert_true(numbers[i - 8] == x);
  }
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(known_answers),
      cmocka_unit_test(stream_walks_the_counter),
      cmocka_unit_test(floats_fill_the_unit_interval),
      cmocka_unit_test(bounded_integers_are_even),
      cmocka_unit_test(large_bounds_are_not_biased),
      cmocka_unit_test(fill_draws_the_same_numbers),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
