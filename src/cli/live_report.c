#include "cli/live_report.h"

static void warn(dla_cli_live_report *r, const dla_error *why)
{
  if (r->failed) return;
  r->failed = true;
  dla_cli_say(r->progress, "warning: the report: %s%s%s", why->where, *why->where ? ": " : "",
              why->what);
}

static void write_report(dla_cli_live_report *r)
{
  dla_error why = {0};
  if (!r->report) return;
  if (dla_live_report_write(r->report, &why))
    warn(r, &why);
  else
    r->written = true;
}

void dla_cli_live_report_begin(dla_cli_live_report *r, const dla_config *config,
                               const dla_dist *dist, dla_cli_progress *progress)
{
  dla_error why = {0};
  *r = (dla_cli_live_report){.progress = progress, .told = dla_cli_progress_observer(progress)};
  if (config->log.report && dla_dist_rank(dist) == 0 &&
      dla_live_report_create(config->output.dir, &r->report, &why))
    warn(r, &why);
}

static void on_step(void *context, const dla_progress *p)
{
  const dla_cli_live_report *r = context;
  r->told.step(r->told.context, p);
}

static void on_epoch(void *context, const dla_epoch_metrics *m)
{
  dla_cli_live_report *r = context;
  r->told.epoch(r->told.context, m);
  write_report(r);
}

static void on_warning(void *context, const dla_error *what)
{
  const dla_cli_live_report *r = context;
  r->told.warn(r->told.context, what);
}

dla_observer dla_cli_live_report_observer(dla_cli_live_report *r)
{
  return (dla_observer){.context = r, .step = on_step, .epoch = on_epoch, .warn = on_warning};
}

/* A run that ended in another way has nothing new to report. */
void dla_cli_live_report_end(dla_cli_live_report *r, bool begun, dla_status status)
{
  if (begun && (!status || status == DLA_E_INTERRUPTED || status == DLA_E_DIVERGED))
    write_report(r);
  dla_live_report_free(r->report);
  r->report = NULL;
}
