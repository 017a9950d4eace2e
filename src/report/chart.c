#include "report/chart.h"

#include <math.h>

#include "base/json.h"
#include "report/axis.h"
#include "report/html.h"

bool dla_chart_has_points(const dla_chart *chart)
{
  for (int i = 0; i < chart->count; i++)
    if (chart->series[i].curve->count) return true;
  return false;
}

/* ---- Axes ---- */

static void include_curve(const dla_curve *curve, dla_axis *x, dla_axis *y)
{
  for (int i = 0; i < curve->count; i++) {
    dla_axis_include(x, curve->bucket[i].first_x);
    dla_axis_include(x, curve->bucket[i].last_x);
    dla_axis_include(y, curve->bucket[i].min);
    dla_axis_include(y, curve->bucket[i].max);
  }
}

static void make_axes(const dla_chart *chart, dla_axis *x, dla_axis *y)
{
  enum { X_LABELS = 6, Y_LABELS = 5 };
  *x = (dla_axis){0};
  *y = (dla_axis){.percent = chart->percent};
  dla_axis_include(x, 0);
  for (int i = 0; i < chart->count; i++)
    include_curve(chart->series[i].curve, x, y);
  if (chart->log_from > 0) dla_axis_choose_scale(y, chart->log_from);
  dla_axis_settle(x, X_LABELS, true);
  dla_axis_settle(y, Y_LABELS, false);
}

void dla_chart_labels(const dla_axis *axis, bool vertical, dla_strbuf *out)
{
  dla_strbuf_printf(out, "<div class=\"%s\" aria-hidden=\"true\">", vertical ? "y" : "x");
  for (int i = 0; i < axis->ticks; i++) {
    const double place = dla_axis_place(axis, axis->tick[i]);
    dla_strbuf_printf(out, "<span style=\"%s:%.4g%%\">%s</span>", vertical ? "top" : "left",
                      100 * (vertical ? 1 - place : place),
                      dla_axis_label(axis, axis->tick[i]).text);
  }
  dla_strbuf_printf(out, "</div>\n");
}

static int at_x(const dla_axis *axis, double value)
{
  return (int)lround(DLA_CHART_WIDTH * dla_axis_place(axis, value));
}

static int at_y(const dla_axis *axis, double value)
{
  return (int)lround(DLA_CHART_HEIGHT * (1 - dla_axis_place(axis, value)));
}

void dla_chart_grid(const dla_axis *x, const dla_axis *y, dla_strbuf *out)
{
  dla_strbuf_printf(out, "<path class=\"grid\" d=\"");
  for (int i = 0; y && i < y->ticks; i++)
    dla_strbuf_printf(out, "M0 %dH%d", at_y(y, y->tick[i]), DLA_CHART_WIDTH);
  for (int i = 0; x && i < x->ticks; i++)
    dla_strbuf_printf(out, "M%d 0V%d", at_x(x, x->tick[i]), DLA_CHART_HEIGHT);
  dla_strbuf_printf(out, "\"/>");
}

/* ---- Curves ---- */

static void write_classes(const dla_series *s, const char *what, dla_strbuf *out)
{
  dla_strbuf_printf(out, "<path class=\"%s%s", what, s->faint ? " faint" : "");
  if (s->colour >= 0)
    dla_strbuf_printf(out, " c%d\"", s->colour % DLA_CHART_COLOURS);
  else
    dla_strbuf_printf(out, " merit\" style=\"--v:%.2f\"", s->merit);
  if (s->trial >= 0) dla_strbuf_printf(out, " data-t=\"%d\"", s->trial);
  dla_strbuf_printf(out, " d=\"");
}

/* The band between the least and largest value of each bucket. No band where each bucket has one
 * point. */
static void write_band(const dla_series *s, const dla_axis *x, const dla_axis *y, dla_strbuf *out)
{
  const dla_curve *curve = s->curve;
  if (curve->points_each < 2) return;
  write_classes(s, "band", out);
  for (int i = 0; i < curve->count; i++)
    dla_strbuf_printf(out, "%s%d %d", i ? " " : "M", at_x(x, dla_bucket_x(&curve->bucket[i])),
                      at_y(y, curve->bucket[i].max));
  for (int i = curve->count - 1; i >= 0; i--)
    dla_strbuf_printf(out, " %d %d", at_x(x, dla_bucket_x(&curve->bucket[i])),
                      at_y(y, curve->bucket[i].min));
  dla_strbuf_printf(out, "z\"/>");
}

static void write_line(const dla_series *s, const dla_axis *x, const dla_axis *y, dla_strbuf *out)
{
  const dla_curve *curve = s->curve;
  if (!curve->count) return;
  write_classes(s, "line", out);
  for (int i = 0; i < curve->count; i++)
    dla_strbuf_printf(out, "%s%d %d", i ? " " : "M", at_x(x, dla_bucket_x(&curve->bucket[i])),
                      at_y(y, dla_bucket_mean(&curve->bucket[i])));
  dla_strbuf_printf(out, "%s\"/>", curve->count == 1 ? "h0" : ""); /* a dot */
}

/* ---- Around them ---- */

static void write_legend(const dla_chart *chart, dla_strbuf *out)
{
  dla_strbuf_printf(out, "<ul class=\"legend\">");
  for (int i = 0; i < chart->count; i++) {
    const dla_series *s = &chart->series[i];
    if (!s->curve->count) continue;
    dla_strbuf_printf(out, "<li class=\"c%d%s\">", s->colour % DLA_CHART_COLOURS,
                      s->faint ? " faint" : "");
    dla_html_text(out, s->name);
    dla_strbuf_printf(out, "</li>");
  }
  dla_strbuf_printf(out, "</ul>\n");
}

/* The text for people who do not see the chart. */
static void write_words(const dla_chart *chart, const dla_axis *y, dla_strbuf *out)
{
  enum { MOST = 8 };
  dla_strbuf_printf(out, "%s by epoch.", chart->title);
  for (int i = 0; i < chart->count && i < MOST; i++) {
    const dla_curve *curve = chart->series[i].curve;
    if (!curve->count) continue;
    dla_html_between(out, " ", chart->series[i].name, ": from ");
    dla_strbuf_printf(out, "%s to %s.", dla_axis_label(y, dla_bucket_mean(&curve->bucket[0])).text,
                      dla_axis_label(y, dla_bucket_mean(&curve->bucket[curve->count - 1])).text);
  }
}

static void write_number(dla_strbuf *out, double value, int digits)
{
  dla_strbuf_printf(out, "%.*g", digits, value);
}

static void write_series_json(const dla_series *s, dla_json *json)
{
  const dla_curve *curve = s->curve;
  dla_strbuf *out = json->out;
  dla_json_begin_object(json, NULL);
  dla_json_text(json, "name", s->name);
  dla_json_integer(json, "c", s->colour);
  if (s->trial >= 0) dla_json_integer(json, "t", s->trial);
  dla_strbuf_printf(out, ",\"x\":[");
  for (int i = 0; i < curve->count; i++) {
    if (i) dla_strbuf_append(out, ",", 1);
    write_number(out, dla_bucket_x(&curve->bucket[i]), 6);
  }
  dla_strbuf_printf(out, "],\"y\":[");
  for (int i = 0; i < curve->count; i++) {
    if (i) dla_strbuf_append(out, ",", 1);
    write_number(out, dla_bucket_mean(&curve->bucket[i]), 5);
  }
  dla_strbuf_append(out, "]", 1);
  dla_json_end_object(json);
}

static void write_json(const dla_chart *chart, const dla_axis *x, const dla_axis *y,
                       dla_strbuf *out)
{
  dla_strbuf text = {0};
  dla_json json = dla_json_begin(&text);
  dla_json_number(&json, "x0", x->min);
  dla_json_number(&json, "x1", x->max);
  dla_json_number(&json, "y0", y->min);
  dla_json_number(&json, "y1", y->max);
  dla_json_boolean(&json, "log", y->log);
  dla_json_boolean(&json, "percent", y->percent);
  dla_json_begin_array(&json, "series");
  for (int i = 0; i < chart->count; i++)
    if (chart->series[i].curve->count) write_series_json(&chart->series[i], &json);
  dla_json_end_array(&json);
  dla_json_end_object(&json);
  dla_strbuf_printf(out, "<script type=\"application/json\">");
  dla_html_json(out, &text);
  dla_strbuf_printf(out, "</script>");
  dla_strbuf_free(&text);
}

void dla_chart_write(const dla_chart *chart, dla_strbuf *out)
{
  dla_axis x, y;
  make_axes(chart, &x, &y);
  dla_strbuf_printf(out, "<figure class=\"chart\" id=\"%s\"><figcaption>%s%s</figcaption>\n",
                    chart->id, chart->title, y.log ? " <small>logarithmic scale</small>" : "");
  if (chart->legend) write_legend(chart, out);
  dla_strbuf_printf(out, "<div class=\"plot\">");
  dla_chart_labels(&y, true, out);
  dla_strbuf_printf(out,
                    "<div class=\"area\"><svg viewBox=\"0 0 %d %d\" "
                    "preserveAspectRatio=\"none\" role=\"img\" aria-label=\"",
                    DLA_CHART_WIDTH, DLA_CHART_HEIGHT);
  write_words(chart, &y, out);
  dla_strbuf_printf(out, "\">");
  dla_chart_grid(NULL, &y, out);
  for (int i = 0; i < chart->count; i++)
    write_band(&chart->series[i], &x, &y, out);
  for (int i = 0; i < chart->count; i++)
    write_line(&chart->series[i], &x, &y, out);
  dla_strbuf_printf(out, "</svg></div>\n");
  dla_chart_labels(&x, false, out);
  dla_strbuf_printf(out, "</div>");
  write_json(chart, &x, &y, out);
  dla_strbuf_printf(out, "</figure>\n");
}
