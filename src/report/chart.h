/* Curves over epochs as a picture: SVG that needs no script. Its values are beside it as JSON, for
 * the script that shows them under the pointer or by the arrow keys. Labels are HTML above a
 * picture that is stretched, so that they are as large on a telephone as on a screen. */
#ifndef DLA_REPORT_CHART_H
#define DLA_REPORT_CHART_H

#include <stdbool.h>

#include "base/strbuf.h"
#include "report/curve.h"

enum { DLA_CHART_COLOURS = 8 };

typedef struct dla_series {
  const dla_curve *curve;
  const char *name;
  int colour;   /* 0 to DLA_CHART_COLOURS - 1; -1: by merit */
  bool faint;   /* beside another one of its colour */
  double merit; /* 0 to 1, the best */
  int trial;    /* what is marked together with it; -1: nothing */
} dla_series;

typedef struct dla_chart {
  const char *id, *title; /* fit for HTML */
  const dla_series *series;
  int count;
  bool percent; /* shares, shown as such */
  bool legend;
  double log_from; /* logarithmic where the largest value is so many times the least; 0: never */
} dla_chart;

/* Has any of the series a point? */
bool dla_chart_has_points(const dla_chart *chart);
/* Appends a <figure>. */
void dla_chart_write(const dla_chart *chart, dla_strbuf *out);

/* The parts of it, for other pictures. The SVG's sides: */
enum { DLA_CHART_WIDTH = 4000, DLA_CHART_HEIGHT = 2000 };
struct dla_axis;
/* Appends the labels at the left (as percentages from above) and below. */
void dla_chart_labels(const struct dla_axis *axis, bool vertical, dla_strbuf *out);
/* Appends a path of lines at the ticks. */
void dla_chart_grid(const struct dla_axis *x, const struct dla_axis *y, dla_strbuf *out);

#endif
