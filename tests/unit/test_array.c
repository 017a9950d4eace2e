/* Arrays that grow: what they held stays, and a size that no number holds is no memory. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "base/array.h"

static void test_grow(void **state)
{
  enum { COUNT = 1000 };
  int *numbers = NULL;
  size_t capacity = 0;
  (void)state;
  for (int i = 0; i < COUNT; i++) {
    assert_true(DLA_ARRAY_RESERVE(numbers, capacity, (size_t)i, 1));
    assert_true(capacity > (size_t)i);
    numbers[i] = i;
  }
  for (int i = 0; i < COUNT; i++)
    assert_int_equal(numbers[i], i);
  assert_true(DLA_ARRAY_RESERVE(numbers, capacity, COUNT, 5 * COUNT));
  assert_true(capacity >= 6 * COUNT);
  free(numbers);
}

static void test_too_large(void **state)
{
  double few = 1, *numbers = &few;
  size_t capacity = 1;
  (void)state;
  assert_false(DLA_ARRAY_RESERVE(numbers, capacity, 1, SIZE_MAX));
  assert_false(DLA_ARRAY_RESERVE(numbers, capacity, 1, SIZE_MAX / sizeof *numbers));
  assert_ptr_equal(numbers, &few);
  assert_int_equal(capacity, 1);
}

static void test_place(void **state)
{
  static const struct {
    const char *name;
    int more;
  } items[] = {{"b", 1}, {"d", 2}, {"f", 3}};
  (void)state;
  assert_int_equal(dla_array_place(NULL, 0, sizeof *items, "a"), 0);
  assert_int_equal(dla_array_place(items, 3, sizeof *items, "a"), 0);
  assert_int_equal(dla_array_place(items, 3, sizeof *items, "b"), 0);
  assert_int_equal(dla_array_place(items, 3, sizeof *items, "c"), 1);
  assert_int_equal(dla_array_place(items, 3, sizeof *items, "f"), 2);
  assert_int_equal(dla_array_place(items, 3, sizeof *items, "g"), 3);
}

int main(void)
{
  const struct CMUnitTest tests[] = {cmocka_unit_test(test_grow), cmocka_unit_test(test_too_large),
                                     cmocka_unit_test(test_place)};
  return cmocka_run_group_tests(tests, NULL, NULL);
}
