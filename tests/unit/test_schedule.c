#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "optim/plateau.h"
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

/* torch.optim.lr_scheduler.ExponentialLR(lr=0.1, gamma=0.9), PolynomialLR(total_iters=4, power=2).
 */
static void others_are_pytorchs(void **state)
{
  (void)state;
  static const double falls[] = {0.1, 0.05625, 0.025, 0.00625, 0, 0};
  const dla_schedule e = {.name = DLA_SCHEDULE_EXPONENTIAL, .gamma = 0.9};
  const dla_schedule p = {.name = DLA_SCHEDULE_POLYNOMIAL, .t_max = 4, .power = 2};
  near(dla_schedule_lr(&e, 0.1, 4, 7, 10), 0.06561);
  for (int epoch = 0; epoch < 6; epoch++)
    near(dla_schedule_lr(&p, 0.1, epoch, 7, 10), falls[epoch]);
}

/* OneCycleLR(max_lr=0.1, total_steps=40, pct_start=0.3, div_factor=25, final_div_factor=1e4): 4
 * epochs of 10 steps. */
static void one_cycle_is_pytorchs(void **state)
{
  (void)state;
  static const struct {
    int step;
    double rate;
  } golden[] = {{0, 0.004},
                {1, 0.005944337266504118},
                {5, 0.04516888776288231},
                {11, 0.1},
                {12, 0.09968561175222017},
                {25, 0.0500002},
                {38, 0.0003147882477798485},
                {39, 4e-07},
                {50, 4e-07}};
  const dla_schedule s = {.name = DLA_SCHEDULE_ONE_CYCLE,
                          .t_max = 4,
                          .pct_start = 0.3,
                          .div_factor = 25,
                          .final_div_factor = 1e4};
  for (size_t i = 0; i < sizeof golden / sizeof *golden; i++)
    near(dla_schedule_lr(&s, 0.1, golden[i].step / 10, golden[i].step % 10, 10), golden[i].rate);
}

static void triangle_rises_and_falls(void **state)
{
  (void)state;
  const dla_schedule s = {
      .name = DLA_SCHEDULE_TRIANGLE, .t_max = 4, .pct_start = 0.25, .eta_min = 0.1};
  near(dla_schedule_lr(&s, 1, 0, 0, 10), 0.1);
  near(dla_schedule_lr(&s, 1, 0, 9, 10), 1);
  near(dla_schedule_lr(&s, 1, 1, 0, 10), 0.1 + 0.9 * 29 / 30);
  near(dla_schedule_lr(&s, 1, 3, 9, 10), 0.1);
  near(dla_schedule_lr(&s, 1, 9, 0, 10), 0.1);
}

/* ReduceLROnPlateau(factor=0.3, patience=2, min_lr=1e-3) of PyTorch 1.13 behind each loss. */
static void plateau_is_pytorchs(void **state)
{
  (void)state;
  static const double losses[] = {2.3,     2.1,    2.1,  2.09999, 2.2,  1.9, 1.95, 1.9,
                                  1.9,     1.8999, 1.89, 1.7,     1.75, 1.8, 1.71, 1.7,
                                  1.69995, 1.72,   1.73, 1.74,    1.75, 1.2, 1.3};
  static const int falls[] = {4, 8, 14, 17}; /* behind these */
  static const double rates[] = {0.1, 0.03, 0.009, 0.0027, 0.001};
  const dla_schedule s = {
      .name = DLA_SCHEDULE_PLATEAU, .gamma = 0.3, .patience = 2, .eta_min = 1e-3};
  dla_plateau plateau = {0};
  int fallen = 0;
  for (int i = 0; i < (int)(sizeof losses / sizeof *losses); i++) {
    dla_plateau_step(&plateau, &s, losses[i]);
    if (fallen < 4 && i == falls[fallen]) fallen++;
    near(dla_schedule_lr(&s, dla_plateau_lr(&plateau, &s, 0.1), i + 1, 3, 10), rates[fallen]);
  }
  near(plateau.best, 1.2);
  assert_int_equal(plateau.bad_epochs, 1);
  /* A fall by no more than 1e-8 is none. */
  near(dla_plateau_lr(&plateau, &(dla_schedule){.gamma = 0.5}, 1.5e-8), 1.5e-8);
  near(dla_plateau_lr(&plateau, &s, 1e-4), 1e-4); /* the lowest rate is above it */
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(cosine_is_pytorchs),    cmocka_unit_test(steps_fall),
      cmocka_unit_test(warmup_rises),          cmocka_unit_test(others_are_pytorchs),
      cmocka_unit_test(one_cycle_is_pytorchs), cmocka_unit_test(triangle_rises_and_falls),
      cmocka_unit_test(plateau_is_pytorchs)};
  return cmocka_run_group_tests(tests, NULL, NULL);
}
