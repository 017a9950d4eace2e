#include "report/axis.h"

#include <math.h>

static bool is_empty(const dla_axis *axis)
{
  return axis->ticks == 0;
}

/* Until dla_axis_settle(), ticks only says whether any value was included. */
void dla_axis_include(dla_axis *axis, double value)
{
  if (!isfinite(value)) return;
  if (is_empty(axis) || value < axis->min) axis->min = value;
  if (is_empty(axis) || value > axis->max) axis->max = value;
  axis->ticks = 1;
}

void dla_axis_choose_scale(dla_axis *axis, double times)
{
  axis->log = axis->min > 0 && axis->max >= times * axis->min;
}

/* The least of 1, 2 or 5 times a power of ten that is not below `step`. */
static double round_step(double step)
{
  const double power = pow(10, floor(log10(step)));
  const double lead = step / power;
  return power * (lead <= 1 ? 1 : lead <= 2 ? 2 : lead <= 5 ? 5 : 10);
}

static void add_tick(dla_axis *axis, double value)
{
  const double slack = 1e-9;
  const double place = dla_axis_place(axis, value);
  if (place < -slack || place > 1 + slack || axis->ticks == DLA_AXIS_TICKS) return;
  axis->tick[axis->ticks++] = value;
}

static void settle_linear(dla_axis *axis, int wanted, bool tight)
{
  if (!(axis->max > axis->min)) {
    const double margin = axis->max != 0 ? fabs(axis->max) / 10 : 1;
    axis->min -= margin;
    axis->max += margin;
  }
  const double step = round_step((axis->max - axis->min) / wanted);
  if (!tight) axis->min = floor(axis->min / step + 1e-9) * step;
  if (!tight) axis->max = ceil(axis->max / step - 1e-9) * step;
  const double first = ceil(axis->min / step - 1e-9);
  for (int i = 0; i < DLA_AXIS_TICKS; i++)
    add_tick(axis, (first + i) * step);
}

/* Ticks at powers of ten. Few decades also get ticks at 2 and 5; many get every other one only. */
static void settle_log(dla_axis *axis, int wanted, bool tight)
{
  static const double leads[] = {1, 2, 5};
  const int from = (int)floor(log10(axis->min) + 1e-9), to = (int)ceil(log10(axis->max) - 1e-9);
  const int each = (to - from) / wanted + 1, fine = to - from <= 2 ? 3 : 1;
  if (!tight) axis->min = pow(10, from);
  if (!tight) axis->max = pow(10, to);
  for (int decade = from; decade <= to; decade += each)
    for (int i = 0; i < fine; i++)
      add_tick(axis, leads[i] * pow(10, decade));
}

void dla_axis_settle(dla_axis *axis, int wanted, bool tight)
{
  axis->ticks = 0;
  if (axis->log)
    settle_log(axis, wanted, tight);
  else
    settle_linear(axis, wanted, tight);
}

double dla_axis_place(const dla_axis *axis, double value)
{
  if (axis->log) return log(value / axis->min) / log(axis->max / axis->min);
  return (value - axis->min) / (axis->max - axis->min);
}

dla_figure dla_axis_label(const dla_axis *axis, double value)
{
  const double rest = fabs(axis->max - axis->min) * 1e-9;
  if (!axis->log && fabs(value) < rest) value = 0; /* 3 * 0.1 - 0.3 is not quite 0 */
  if (axis->percent) return dla_figure_print("%.4g %%", 100 * value);
  const bool large = fabs(value) >= 1e4 && fabs(value) < 1e9;
  return large ? dla_figure_print("%.4gk", value / 1000) : dla_figure_print("%.4g", value);
}
