#include "report/curves.h"

#include <stdlib.h>

#include "report/chart.h"

/* A chart: of one run's curves, or of the same curves of all runs. */
typedef struct picture {
  const char *id, *title;
  bool percent;
  double log_from; /* as dla_chart's */
  int kinds;
  struct {
    dla_run_curve curve;
    const char *name; /* in a chart of one run */
  } kind[2];          /* the last is the main one; one before it is drawn faintly */
} picture;

static const picture pictures[] = {
    {"loss", "Loss", false, 6, 2, {{DLA_RUN_STEP_LOSS, "training"}, {DLA_RUN_TEST_LOSS, "test"}}},
    {"accuracy",
     "Accuracy",
     true,
     0,
     2,
     {{DLA_RUN_TRAIN_ACCURACY, "training"}, {DLA_RUN_TEST_ACCURACY, "test"}}},
    {"lr", "Learning rate", false, 0, 1, {{DLA_RUN_LR, "learning rate"}}},
    {"rate", "Images a second", false, 0, 1, {{DLA_RUN_RATE, "images a second"}}},
    {"norm", "Norm of the gradients", false, 50, 1, {{DLA_RUN_NORM, "before it was clipped"}}},
};

/* "NAME, training"; the caller frees it. */
static char *name_series(const dla_run *run, const char *kind, bool alone)
{
  dla_strbuf name = {0};
  if (alone)
    dla_strbuf_printf(&name, "%s", kind);
  else
    dla_strbuf_printf(&name, "%s%s%s", run->name, kind ? ", " : "", kind ? kind : "");
  if (!name.failed) return name.text;
  dla_strbuf_free(&name);
  return NULL;
}

/* Returns false where there is no memory. */
static bool add_series(const picture *p, const dla_run *run, size_t index, bool alone,
                       dla_series *series, int *count)
{
  for (int k = 0; k < p->kinds; k++) {
    const char *kind = alone || p->kinds > 1 ? p->kind[k].name : NULL;
    char *name = name_series(run, kind, alone);
    series[(*count)++] = (dla_series){.curve = &run->curve[p->kind[k].curve],
                                      .name = name,
                                      .colour = alone ? k : (int)(index % DLA_CHART_COLOURS),
                                      .faint = !alone && k + 1 < p->kinds,
                                      .trial = -1};
    if (!name) return false;
  }
  return true;
}

static dla_status write_picture(const picture *p, dla_run *const *runs, size_t count,
                                dla_strbuf *out, dla_error *err)
{
  dla_series *series = calloc(2 * count, sizeof *series);
  int made = 0;
  bool good = series != NULL;
  for (size_t i = 0; good && i < count; i++)
    good = add_series(p, runs[i], i, count == 1, series, &made);
  const dla_chart chart = {.id = p->id,
                           .title = p->title,
                           .series = series,
                           .count = made,
                           .percent = p->percent,
                           .legend = made > 1,
                           .log_from = p->log_from};
  if (good && dla_chart_has_points(&chart)) dla_chart_write(&chart, out);
  for (int i = 0; i < made; i++)
    free((char *)series[i].name);
  free(series);
  return good ? DLA_OK : dla_fail_memory(err, "the curves");
}

dla_status dla_curves_write(dla_run *const *runs, size_t count, dla_strbuf *out, dla_error *err)
{
  dla_status status = DLA_OK;
  dla_strbuf_printf(out, "<section id=\"curves\"><h2>Curves</h2>\n<div class=\"charts\">\n");
  for (size_t i = 0; !status && i < sizeof pictures / sizeof *pictures; i++)
    status = write_picture(&pictures[i], runs, count, out, err);
  dla_strbuf_printf(out, "</div></section>\n");
  return status;
}
