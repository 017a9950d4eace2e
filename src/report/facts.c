#include "report/facts.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/plural.h"
#include "report/html.h"
#include "report/network.h"

enum { EPOCH_ROWS = 100 };

double dla_run_seconds(const dla_run *run)
{
  double sum = 0;
  for (size_t i = 0; i < run->epoch_count; i++)
    if (isfinite(run->epoch[i].seconds)) sum += run->epoch[i].seconds;
  return sum;
}

double dla_run_rate(const dla_run *run)
{
  const dla_curve *curve = &run->curve[DLA_RUN_RATE];
  double sum = 0, count = 0;
  for (int i = 0; i < curve->count; i++) {
    sum += curve->bucket[i].sum;
    count += (double)curve->bucket[i].count;
  }
  return count > 0 ? sum / count : NAN;
}

/* ---- Numbers at the top ---- */

/* `more` is a line below it; NULL: none. */
static void write_tile(const char *title, const char *value, const char *more, dla_strbuf *out)
{
  dla_strbuf_printf(out, "<div><dt>%s</dt><dd>%s", title, value);
  if (more) dla_strbuf_printf(out, "<small>%s</small>", more);
  dla_strbuf_printf(out, "</dd></div>\n");
}

void dla_tiles_write(const dla_run *run, dla_strbuf *out)
{
  const dla_run_epoch *best = dla_run_best(run), *last = dla_run_last(run);
  const double all = dla_run_all_epochs(run), parameters = dla_network_sum(run, "parameters");
  dla_strbuf_printf(out, "<dl class=\"tiles\">\n");
  if (best)
    write_tile("Best test accuracy", dla_html_percent(best->test_accuracy).text,
               dla_figure_print("epoch %.0f", best->epoch).text, out);
  if (last)
    write_tile("Last test accuracy", dla_html_percent(last->test_accuracy).text,
               dla_figure_print("loss %s", dla_html_number(last->test_loss).text).text, out);
  const dla_figure of = isfinite(all) ? dla_figure_print(" of %.0f", all) : (dla_figure){""};
  write_tile("Epochs", dla_figure_print("%zu%s", run->epoch_count, of.text).text,
             dla_figure_print("%.0f steps", run->steps).text, out);
  write_tile("Time", dla_html_duration(dla_run_seconds(run)).text, NULL, out);
  if (isfinite(dla_run_rate(run)))
    write_tile("Images a second", dla_html_number(dla_run_rate(run)).text, NULL, out);
  if (isfinite(parameters)) write_tile("Parameters", dla_html_count(parameters).text, NULL, out);
  dla_strbuf_printf(out, "</dl>\n");
}

/* ---- Where the time went ---- */

typedef struct piece {
  const char *name;
  int colour;
  double seconds;
} piece;

enum { PIECES = 5 };

static double add_piece(piece *p, double seconds)
{
  if (!(seconds > 0)) return 0; /* NaN: an older run does not tell */
  p->seconds += seconds;
  return seconds;
}

/* The rest of an epoch is the time that none of its parts accounts for. Saving is not one of them:
 * it mostly comes after the epoch's end. */
static double sum_pieces(const dla_run *run, piece pieces[PIECES])
{
  double all = 0;
  for (size_t i = 0; i < run->epoch_count; i++) {
    const dla_run_epoch *e = &run->epoch[i];
    double told = add_piece(&pieces[0], e->step_seconds) + add_piece(&pieces[1], e->wait_seconds) +
                  add_piece(&pieces[2], e->test_seconds);
    if (told > 0) add_piece(&pieces[4], e->seconds - told);
    add_piece(&pieces[3], e->save_seconds);
  }
  for (int i = 0; i < PIECES; i++)
    all += pieces[i].seconds;
  return all;
}

typedef struct op_time {
  const char *op, *pass;
  double seconds;
} op_time;

static int compare_seconds(const void *a, const void *b)
{
  const double x = ((const op_time *)a)->seconds, y = ((const op_time *)b)->seconds;
  return (x < y) - (x > y);
}

/* Reads the ops of evaluation.json; returns how many. */
static size_t read_ops(const dla_run *run, op_time *ops, size_t most)
{
  size_t index, count = 0;
  const json_t *item;
  json_array_foreach(json_object_get(run->evaluation, "ops"), index, item)
  {
    const double seconds = dla_json_number_of(item, "seconds");
    if (!(seconds > 0) || count == most) continue;
    ops[count++] = (op_time){dla_json_text_of(item, "op"), dla_json_text_of(item, "pass"), seconds};
  }
  return count;
}

/* Writes the ops of the timed steps, the longest first. Ops below a thousandth are left out. */
static void write_ops(const dla_run *run, dla_strbuf *out)
{
  enum { MOST = 64 };
  op_time ops[MOST];
  const size_t count = read_ops(run, ops, MOST);
  double all = 0;
  for (size_t i = 0; i < count; i++)
    all += ops[i].seconds;
  if (!count) return;
  qsort(ops, count, sizeof *ops, compare_seconds);
  dla_strbuf_printf(out, "<table><caption>A step, by op</caption><tbody>\n");
  for (size_t i = 0; i < count && ops[i].seconds >= all / 1000; i++) {
    dla_strbuf_printf(out, "<tr><th scope=\"row\">");
    dla_html_text(out, ops[i].op);
    if (strcmp(ops[i].op, ops[i].pass) != 0) {
      dla_strbuf_printf(out, ", ");
      dla_html_text(out, ops[i].pass);
    }
    dla_strbuf_printf(out, "</th><td>%.1f %%</td></tr>\n", 100 * ops[i].seconds / all);
  }
  dla_strbuf_printf(out, "</tbody></table>\n");
}

void dla_times_write(const dla_run *run, const dla_part *part, dla_strbuf *out)
{
  piece pieces[PIECES] = {{"steps", 0, 0},
                          {"waiting for images", 1, 0},
                          {"evaluation", 2, 0},
                          {"waiting for checkpoints", 3, 0},
                          {"the rest", 7, 0}};
  const double all = sum_pieces(run, pieces);
  if (!(pieces[0].seconds > 0)) return;
  dla_part_begin(out, part, "time", "Where the time went");
  dla_strbuf_printf(out, "<div class=\"bar\" aria-hidden=\"true\">");
  for (int i = 0; i < PIECES; i++)
    dla_strbuf_printf(out, "<span class=\"c%d\" style=\"width:%.2f%%\"></span>", pieces[i].colour,
                      100 * pieces[i].seconds / all);
  dla_strbuf_printf(out, "</div>\n<table><tbody>\n");
  for (int i = 0; i < PIECES; i++)
    dla_strbuf_printf(out,
                      "<tr><th scope=\"row\" class=\"key c%d\">%s</th><td>%s</td>"
                      "<td>%.1f %%</td></tr>\n",
                      pieces[i].colour, pieces[i].name, dla_html_duration(pieces[i].seconds).text,
                      100 * pieces[i].seconds / all);
  dla_strbuf_printf(out, "</tbody></table>\n");
  write_ops(run, out);
  dla_part_end(out, part);
}

/* ---- Epochs ---- */

static void write_epoch(const dla_run_epoch *e, dla_strbuf *out)
{
  dla_strbuf_printf(out,
                    "<tr><th scope=\"row\">%.0f</th><td>%s</td><td>%s</td><td>%s</td><td>%s</td>"
                    "<td>%s</td><td>%s</td></tr>\n",
                    e->epoch, dla_html_number(e->train_loss).text,
                    dla_html_percent(e->train_accuracy).text, dla_html_number(e->test_loss).text,
                    dla_html_percent(e->test_accuracy).text, dla_html_number(e->lr).text,
                    dla_html_duration(e->seconds).text);
}

void dla_epochs_write(const dla_run *run, const dla_part *part, dla_strbuf *out)
{
  const size_t each = run->epoch_count / EPOCH_ROWS + 1;
  const dla_run_epoch *best = dla_run_best(run), *last = dla_run_last(run);
  if (!run->epoch_count) return;
  dla_part_begin(out, part, "epochs", "Epochs");
  if (each > 1)
    dla_strbuf_printf(out, "<p class=\"soft\">Every %zuth, the best and the last.</p>\n", each);
  if (part->alone)
    dla_strbuf_printf(out,
                      "<details class=\"long\" id=\"epoch-rows\"%s><summary>%zu epoch%s"
                      "</summary>\n",
                      run->epoch_count <= 12 ? " open" : "", run->epoch_count,
                      dla_plural(run->epoch_count));
  dla_scroll_begin(out, "Epochs");
  dla_strbuf_printf(out, "<table class=\"full\"><thead><tr><th scope=\"col\" class=\"text\">epoch"
                         "</th><th scope=\"col\">training loss</th><th scope=\"col\">training "
                         "accuracy</th><th scope=\"col\">test loss</th><th scope=\"col\">test "
                         "accuracy</th><th scope=\"col\">learning rate</th><th scope=\"col\">time"
                         "</th></tr></thead><tbody>\n");
  for (const dla_run_epoch *e = run->epoch; e <= last; e++)
    if ((size_t)(e - run->epoch) % each == 0 || e == best || e == last) write_epoch(e, out);
  dla_strbuf_printf(out, "</tbody></table>\n");
  dla_scroll_end(out);
  if (part->alone) dla_strbuf_printf(out, "</details>\n");
  dla_part_end(out, part);
}

/* ---- Configuration ---- */

static void write_changed(const json_t *changed, dla_strbuf *out)
{
  const char *key;
  json_t *value;
  dla_strbuf_printf(out, "<h3>What is not the default</h3>\n<dl class=\"facts\">\n");
  json_object_foreach((json_t *)changed, key, value)
  {
    dla_html_between(out, "<dt>", key, "</dt>");
    dla_html_between(out, "<dd>", json_string_value(value), "</dd>\n");
  }
  dla_strbuf_printf(out, "</dl>\n");
}

void dla_config_write(const dla_run *run, const dla_part *part, dla_strbuf *out)
{
  const char *command = dla_json_text_of(run->facts, "command");
  const json_t *changed = json_object_get(run->facts, "changed");
  if (!run->config.length) return;
  dla_part_begin(out, part, "config", "Configuration");
  if (*command)
    dla_html_between(out, "<h3>The same run again</h3>\n<pre class=\"wrap\"><code>", command,
                     "</code></pre>\n");
  if (json_object_size(changed)) write_changed(changed, out);
  dla_strbuf_printf(out,
                    "<details class=\"long\" id=\"yaml-%d\"><summary>All of it</summary>\n"
                    "<pre tabindex=\"0\">",
                    part->run);
  dla_html_between(out, "", dla_strbuf_text(&run->config), "</pre></details>\n");
  dla_part_end(out, part);
}

/* ---- Environment ---- */

static void write_fact(const char *name, size_t name_length, const char *value, size_t length,
                       dla_strbuf *out)
{
  dla_strbuf a = {0}, b = {0};
  dla_strbuf_append(&a, name, name_length);
  dla_strbuf_append(&b, value, length);
  dla_html_between(out, "<dt>", dla_strbuf_text(&a), "</dt>");
  dla_html_between(out, "<dd>", dla_strbuf_text(&b), "</dd>\n");
  out->failed |= dla_strbuf_done(&a);
  out->failed |= dla_strbuf_done(&b);
}

/* Lines "what: value". */
static void write_lines(const char *text, dla_strbuf *out)
{
  while (*text) {
    const size_t length = strcspn(text, "\n"), name = strcspn(text, ":\n");
    const size_t skip = name < length ? name + 1 + strspn(text + name + 1, " ") : length;
    if (skip < length) write_fact(text, name, text + skip, length - skip, out);
    text += length + (text[length] == '\n');
  }
}

void dla_environment_write(const dla_run *run, const dla_part *part, dla_strbuf *out)
{
  const char *started = dla_json_text_of(run->facts, "started");
  const char *data = dla_json_text_of(run->facts, "data");
  if (!run->environment.length && !*data) return;
  dla_part_begin(out, part, "environment", "Environment");
  dla_strbuf_printf(out, "<dl class=\"facts\">\n");
  write_lines(dla_strbuf_text(&run->environment), out);
  if (*started) write_fact("started", 7, started, strlen(started), out);
  if (*data) {
    dla_html_between(out, "<dt>data</dt><dd>", data, "; ");
    dla_strbuf_printf(out, "%.0f training and %.0f test images</dd>\n",
                      dla_json_number_of(run->facts, "train_images"),
                      dla_json_number_of(run->facts, "test_images"));
  }
  dla_strbuf_printf(out, "</dl>\n");
  dla_part_end(out, part);
}
