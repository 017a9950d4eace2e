#include "cli/stage_report.h"

#include <math.h>
#include <stdio.h>

#include "cli/signals.h"

void dla_stage_report_bar(void *context, const dla_stage_progress *p)
{
  const double mb = 1e6;
  (void)context;
  fprintf(stderr, "\r\033[K%.40s  %.1f", p->name, (double)p->bytes / mb);
  if (p->total) fprintf(stderr, "/%.1f", (double)p->total / mb);
  fprintf(stderr, " MB  %.1f MB/s", p->rate / mb);
  if (p->seconds_left >= 0)
    fprintf(stderr, "  ETA %.0f:%02.0f", floor(p->seconds_left / 60), fmod(p->seconds_left, 60));
  fflush(stderr);
}

static void on_event(void *context, const dla_stage_event *event)
{
  const char *what = event->kind == DLA_STAGE_RETRY    ? "warning: "
                     : event->kind == DLA_STAGE_ANSWER ? "the server's answer: "
                                                       : "";
  bool told = event->kind == DLA_STAGE_RETRY || event->kind == DLA_STAGE_NOTE ||
              event->kind == DLA_STAGE_ANSWER || event->kind == DLA_STAGE_CACHED;
  if (told)
    dla_cli_say(context, "%s%s%s%s", what, event->name, event->detail[0] ? ": " : "",
                event->detail);
}

dla_stage_observer dla_stage_report_observer(dla_cli_progress *progress)
{
  return (dla_stage_observer){.context = progress,
                              .progress = progress->bar ? dla_stage_report_bar : NULL,
                              .event = on_event,
                              .stop = dla_cli_is_stopped};
}
