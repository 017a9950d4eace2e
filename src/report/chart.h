/* Draws curves over epochs as SVG, which needs no script. Beside it are the values as JSON, for the
 * script that shows them under the pointer or by the arrow keys. The labels are HTML above the SVG.
 * The SVG is stretched, the labels are not: they are as large on a telephone as on a screen. */
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
  bool faint;   /* drawn faintly, beside another series of the same colour */
  double merit; /* 0 to 1; 1 is the best */
  int trial;    /* everything with this number is marked together; -1: none */
} dla_series;

typedef struct dla_chart {
  const char *id, *title; /* must be fit for HTML */
  const dla_series *series;
  int count;
  bool percent; /* the values are shares, shown as percentages */
  bool legend;
  double log_from; /* logarithmic if the largest value is at least this many times the least; 0:
                    * never */
} dla_chart;

/* Whether any series has a point. */
bool dla_chart_has_points(const dla_chart *chart);
/* Appends a <figure>. */
void dla_chart_write(const dla_chart *chart, dla_strbuf *out);

/* Parts of a chart, for other pictures. The size of the SVG: */
enum { DLA_CHART_WIDTH = 4000, DLA_CHART_HEIGHT = 2000 };
struct dla_axis;
/* Appends the labels: vertical ones at the left (placed in percent from the top), others below. */
void dla_chart_labels(const struct dla_axis *axis, bool vertical, dla_strbuf *out);
/* Appends a path with lines at the ticks. */
void dla_chart_grid(const struct dla_axis *x, const struct dla_axis *y, dla_strbuf *out);

#endif
