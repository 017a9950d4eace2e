#include "cli/show_evaluation.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/column.h"
#include "base/utf8.h"

enum { WORST_PAIRS = 5, NAME_WIDTH = 16 };

/* Between two characters. */
static void cut_name(const char *from, char name[32])
{
  uint32_t code;
  size_t count = 0;
  while (from[count]) {
    const size_t length = dla_utf8_decode(from + count, &code);
    if (count + (length ? length : 1) > 31) break;
    count += length ? length : 1;
  }
  memcpy(name, from, count);
  name[count] = '\0';
}

void dla_show_class_name(const dla_dataset *dataset, int64_t index, char name[32])
{
  if (dataset->class_names && index < dataset->classes)
    cut_name(dataset->class_names[index], name);
  else
    snprintf(name, 32, "class %" PRId64, index);
}

static void add_name(dla_strbuf *out, const char *name)
{
  dla_strbuf_printf(out, "  ");
  dla_column(out, name, NAME_WIDTH);
}

static void report_classes(dla_strbuf *out, const dla_evaluation *e, const dla_dataset *dataset)
{
  for (int64_t label = 0; label < dataset->classes; label++) {
    int64_t count = 0;
    char name[32];
    for (int64_t c = 0; c < e->classes; c++)
      count += e->confusion[label * e->classes + c];
    if (!count) continue;
    dla_show_class_name(dataset, label, name);
    add_name(out, name);
    dla_strbuf_printf(out, " %6.2f%% of %" PRId64 "\n",
                      100.0 * (double)e->confusion[label * e->classes + label] / (double)count,
                      count);
  }
}

/* How often a was taken for b, and b for a. */
static int64_t confused(const dla_evaluation *e, int64_t a, int64_t b)
{
  return e->confusion[a * e->classes + b] + e->confusion[b * e->classes + a];
}

static void report_worst_pairs(dla_strbuf *out, const dla_evaluation *e, const dla_dataset *dataset)
{
  int64_t reported[WORST_PAIRS][2];
  for (int n = 0; n < WORST_PAIRS; n++) {
    int64_t worst = 0, x = -1, y = -1;
    for (int64_t a = 0; a < e->classes; a++)
      for (int64_t b = a + 1; b < e->classes; b++) {
        bool before = false;
        for (int k = 0; k < n; k++)
          before |= reported[k][0] == a && reported[k][1] == b;
        if (before || confused(e, a, b) <= worst) continue;
        worst = confused(e, x = a, y = b);
      }
    if (x < 0) return;
    reported[n][0] = x;
    reported[n][1] = y;
    char first[32], second[32];
    dla_show_class_name(dataset, x, first);
    dla_show_class_name(dataset, y, second);
    add_name(out, first);
    dla_strbuf_printf(out, " ");
    dla_column(out, second, NAME_WIDTH);
    dla_strbuf_printf(out, " %6" PRId64 "\n", worst);
  }
}

static void report_accuracy(dla_strbuf *out, const dla_evaluation *e)
{
  dla_strbuf_printf(out, "test accuracy %.2f%% (%" PRId64 " of %" PRId64 "), loss %.4f\n",
                    100 * dla_evaluation_accuracy(e), e->correct, e->count, e->loss);
}

static void report_pairs(dla_strbuf *out, const dla_evaluation *e, const dla_dataset *dataset)
{
  dla_strbuf_printf(out, "taken for one another most often:\n");
  report_worst_pairs(out, e, dataset);
}

void dla_show_evaluation(dla_strbuf *out, const dla_evaluation *e, const dla_dataset *dataset)
{
  report_accuracy(out, e);
  dla_strbuf_printf(out, "by class:\n");
  report_classes(out, e, dataset);
  report_pairs(out, e, dataset);
}

static void report_share(dla_strbuf *out, double share)
{
  if (isnan(share))
    dla_strbuf_printf(out, " %10s", "-");
  else
    dla_strbuf_printf(out, " %9.2f%%", 100 * share);
}

static void report_row(dla_strbuf *out, const char *name, const dla_class_scores *scores)
{
  add_name(out, name);
  report_share(out, scores->precision);
  report_share(out, scores->recall);
  report_share(out, scores->f1);
  dla_strbuf_printf(out, " %8" PRId64 "\n", scores->support);
}

void dla_show_scores(dla_strbuf *out, const dla_evaluation *e, const dla_dataset *dataset)
{
  const dla_class_scores macro = dla_evaluation_macro(e);
  report_accuracy(out, e);
  if (!isnan(dla_evaluation_top5(e)))
    dla_strbuf_printf(out, "top-5 accuracy %.2f%%\n", 100 * dla_evaluation_top5(e));
  dla_strbuf_printf(out, "expected calibration error %.4f\n", dla_evaluation_ece(e));
  dla_strbuf_printf(out, "  %-16s %10s %10s %10s %8s\n", "class", "precision", "recall", "F1",
                    "images");
  for (int64_t c = 0; c < e->classes; c++) {
    const dla_class_scores scores = dla_evaluation_class(e, c);
    char name[32];
    if (isnan(scores.f1)) continue; /* the class is neither a label nor a prediction */
    dla_show_class_name(dataset, c, name);
    report_row(out, name, &scores);
  }
  report_row(out, "mean (macro)", &macro);
  report_pairs(out, e, dataset);
}

void dla_show_confusion(dla_strbuf *out, const dla_evaluation *e, const dla_dataset *dataset)
{
  dla_strbuf_printf(out, "confusion (row: label, column: prediction):\n");
  for (int64_t label = 0; label < dataset->classes; label++) {
    char name[32];
    dla_show_class_name(dataset, label, name);
    add_name(out, name);
    for (int64_t c = 0; c < e->classes; c++)
      dla_strbuf_printf(out, " %5" PRId64, e->confusion[label * e->classes + c]);
    dla_strbuf_printf(out, "\n");
  }
}
