/* A range of numbers, and the places of its labels. */
#ifndef DLA_REPORT_AXIS_H
#define DLA_REPORT_AXIS_H

#include <stdbool.h>

#include "report/html.h"

enum { DLA_AXIS_TICKS = 16 };

typedef struct dla_axis {
  double min, max; /* the range to show */
  bool log, percent;
  double tick[DLA_AXIS_TICKS];
  int ticks;
} dla_axis;

/* Extends the range to a value. Begin with a zeroed axis. NaN and infinities are ignored. */
void dla_axis_include(dla_axis *axis, double value);
/* Makes the axis logarithmic if all included values are positive and the largest is at least
 * `times` the least. */
void dla_axis_choose_scale(dla_axis *axis, double times);
/* Rounds the range to its labels, about `wanted` of them. tight: the range stays as it is. */
void dla_axis_settle(dla_axis *axis, int wanted, bool tight);

/* 0 at the range's beginning, 1 at its end. */
double dla_axis_place(const dla_axis *axis, double value);
/* The text of a label. */
dla_figure dla_axis_label(const dla_axis *axis, double value);

#endif
