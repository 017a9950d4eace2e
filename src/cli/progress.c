#include "cli/progress.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/clock.h"

enum { BAR_WIDTH = 24 };

void dla_cli_progress_init(dla_cli_progress *progress, const dla_config *config,
                           const dla_dist *dist)
{
  bool terminal = isatty(STDERR_FILENO);
  *progress = (dla_cli_progress){
      .bar = config->log.progress == DLA_PROGRESS_ALWAYS ||
             (config->log.progress == DLA_PROGRESS_AUTO && terminal),
      .level = config->log.level,
  };
  if (dla_dist_rank(dist) > 0) *progress = (dla_cli_progress){.level = DLA_LOG_ERROR};
}

static void clear_bar(const dla_cli_progress *progress)
{
  if (progress->bar) fputs("\r\033[K", stderr);
}

void dla_cli_say(dla_cli_progress *progress, const char *format, ...)
{
  if (progress->level < DLA_LOG_INFO) return;
  clear_bar(progress);
  va_list args;
  va_start(args, format);
  vfprintf(stderr, format, args);
  va_end(args);
  fputc('\n', stderr);
}

static void on_step(void *context, const dla_progress *p)
{
  dla_cli_progress *progress = context;
  double now = dla_clock();
  bool last = p->batch == p->batches;
  if (!progress->bar || (now - progress->shown < 0.1 && !last)) return;
  progress->shown = now;
  char bar[BAR_WIDTH + 1];
  int done = (int)(p->batch * BAR_WIDTH / p->batches);
  memset(bar, '.', BAR_WIDTH);
  memset(bar, '#', (size_t)done);
  bar[BAR_WIDTH] = '\0';
  double batch_seconds = (now - p->started) / (double)(p->batch - p->first_batch);
  double left = batch_seconds * (double)(p->batches - p->batch);
  fprintf(stderr,
          "\r\033[Kepoch %" PRId64 "/%" PRId64 " [%s] %" PRId64 "/%" PRId64
          "  loss %.4f  acc %5.2f%%  %.1f images/s  ETA %d:%02d",
          p->epoch, p->epochs, bar, p->batch, p->batches, p->loss, 100 * p->accuracy,
          p->images_per_second, (int)left / 60, (int)left % 60);
  fflush(stderr);
}

static void on_epoch(void *context, const dla_epoch_metrics *m)
{
  dla_cli_say(context,
              "epoch %" PRId64 ": train loss %.4f accuracy %.2f%%, test loss %.4f accuracy %.2f%%, "
              "lr %.4g, %.1f s",
              m->epoch, m->train_loss, 100 * m->train_accuracy, m->test_loss,
              100 * m->test_accuracy, m->lr, m->seconds);
}

static void on_warning(void *context, const dla_error *what)
{
  dla_cli_say(context, "warning: %s%s%s", what->where, *what->where ? ": " : "", what->what);
}

dla_observer dla_cli_progress_observer(dla_cli_progress *progress)
{
  return (dla_observer){
      .context = progress, .step = on_step, .epoch = on_epoch, .warn = on_warning};
}
