#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "optim/schedule.h"

static void near(double a, double b)
{
  assert_true(fabs(a - b) < 1e-12);
}

/* torch.optim.lr_scheduler.CosineAnnealingLR(lr=0.1, T_max=200), after 0, 1, 50, 100 and 200
 * epochs. */
static void cosine_is_pytorchs(void **state)
{
  (void)state;
  dla_schedule s = {.name = DLA_SCHEDULE_COSINE, .t_max = 200};
  near(dla_schedule_lr(&s, 0.1, 0, 99, 100), 0.1);
  near(dla_schedule_lr(&s, 0.1, 1, 0, 100), 0.09999383162408303);
  near(dla_schedule_lr(&s, 0.1, 50, 7, 100), 0.0853553390593274);
  near(dla_schedule_lr(&s, 0.1, 100, 7, 100), 0.05);
  near(dla_schedule_lr(&s, 0.1, 200, 0, 100), 0);
  s.interval = DLA_INTERVAL_STEP;
  assert_true(dla_schedule_lr(&s, 0.1, 0, 99, 100) < 0.1);
}

static void steps_fall(void **state)
{
  (void)state;
  const dla_schedule s = {.name = DLA_SCHEDULE_STEP, .step_size = 30, .gamma = 0.1};
  near(dla_schedule_lr(&s, 1, 29, 0, 10), 1);
  near(dla_schedule_lr(&s, 1, 30, 0, 10), 0.1);
  near(dla_schedule_lr(&s, 1, 60, 0, 10), 0.01);
}

static void warmup_rises(void **state)
{
  (void)state;
  const dla_schedule s = {.name = DLA_SCHEDULE_CONSTANT, .warmup_epochs = 2};
  near(dla_schedule_lr(&s, 1, 0, 0, 10), 0.05);
  near(dla_schedule_lr(&s, 1, 1, 8, 10), 0.95);
  near(dla_schedule_lr(&s, 1, 1, 9, 10), 1);
  near(dla_schedule_lr(&s, 1, 5, 0, 10), 1);
}

int main(void)
{
  const struct CMUnitTest tests[] = {cmocka_unit_test(cosine_is_pytorchs),
                                     cmocka_unit_test(steps_fall), cmocka_unit_test(warmup_rises)};
  return cmocka_run_group_tests(tests, NULL, NULL);
}
