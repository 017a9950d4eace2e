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
  dla_config c = {.optimizer.lr = 0.1, .schedule = {.name = DLA_SCHEDULE_COSINE, .t_max = 200}};
  near(dla_schedule_lr(&c, 0, 99, 100), 0.1);
  near(dla_schedule_lr(&c, 1, 0, 100), 0.09999383162408303);
  near(dla_schedule_lr(&c, 50, 7, 100), 0.0853553390593274);
  near(dla_schedule_lr(&c, 100, 7, 100), 0.05);
  near(dla_schedule_lr(&c, 200, 0, 100), 0);
  c.schedule.interval = DLA_INTERVAL_STEP;
  assert_true(dla_schedule_lr(&c, 0, 99, 100) < 0.1);
}

static void steps_fall(void **state)
{
  (void)state;
  dla_config c = {.optimizer.lr = 1,
                  .schedule = {.name = DLA_SCHEDULE_STEP, .step_size = 30, .gamma = 0.1}};
  near(dla_schedule_lr(&c, 29, 0, 10), 1);
  near(dla_schedule_lr(&c, 30, 0, 10), 0.1);
  near(dla_schedule_lr(&c, 60, 0, 10), 0.01);
}

static void warmup_rises(void **state)
{
  (void)state;
  dla_config c = {.optimizer.lr = 1,
                  .schedule = {.name = DLA_SCHEDULE_CONSTANT, .warmup_epochs = 2}};
  near(dla_schedule_lr(&c, 0, 0, 10), 0.05);
  near(dla_schedule_lr(&c, 1, 8, 10), 0.95);
  near(dla_schedule_lr(&c, 1, 9, 10), 1);
  near(dla_schedule_lr(&c, 5, 0, 10), 1);
}

int main(void)
{
  const struct CMUnitTest tests[] = {cmocka_unit_test(cosine_is_pytorchs),
                                     cmocka_unit_test(steps_fall), cmocka_unit_test(warmup_rises)};
  return cmocka_run_group_tests(tests, NULL, NULL);
}
