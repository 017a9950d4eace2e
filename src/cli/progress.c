#include "config.h" /* vasprintf */

#include "cli/progress.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "base/array.h"
#include "base/clock.h"
#include "base/one_line.h"
#include "cli/curve.h"
#include "cli/status_line.h"

enum { DEFAULT_COLUMNS = 80 };

/* Whether the environment allows colours: https://no-color.org */
static bool wants_colour(void)
{
  const char *no = getenv("NO_COLOR");
  return !no || !*no;
}

static bool is_dumb(void)
{
  const char *term = getenv("TERM");
  return term && !strcmp(term, "dumb");
}

void dla_cli_progress_init(dla_cli_progress *progress, const dla_config *config,
                           const dla_dist *dist)
{
  const bool terminal = isatty(STDERR_FILENO) && !is_dumb();
  *progress = (dla_cli_progress){
      .bar = config->log.progress == DLA_PROGRESS_ALWAYS ||
             (config->log.progress == DLA_PROGRESS_AUTO && terminal),
      .colour = terminal && wants_colour(),
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
  char *line = NULL;
  va_list args;
  va_start(args, format);
  const int length = vasprintf(&line, format, args);
  va_end(args);
  if (length < 0) return; /* out of memory */
  dla_one_line(line);     /* names of files and classes, and servers' answers, are foreign bytes */
  clear_bar(progress);
  fprintf(stderr, "%s\n", line);
  free(line);
}

/* Asked each time, because a terminal may change its size. */
static int columns_of_terminal(void)
{
  struct winsize size = {0};
  const bool known = ioctl(STDERR_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 0;
  return known ? size.ws_col : DEFAULT_COLUMNS;
}

/* The resident memory, from proc_pid_statm(5); 0 if Linux does not tell. */
static int64_t resident_bytes(void)
{
  long pages = 0;
  FILE *file = fopen("/proc/self/statm", "re");
  if (!file) return 0;
  if (fscanf(file, "%*d %ld", &pages) != 1) pages = 0;
  fclose(file);
  return (int64_t)pages * sysconf(_SC_PAGESIZE);
}

static void on_step(void *context, const dla_progress *p)
{
  dla_cli_progress *progress = context;
  double now = dla_clock();
  bool last = p->batch == p->batches;
  if (!progress->bar || (now - progress->shown < 0.1 && !last)) return;
  progress->shown = now;
  const dla_status_line how = {now, resident_bytes(), columns_of_terminal(), progress->colour};
  dla_strbuf line = {0};
  dla_status_line_write(p, &how, &line);
  fprintf(stderr, "\r\033[K%s", dla_strbuf_text(&line));
  fflush(stderr);
  dla_strbuf_free(&line);
}

/* For the curve. Missing memory is no reason to fail. */
static void remember(dla_cli_progress *progress, double accuracy)
{
  if (DLA_ARRAY_RESERVE(progress->accuracy, progress->capacity, progress->count, 1))
    progress->accuracy[progress->count++] = accuracy;
}

static void on_epoch(void *context, const dla_epoch_metrics *m)
{
  remember(context, m->test_accuracy);
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

void dla_cli_progress_finish(dla_cli_progress *progress)
{
  dla_strbuf curve = {0};
  if (progress->bar && progress->level >= DLA_LOG_INFO && progress->count > 1) {
    dla_curve_write(progress->accuracy, (int)progress->count, columns_of_terminal() - 1,
                    dla_locale_is_utf8(), &curve);
    clear_bar(progress);
    fprintf(stderr, "test accuracy, %zu epochs\n%s", progress->count, dla_strbuf_text(&curve));
  }
  dla_strbuf_free(&curve);
  free(progress->accuracy);
  progress->accuracy = NULL;
  progress->count = progress->capacity = 0;
}

dla_observer dla_cli_progress_observer(dla_cli_progress *progress)
{
  return (dla_observer){
      .context = progress, .step = on_step, .epoch = on_epoch, .warn = on_warning};
}
