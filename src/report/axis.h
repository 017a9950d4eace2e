/* A range of numbers, and where its labels stand. */
#ifndef DLA_REPORT_AXIS_H
#define DLA_REPORT_AXIS_H

#include <stdbool.h>

#include "base/strbuf.h"

enum { DLA_AXIS_TICKS = 16 };

typedef struct dla_axis {
  double min, max; /* what is to be seen */
  bool log, percent;
  double tick[DLA_AXIS_TICKS];
  int ticks;
} dla_axis;

/* From what is to be seen, in an axis of zeros. NaN and infinities are passed over. */
void dla_axis_include(dla_axis *axis, double value);
/* Where all that was included is positive, and the largest so many times the least, it becomes
 * logarithmic. */
void dla_axis_choose_scale(dla_axis *axis, double times);
/* Rounds the range to its labels, of which there are about `wanted`. tight: the range stays. */
void dla_axis_settle(dla_axis *axis, int wanted, bool tight);

/* 0 at the range's beginning, 1 at its end. */
double dla_axis_place(const dla_axis *axis, double value);
/* Appends a label. */
void dla_axis_label(const dla_axis *axis, double value, dla_strbuf *out);

#endif
