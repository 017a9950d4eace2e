#include "report/sweep_page.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/natural.h"
#include "base/number.h"
#include "base/path.h"
#include "base/try.h"
#include "report/axis.h"
#include "report/chart.h"
#include "report/html.h"
#include "report/page.h"
#include "report/trials.h"

/* ---- The scale of a parameter ---- */

enum { MOST_NAMES = 24, LOG_FROM = 50, LOG_LOSS_FROM = 6 };

/* An axis if all values are numbers. Else names at equal distances, in natural order. */
typedef struct scale {
  bool numbers;
  dla_axis axis;
  const char *name[MOST_NAMES];
  int names;
} scale;

static void add_name(scale *s, const char *value)
{
  int place = s->names;
  for (int i = 0; i < s->names; i++)
    if (strcmp(s->name[i], value) == 0) return;
  if (s->names == MOST_NAMES) return;
  while (place > 0 && dla_natural_compare(value, s->name[place - 1]) < 0) {
    s->name[place] = s->name[place - 1];
    place--;
  }
  s->name[place] = value;
  s->names++;
}

static void make_scale(const dla_report_trials *t, size_t parameter, scale *s)
{
  double number;
  *s = (scale){.numbers = true};
  for (size_t i = 0; i < t->count; i++) {
    const char *value = t->trial[i].value[parameter];
    add_name(s, value);
    if (dla_number_read(value, &number))
      dla_axis_include(&s->axis, number);
    else
      s->numbers = false;
  }
  if (!s->numbers) return;
  dla_axis_choose_scale(&s->axis, LOG_FROM);
  dla_axis_settle(&s->axis, 5, true);
}

/* The place of a value, 0 to 1; NAN: it has none. */
static double place_of(const scale *s, const char *value)
{
  double number;
  if (s->numbers && dla_number_read(value, &number)) return dla_axis_place(&s->axis, number);
  for (int i = 0; !s->numbers && i < s->names; i++)
    if (strcmp(s->name[i], value) == 0) return (i + 0.5) / s->names;
  return NAN;
}

static void make_metric_axis(const dla_report_trials *t, int labels, dla_axis *axis)
{
  *axis = (dla_axis){.percent = strstr(t->metric->field, "accuracy") != NULL};
  for (size_t i = 0; i < t->count; i++)
    if (!t->trial[i].failure) dla_axis_include(axis, t->trial[i].metric);
  if (!axis->percent) dla_axis_choose_scale(axis, LOG_FROM);
  dla_axis_settle(axis, labels, false);
}

static bool is_shown(const dla_report_trial *trial)
{
  return !trial->failure && !isnan(trial->metric);
}

/* ---- Leaderboard ---- */

/* A line may break after each parameter. */
static void write_name(const char *name, dla_strbuf *out)
{
  for (const char *end; *name; name = end) {
    dla_strbuf part = {0};
    end = name + strcspn(name, ",/");
    end += *end != '\0';
    dla_strbuf_append(&part, name, (size_t)(end - name));
    dla_html_text(out, dla_strbuf_text(&part));
    if (*end) dla_strbuf_printf(out, "<wbr>");
    out->failed |= dla_strbuf_done(&part);
  }
}

static void write_link(const dla_run *run, dla_link_kind links, dla_strbuf *out)
{
  char *page = dla_join_path(run->folder, DLA_REPORT_FILE);
  const bool linked =
      links == DLA_LINK_SERVER || (links == DLA_LINK_REPORTS && page && access(page, R_OK) == 0);
  free(page);
  if (linked) {
    dla_strbuf_printf(out, links == DLA_LINK_SERVER ? "<a href=\"/run/" : "<a href=\"./");
    dla_html_path(out, run->name);
    dla_strbuf_printf(out, links == DLA_LINK_SERVER ? "\">" : "/" DLA_REPORT_FILE "\">");
  }
  write_name(run->name, out);
  if (linked) dla_strbuf_printf(out, "</a>");
}

static dla_figure metric_of(const dla_report_trials *t, double value)
{
  return strstr(t->metric->field, "accuracy") ? dla_html_percent(value) : dla_html_number(value);
}

static void write_trial(const dla_report_trials *t, size_t i, dla_link_kind links, dla_strbuf *out)
{
  const dla_report_trial *trial = &t->trial[i];
  const double all = dla_run_all_epochs(trial->run);
  dla_strbuf_printf(out, "<tr data-t=\"%zu\"><td>%zu</td><th scope=\"row\" class=\"trial\">", i,
                    i + 1);
  write_link(trial->run, links, out);
  if (trial->failure) dla_html_between(out, "<br><small>failed, ", trial->failure, "</small>");
  dla_strbuf_printf(out, "</th><td data-v=\"%g\">%s</td><td data-v=\"%zu\">%zu",
                    isnan(trial->metric) ? -1 : trial->metric, metric_of(t, trial->metric).text,
                    trial->run->epoch_count, trial->run->epoch_count);
  if (isfinite(all)) dla_strbuf_printf(out, " of %.0f", all);
  dla_strbuf_printf(out, "</td>");
  for (size_t p = 0; p < t->parameter_count; p++)
    dla_html_between(out, "<td>", trial->value[p], "</td>");
  dla_strbuf_printf(out, "</tr>\n");
}

static void write_leaderboard(const dla_report_trials *t, dla_link_kind links, dla_strbuf *out)
{
  dla_strbuf_printf(out, "<section id=\"leaderboard\"><h2>Leaderboard</h2>\n");
  dla_scroll_begin(out, "Leaderboard");
  dla_strbuf_printf(out,
                    "<table class=\"full sortable\"><thead><tr><th scope=\"col\">rank</th>"
                    "<th scope=\"col\" class=\"text\">trial</th><th scope=\"col\">%s</th>"
                    "<th scope=\"col\">epochs</th>",
                    t->metric->name);
  for (size_t p = 0; p < t->parameter_count; p++)
    dla_strbuf_printf(out, "<th scope=\"col\">%s</th>", t->parameter[p]->name);
  dla_strbuf_printf(out, "</tr></thead><tbody>\n");
  for (size_t i = 0; i < t->count; i++)
    write_trial(t, i, links, out);
  dla_strbuf_printf(out, "</tbody></table>\n");
  dla_scroll_end(out);
  dla_strbuf_printf(out, "</section>\n");
}

static void write_merits(dla_strbuf *out)
{
  dla_strbuf_printf(out, "<div class=\"merits\"><i></i></div>\n");
}

/* ---- Parallel coordinates ---- */

/* Writes the names, or the labels of an axis. */
static void write_ticks(const scale *s, double left, dla_strbuf *out)
{
  const int count = s->numbers ? s->axis.ticks : s->names;
  dla_strbuf_printf(out,
                    "<div class=\"ticks\" aria-hidden=\"true\" style=\"left:calc(60px + "
                    "(100%% - 120px) * %.4f)\">",
                    left);
  for (int i = 0; i < count; i++) {
    const double place =
        s->numbers ? dla_axis_place(&s->axis, s->axis.tick[i]) : (i + 0.5) / s->names;
    dla_strbuf_printf(out, "<span class=\"tick\" style=\"top:%.2f%%\">", 100 * (1 - place));
    dla_html_between(out, "",
                     s->numbers ? dla_axis_label(&s->axis, s->axis.tick[i]).text : s->name[i],
                     "</span>");
  }
  dla_strbuf_printf(out, "</div>");
}

static void write_axis_name(const char *name, double left, dla_strbuf *out)
{
  dla_strbuf_printf(out, "<span class=\"name\" style=\"left:calc(60px + (100%% - 120px) * %.4f)\">",
                    left);
  dla_html_text(out, name);
  dla_strbuf_printf(out, "</span>");
}

/* Draws the line of a trial. It is interrupted at a value that has no place. */
static void write_wire(const dla_report_trials *t, size_t i, const scale *scales, dla_strbuf *out)
{
  const dla_report_trial *trial = &t->trial[i];
  bool pen = false;
  dla_strbuf_printf(out, "<path class=\"wire merit\" style=\"--v:%.2f\" data-t=\"%zu\" d=\"",
                    trial->merit, i);
  for (size_t p = 0; p <= t->parameter_count; p++) {
    const double place = p < t->parameter_count ? place_of(&scales[p], trial->value[p])
                                                : dla_axis_place(&scales[p].axis, trial->metric);
    if (!isnan(place))
      dla_strbuf_printf(out, "%s%.0f %.0f", pen ? "L" : "M",
                        DLA_CHART_WIDTH * (double)p / (double)t->parameter_count,
                        DLA_CHART_HEIGHT * (1 - place));
    pen = !isnan(place);
  }
  dla_html_between(out, "\"><title>", trial->run->name, "</title></path>");
}

static void write_parallel(const dla_report_trials *t, const scale *scales, dla_strbuf *out)
{
  const size_t last = t->parameter_count;
  dla_strbuf_printf(out, "<section id=\"parallel\"><h2>Parameters together</h2>\n<p class=\"soft\">"
                         "A line a trial: its value of each parameter, and at the right what it "
                         "came to.</p>\n");
  write_merits(out);
  dla_scroll_begin(out, "Parallel coordinates");
  dla_strbuf_printf(out, "<div class=\"parallel\" style=\"--n:%zu\">", last + 1);
  for (size_t p = 0; p <= last; p++) {
    const double left = (double)p / (double)last;
    write_axis_name(p < last ? t->parameter[p]->name : t->metric->name, left, out);
    write_ticks(&scales[p], left, out);
  }
  dla_strbuf_printf(out,
                    "<svg viewBox=\"0 0 %d %d\" preserveAspectRatio=\"none\" role=\"img\" "
                    "aria-label=\"Parallel coordinates of %zu trials; the leaderboard has "
                    "the same numbers\">",
                    DLA_CHART_WIDTH, DLA_CHART_HEIGHT, t->count);
  dla_strbuf_printf(out, "<path class=\"axis\" d=\"");
  for (size_t p = 0; p <= last; p++)
    dla_strbuf_printf(out, "M%.0f 0V%d", DLA_CHART_WIDTH * (double)p / (double)last,
                      DLA_CHART_HEIGHT);
  dla_strbuf_printf(out, "\"/>");
  for (size_t i = t->count; i-- > 0;) /* the best are drawn last, on top */
    if (is_shown(&t->trial[i])) write_wire(t, i, scales, out);
  dla_strbuf_printf(out, "</svg></div>\n");
  dla_scroll_end(out);
  dla_strbuf_printf(out, "</section>\n");
}

/* ---- The metric against each parameter ---- */

static void write_names(const scale *s, dla_strbuf *out)
{
  dla_strbuf_printf(out, "<div class=\"x\" aria-hidden=\"true\">");
  for (int i = 0; i < s->names; i++) {
    dla_strbuf_printf(out, "<span style=\"left:%.4g%%\">", 100 * (i + 0.5) / s->names);
    dla_html_text(out, s->name[i]);
    dla_strbuf_printf(out, "</span>");
  }
  dla_strbuf_printf(out, "</div>\n");
}

static void write_dots(const dla_report_trials *t, size_t parameter, const scale *s,
                       const dla_axis *y, dla_strbuf *out)
{
  for (size_t i = t->count; i-- > 0;) {
    const dla_report_trial *trial = &t->trial[i];
    const double x = place_of(s, trial->value[parameter]);
    if (!is_shown(trial) || isnan(x)) continue;
    dla_strbuf_printf(out,
                      "<path class=\"dot merit\" style=\"--v:%.2f\" data-t=\"%zu\" "
                      "d=\"M%.0f %.0fh0\"><title>",
                      trial->merit, i, DLA_CHART_WIDTH * x,
                      DLA_CHART_HEIGHT * (1 - dla_axis_place(y, trial->metric)));
    dla_html_text(out, trial->run->name);
    dla_strbuf_printf(out, "</title></path>");
  }
}

static void write_scatter(const dla_report_trials *t, size_t parameter, const scale *s,
                          const dla_axis *y, dla_strbuf *out)
{
  dla_strbuf_printf(out,
                    "<figure class=\"chart\"><figcaption>%s%s</figcaption>\n<div class=\"plot\">",
                    t->parameter[parameter]->name,
                    s->numbers && s->axis.log ? " <small>logarithmic scale</small>" : "");
  dla_chart_labels(y, true, out);
  dla_strbuf_printf(out,
                    "<div class=\"area\"><svg viewBox=\"0 0 %d %d\" "
                    "preserveAspectRatio=\"none\" role=\"img\" aria-label=\"%s against %s\">",
                    DLA_CHART_WIDTH, DLA_CHART_HEIGHT, t->metric->name,
                    t->parameter[parameter]->name);
  dla_chart_grid(NULL, y, out);
  write_dots(t, parameter, s, y, out);
  dla_strbuf_printf(out, "</svg></div>\n");
  if (s->numbers)
    dla_chart_labels(&s->axis, false, out);
  else
    write_names(s, out);
  dla_strbuf_printf(out, "</div></figure>\n");
}

static void write_scatters(const dla_report_trials *t, const scale *scales, dla_strbuf *out)
{
  dla_strbuf_printf(out, "<section id=\"parameters\"><h2>%s by parameter</h2>\n", t->metric->name);
  write_merits(out);
  dla_strbuf_printf(out, "<div class=\"charts small\">\n");
  for (size_t p = 0; p < t->parameter_count; p++)
    write_scatter(t, p, &scales[p], &scales[t->parameter_count].axis, out);
  dla_strbuf_printf(out, "</div></section>\n");
}

/* ---- Curves ---- */

static dla_status write_curves(const dla_report_trials *t, dla_strbuf *out, dla_error *err)
{
  static const struct {
    const char *id, *title;
    dla_run_curve curve;
    bool percent;
    double log_from;
  } kinds[] = {{"accuracy", "Test accuracy", DLA_RUN_TEST_ACCURACY, true, 0},
               {"loss", "Test loss", DLA_RUN_TEST_LOSS, false, LOG_LOSS_FROM}};
  dla_series *series = calloc(t->count, sizeof *series);
  if (!series) return dla_fail_memory(err, "the curves");
  dla_strbuf_printf(out, "<section id=\"curves\"><h2>Trials</h2>\n");
  write_merits(out);
  dla_strbuf_printf(out, "<div class=\"charts\">\n");
  for (size_t k = 0; k < sizeof kinds / sizeof *kinds; k++) {
    for (size_t i = 0; i < t->count; i++) {
      const dla_report_trial *trial = &t->trial[t->count - 1 - i]; /* the best are drawn last, on
                                                                    * top */
      series[i] = (dla_series){.curve = &trial->run->curve[kinds[k].curve],
                               .name = trial->run->name,
                               .colour = -1,
                               .merit = trial->merit,
                               .trial = (int)(t->count - 1 - i)};
    }
    const dla_chart chart = {.id = kinds[k].id,
                             .title = kinds[k].title,
                             .series = series,
                             .count = (int)t->count,
                             .percent = kinds[k].percent,
                             .log_from = kinds[k].log_from};
    if (dla_chart_has_points(&chart)) dla_chart_write(&chart, out);
  }
  dla_strbuf_printf(out, "</div></section>\n");
  free(series);
  return DLA_OK;
}

/* ---- All of it ---- */

static dla_status write_parts(const dla_report_trials *t, dla_link_kind links, dla_strbuf *out,
                              dla_error *err)
{
  size_t shown = 0;
  scale *scales = calloc(t->parameter_count + 1, sizeof *scales);
  if (!scales) return dla_fail_memory(err, "the axes");
  for (size_t p = 0; p < t->parameter_count; p++)
    make_scale(t, p, &scales[p]);
  scales[t->parameter_count].numbers = true;
  make_metric_axis(t, 4, &scales[t->parameter_count].axis);
  for (size_t i = 0; i < t->count; i++)
    shown += is_shown(&t->trial[i]);
  write_leaderboard(t, links, out);
  if (shown && t->parameter_count) {
    write_parallel(t, scales, out);
    write_scatters(t, scales, out);
  }
  free(scales);
  return shown ? write_curves(t, out, err) : DLA_OK;
}

static void write_tiles(const dla_report_trials *t, dla_strbuf *out)
{
  size_t failed = 0;
  for (size_t i = 0; i < t->count; i++)
    failed += t->trial[i].failure != NULL;
  const double best = is_shown(&t->trial[0]) ? t->trial[0].metric : NAN;
  dla_strbuf_printf(out,
                    "<dl class=\"tiles\"><div><dt>Best, %s</dt><dd>%s</dd></div>"
                    "<div><dt>Trials</dt><dd>%zu</dd></div>",
                    t->metric->name, metric_of(t, best).text, t->count);
  if (failed) dla_strbuf_printf(out, "<div><dt>Failed</dt><dd>%zu</dd></div>", failed);
  dla_strbuf_printf(out, "</dl>\n");
}

dla_status dla_sweep_page(const dla_run_set *set, dla_link_kind links, dla_strbuf *out,
                          dla_error *err)
{
  dla_report_trials t;
  dla_strbuf lead = {0};
  TRY(dla_report_trials_make(set, &t, err));
  dla_html_text(&lead, set->folder);
  dla_status status =
      dla_page_begin(out, set->name, dla_strbuf_text(&lead), links == DLA_LINK_SERVER, err);
  write_tiles(&t, out);
  if (!status) status = write_parts(&t, links, out, err);
  dla_page_end(out);
  out->failed |= dla_strbuf_done(&lead);
  dla_report_trials_free(&t);
  return !status && out->failed ? dla_fail_memory(err, "a report") : status;
}
