#include "report/runs_page.h"

#include <math.h>
#include <string.h>

#include "base/plural.h"
#include "base/try.h"
#include "report/confusion.h"
#include "report/curves.h"
#include "report/facts.h"
#include "report/html.h"
#include "report/network.h"
#include "report/page.h"
#include "report/pictures.h"

#define DOT " \xc2\xb7 " /* between facts */

/* ---- The parts of one run ---- */

/* Pictures are most of a page: the more runs, the fewer pictures each. */
static size_t pictures_of_each(size_t runs, size_t of_one)
{
  return runs == 1 ? of_one : runs <= 4 ? of_one / 2 : runs <= 12 ? of_one / 4 : 0;
}

static dla_status write_parts(const dla_run *run, const dla_part *part, size_t runs,
                              dla_strbuf *out, dla_error *err)
{
  enum { MISTAKES = 24, INPUTS = 16 };
  dla_epochs_write(run, part, out);
  TRY(dla_confusion_write(run, part, out, err));
  dla_mistakes_write(run, part, pictures_of_each(runs, MISTAKES), out);
  dla_inputs_write(run, part, pictures_of_each(runs, INPUTS), out);
  dla_times_write(run, part, out);
  TRY(dla_network_write_picture(run, part, out, err));
  dla_config_write(run, part, out);
  dla_environment_write(run, part, out);
  return DLA_OK;
}

/* "simple_dla on CIFAR-10 python version" */
static void write_lead(const dla_run *run, dla_strbuf *out)
{
  const char *data = dla_json_text_of(run->facts, "data");
  const char *started = dla_json_text_of(run->facts, "started");
  dla_html_text(out, run->folder);
  if (*data) dla_strbuf_printf(out, DOT);
  dla_html_text(out, data);
  if (*started) dla_strbuf_printf(out, DOT "started ");
  dla_html_text(out, started);
}

/* Links to the sections that the page has. */
static void write_contents(const char *page, dla_strbuf *out)
{
  static const char *const parts[][2] = {{"curves", "Curves"},
                                         {"epochs", "Epochs"},
                                         {"confusion", "Confusion"},
                                         {"classes", "Classes"},
                                         {"mistakes", "Mistakes"},
                                         {"inputs", "Input"},
                                         {"time", "Time"},
                                         {"network", "Network"},
                                         {"config", "Configuration"},
                                         {"environment", "Environment"}};
  dla_strbuf_printf(out, "<nav aria-label=\"Parts\">");
  for (size_t i = 0; i < sizeof parts / sizeof *parts; i++) {
    char mark[40];
    snprintf(mark, sizeof mark, "<section id=\"%s\"", parts[i][0]);
    if (strstr(page, mark))
      dla_strbuf_printf(out, "<a href=\"#%s\">%s</a>", parts[i][0], parts[i][1]);
  }
  dla_strbuf_printf(out, "</nav>\n");
}

dla_status dla_run_page(const dla_run *run, bool live, dla_strbuf *out, dla_error *err)
{
  const dla_part part = {.alone = true};
  dla_run *const one[] = {(dla_run *)run};
  dla_strbuf lead = {0}, parts = {0};
  write_lead(run, &lead);
  if (live) dla_strbuf_printf(&lead, DOT "<a href=\"/\">all runs</a>");
  dla_status status = dla_page_begin(out, run->name, dla_strbuf_text(&lead), live, err);
  dla_tiles_write(run, out);
  if (!status) status = dla_curves_write(one, 1, &parts, err);
  if (!status) status = write_parts(run, &part, 1, &parts, err);
  write_contents(dla_strbuf_text(&parts), out);
  dla_strbuf_append(out, dla_strbuf_text(&parts), parts.length);
  dla_page_end(out);
  out->failed |= dla_strbuf_done(&lead);
  out->failed |= dla_strbuf_done(&parts);
  return !status && out->failed ? dla_fail_memory(err, "a report") : status;
}

/* ---- Several ---- */

static void write_row(const dla_run *run, size_t index, const char *link, dla_strbuf *out)
{
  const dla_run_epoch *best = dla_run_best(run), *last = dla_run_last(run);
  const double all = dla_run_all_epochs(run);
  dla_strbuf_printf(out, "<tr><th scope=\"row\" class=\"key c%zu\"><a href=\"", index % 8);
  if (link)
    dla_strbuf_printf(out, "%s", link);
  else
    dla_strbuf_printf(out, "#run-%zu", index);
  dla_html_between(out, "\">", run->name, "</a></th>");
  dla_strbuf_printf(
      out, "<td data-v=\"%g\">%s</td><td data-v=\"%g\">%s</td><td>%s</td>",
      best ? best->test_accuracy : -1, dla_html_percent(best ? best->test_accuracy : NAN).text,
      last ? last->test_accuracy : -1, dla_html_percent(last ? last->test_accuracy : NAN).text,
      dla_html_number(last ? last->test_loss : NAN).text);
  dla_strbuf_printf(out, "<td data-v=\"%zu\">%zu", run->epoch_count, run->epoch_count);
  if (isfinite(all)) dla_strbuf_printf(out, " of %.0f", all);
  dla_strbuf_printf(out, "</td><td data-v=\"%g\">%s</td><td>%s</td></tr>\n", dla_run_seconds(run),
                    dla_html_duration(dla_run_seconds(run)).text,
                    dla_html_number(dla_run_rate(run)).text);
}

static void write_overview(dla_run *const *runs, size_t count, const char *const *links,
                           dla_strbuf *out)
{
  dla_strbuf_printf(out, "<section id=\"runs\"><h2>Runs</h2>\n");
  dla_scroll_begin(out, "Runs");
  dla_strbuf_printf(out,
                    "<table class=\"full sortable\"><thead><tr><th scope=\"col\" class=\"text\">"
                    "run</th><th scope=\"col\">best test accuracy</th><th scope=\"col\">last"
                    "</th><th scope=\"col\">test loss</th><th scope=\"col\">epochs</th>"
                    "<th scope=\"col\">time</th><th scope=\"col\">images a second</th></tr>"
                    "</thead><tbody>\n");
  for (size_t i = 0; i < count; i++)
    write_row(runs[i], i, links ? links[i] : NULL, out);
  dla_strbuf_printf(out, "</tbody></table>\n");
  dla_scroll_end(out);
  dla_strbuf_printf(out, "</section>\n");
}

/* Whether an earlier run has this key. */
static bool is_known(dla_run *const *runs, size_t before, const char *key)
{
  for (size_t i = 0; i < before; i++)
    if (json_object_get(json_object_get(runs[i]->facts, "changed"), key)) return true;
  return false;
}

/* Whether the runs have different values of the key. A run omits it where it is the default. */
static bool is_different(dla_run *const *runs, size_t count, const char *key)
{
  const char *first = dla_json_text_of(json_object_get(runs[0]->facts, "changed"), key);
  for (size_t i = 1; i < count; i++)
    if (strcmp(first, dla_json_text_of(json_object_get(runs[i]->facts, "changed"), key)) != 0)
      return true;
  return false;
}

static void write_difference(dla_run *const *runs, size_t count, const char *key, dla_strbuf *out)
{
  dla_html_between(out, "<tr><th scope=\"row\">", key, "</th>");
  for (size_t i = 0; i < count; i++) {
    const char *value = dla_json_text_of(json_object_get(runs[i]->facts, "changed"), key);
    dla_html_between(out, "<td class=\"text\">", *value ? value : "(default)", "</td>");
  }
  dla_strbuf_printf(out, "</tr>\n");
}

static void write_differences(dla_run *const *runs, size_t count, dla_strbuf *out)
{
  const char *key;
  json_t *ignored;
  dla_strbuf rows = {0};
  for (size_t i = 0; i < count; i++)
    json_object_foreach(json_object_get(runs[i]->facts, "changed"), key, ignored)
    {
      if (strcmp(key, "output.dir") != 0 && !is_known(runs, i, key) &&
          is_different(runs, count, key))
        write_difference(runs, count, key, &rows);
    }
  if (rows.length) {
    dla_strbuf_printf(out, "<section id=\"differences\"><h2>How they differ</h2>\n");
    dla_scroll_begin(out, "How they differ");
    dla_strbuf_printf(out, "<table class=\"full\"><thead><tr><th scope=\"col\" class=\"text\">key"
                           "</th>");
    for (size_t i = 0; i < count; i++) {
      dla_strbuf_printf(out, "<th scope=\"col\" class=\"text\"><span class=\"key c%zu\">", i % 8);
      dla_html_text(out, runs[i]->name);
      dla_strbuf_printf(out, "</span></th>");
    }
    dla_strbuf_printf(out, "</tr></thead><tbody>\n%s</tbody></table>\n", dla_strbuf_text(&rows));
    dla_scroll_end(out);
    dla_strbuf_printf(out, "</section>\n");
  }
  out->failed |= dla_strbuf_done(&rows);
}

static dla_status write_run(const dla_run *run, size_t index, size_t count, dla_strbuf *out,
                            dla_error *err)
{
  const dla_part part = {.run = (int)index};
  dla_strbuf_printf(out, "<section class=\"run\" id=\"run-%zu\"><h2 class=\"key c%zu\">", index,
                    index % 8);
  dla_html_text(out, run->name);
  dla_strbuf_printf(out, "</h2>\n<p class=\"lead\">");
  write_lead(run, out);
  dla_strbuf_printf(out, "</p>\n");
  dla_tiles_write(run, out);
  TRY(write_parts(run, &part, count, out, err));
  dla_strbuf_printf(out, "</section>\n");
  return DLA_OK;
}

dla_status dla_runs_page(dla_run *const *runs, size_t count, const char *const *links, bool live,
                         dla_strbuf *out, dla_error *err)
{
  dla_strbuf title = {0};
  dla_strbuf_printf(&title, "%zu run%s", count, dla_plural(count));
  dla_status status = dla_page_begin(out, dla_strbuf_text(&title), "", live, err);
  dla_strbuf_free(&title);
  if (count) write_overview(runs, count, links, out);
  if (!status && count) status = dla_curves_write(runs, count, out, err);
  if (count > 1) write_differences(runs, count, out);
  for (size_t i = 0; !status && !links && i < count; i++)
    status = write_run(runs[i], i, count, out, err);
  dla_page_end(out);
  return !status && out->failed ? dla_fail_memory(err, "a report") : status;
}
