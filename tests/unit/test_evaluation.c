/* What evaluations come to, against the same computed with numpy from the same logits. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "train/evaluation.h"

enum { SAMPLES = 40, CLASSES = 9 };

static void near(double a, double b)
{
  assert_true(fabs(a - b) < 1e-12);
}

/* Classes 1 and 3 to 6 are predictions only, class 7 is a label only, class 8 neither. */
static void make(float logits[SAMPLES][CLASSES], int32_t labels[SAMPLES])
{
  for (int n = 0; n < SAMPLES; n++) {
    for (int c = 0; c < CLASSES; c++)
      logits[n][c] = c < 7 ? (float)((n * 37 + c * 53 + n * c * 11) % 61) / 8 - 4 : -20;
    labels[n] = (n * 5 + n * n) % 6;
  }
  labels[SAMPLES - 1] = 7;
}

static void expect_scores(dla_class_scores s, double precision, double recall, double f1,
                          int64_t support)
{
  assert_int_equal(s.support, support);
  near(s.precision, precision);
  near(s.recall, recall);
  near(s.f1, f1);
}

static void scores_are_numpys(void **state)
{
  (void)state;
  float logits[SAMPLES][CLASSES];
  int32_t labels[SAMPLES];
  dla_evaluation e;
  dla_error err = {0};
  make(logits, labels);
  assert_int_equal(dla_evaluation_create(CLASSES, &e, &err), DLA_OK);
  dla_evaluation_add(&e, logits[0], labels, 25, 2);
  dla_evaluation_add(&e, logits[25], labels + 25, SAMPLES - 25, 1);
  dla_evaluation_finish(&e, NULL);
  assert_int_equal(e.count, SAMPLES);
  near(e.loss, (25 * 2 + 15) / 40.0);
  near(dla_evaluation_accuracy(&e), 8 / 40.0);
  near(dla_evaluation_top5(&e), 28 / 40.0);
  near(dla_evaluation_ece(&e), 0.48702661085365068);
  expect_scores(dla_evaluation_class(&e, 0), 6 / 8.0, 6 / 26.0, 12 / 34.0, 26);
  expect_scores(dla_evaluation_class(&e, 2), 2 / 5.0, 2 / 13.0, 4 / 18.0, 13);
  assert_true(isnan(dla_evaluation_class(&e, 1).recall));
  assert_true(isnan(dla_evaluation_class(&e, 7).precision));
  near(dla_evaluation_class(&e, 7).f1, 0);
  assert_true(isnan(dla_evaluation_class(&e, 8).f1));
  expect_scores(dla_evaluation_macro(&e), 0.14375, 0.04807692307692308, 0.071895424836601302,
                SAMPLES);
  dla_evaluation_free(&e);
}

/* Of no more than five classes the label is always among the first five. */
static void few_classes_have_no_top5(void **state)
{
  (void)state;
  static const float logits[] = {1, 1, 0}; /* of equal ones the first */
  dla_evaluation e;
  dla_error err = {0};
  assert_int_equal(dla_evaluation_create(3, &e, &err), DLA_OK);
  dla_evaluation_add(&e, logits, (const int32_t[]){0}, 1, 0);
  dla_evaluation_finish(&e, NULL);
  assert_true(isnan(dla_evaluation_top5(&e)));
  near(dla_evaluation_accuracy(&e), 1);
  near(dla_evaluation_ece(&e), 1 - 1 / (2 + exp(-1)));
  dla_evaluation_free(&e);
}

static void numbers_that_are_none(void **state)
{
  (void)state;
  static const float logits[] = {NAN, NAN, NAN, NAN, NAN, NAN};
  dla_evaluation e;
  dla_error err = {0};
  assert_int_equal(dla_evaluation_create(6, &e, &err), DLA_OK);
  dla_evaluation_add(&e, logits, (const int32_t[]){2}, 1, NAN);
  dla_evaluation_finish(&e, NULL);
  assert_true(isnan(e.loss) && isnan(dla_evaluation_ece(&e)));
  near(dla_evaluation_top5(&e), 0);
  dla_evaluation_free(&e);
}

int main(void)
{
  const struct CMUnitTest tests[] = {cmocka_unit_test(scores_are_numpys),
                                     cmocka_unit_test(few_classes_have_no_top5),
                                     cmocka_unit_test(numbers_that_are_none)};
  return cmocka_run_group_tests(tests, NULL, NULL);
}
