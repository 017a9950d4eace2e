#include "workflow/log.h"

#include <pthread.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>

#include "base/one_line.h"
#include "workflow/redact.h"

enum { LAST_LINES = 10, STAMP = 24 };

struct dla_job_log {
  const dla_workflow *workflow;
  dla_workflow_hooks hooks;
  char *folder;        /* NULL: no files */
  char started[STAMP]; /* first part of the files' names, so that no job overwrites another's */
  pthread_mutex_t lock;
};

struct dla_job_stream {
  dla_job_log *log;
  char *name;
  FILE *file; /* NULL: none */
  char *last[LAST_LINES];
  size_t lines;
};

static void stamp(char text[STAMP], const char *format)
{
  time_t now = time(NULL);
  struct tm utc;
  if (!gmtime_r(&now, &utc) || !strftime(text, STAMP, format, &utc)) text[0] = '\0';
}

/* In milliseconds, because a job may end within a second and start again. */
static void stamp_start(char text[STAMP])
{
  struct timespec now;
  stamp(text, "%Y%m%dT%H%M%S");
  size_t length = strlen(text);
  if (clock_gettime(CLOCK_REALTIME, &now)) now.tv_nsec = 0;
  snprintf(text + length, STAMP - length, ".%03dZ", (int)(now.tv_nsec / 1000000));
}

dla_status dla_job_log_new(const dla_workflow *workflow, const dla_workflow_hooks *hooks,
                           const char *folder, dla_job_log **out, dla_error *err)
{
  if (folder && mkdir(folder, 0700)) return dla_fail_errno(err, folder, "make the folder");
  dla_job_log *log = calloc(1, sizeof *log);
  if (!log) return dla_fail_memory(err, "the log");
  log->workflow = workflow;
  log->hooks = *hooks;
  log->folder = folder ? strdup(folder) : NULL;
  stamp_start(log->started);
  if ((folder && !log->folder) || pthread_mutex_init(&log->lock, NULL)) {
    free(log->folder);
    free(log);
    return dla_fail_memory(err, "the log");
  }
  *out = log;
  return DLA_OK;
}

void dla_job_log_free(dla_job_log *log)
{
  if (!log) return;
  pthread_mutex_destroy(&log->lock);
  free(log->folder);
  free(log);
}

static void show(dla_job_log *log, const char *text, bool aside)
{
  pthread_mutex_lock(&log->lock);
  log->hooks.line(log->hooks.context, text, aside);
  pthread_mutex_unlock(&log->lock);
}

void dla_job_log_say(dla_job_log *log, const char *format, ...)
{
  char text[1024];
  va_list args;
  va_start(args, format);
  vsnprintf(text, sizeof text, format, args);
  va_end(args);
  dla_one_line(text);
  dla_strbuf out = {0};
  dla_workflow_redact(log->workflow, text, &out);
  show(log, dla_strbuf_text(&out), true);
  dla_strbuf_free(&out);
}

void dla_job_log_ended(dla_job_log *log, const dla_workflow_ended *step)
{
  if (!log->hooks.ended) return;
  pthread_mutex_lock(&log->lock);
  log->hooks.ended(log->hooks.context, step);
  pthread_mutex_unlock(&log->lock);
}

/* A file name without slashes and characters that shells or URLs interpret. */
static void name_file(const dla_job_log *log, const char *name, dla_strbuf *path)
{
  dla_strbuf_printf(path, "%s/%s-", log->folder, log->started);
  for (; *name; name++)
    dla_strbuf_append(path, strchr("./[] ", *name) || (unsigned char)*name < ' ' ? "_" : name, 1);
  dla_strbuf_printf(path, ".log");
}

dla_status dla_job_stream_open(dla_job_log *log, const char *name, dla_job_stream **out,
                               dla_error *err)
{
  dla_job_stream *stream = calloc(1, sizeof *stream);
  dla_strbuf path = {0};
  if (stream) stream->name = strdup(name);
  if (log->folder) name_file(log, name, &path);
  if (!stream || !stream->name || path.failed) {
    if (stream) free(stream->name);
    free(stream);
    dla_strbuf_free(&path);
    return dla_fail_memory(err, "a step's log");
  }
  dla_one_line(stream->name);
  stream->log = log;
  if (log->folder) stream->file = fopen(path.text, "ae");
  dla_status status =
      log->folder && !stream->file ? dla_fail_errno(err, path.text, "write the log") : DLA_OK;
  dla_strbuf_free(&path);
  if (status)
    dla_job_stream_close(stream);
  else
    *out = stream;
  return status;
}

/* Flushes every line: it may be the last one, and the continuous sync may push it. */
static void write_stamped(dla_job_stream *stream, const char *line)
{
  char now[STAMP];
  dla_strbuf text = {0};
  stamp(now, "%Y-%m-%dT%H:%M:%SZ");
  dla_strbuf_printf(&text, "%s [%s] %s", now, stream->name, line);
  fprintf(stream->file, "%s\n", dla_strbuf_text(&text));
  fflush(stream->file);
  show(stream->log, dla_strbuf_text(&text), false);
  dla_strbuf_free(&text);
}

void dla_job_stream_line(dla_job_stream *stream, const char *line)
{
  dla_strbuf clean = {0};
  dla_workflow_redact(stream->log->workflow, line, &clean);
  char **slot = &stream->last[stream->lines++ % LAST_LINES];
  free(*slot);
  *slot = strdup(dla_strbuf_text(&clean));
  if (stream->file)
    write_stamped(stream, dla_strbuf_text(&clean));
  else
    show(stream->log, dla_strbuf_text(&clean), false);
  dla_strbuf_free(&clean);
}

void dla_job_stream_say_last(dla_job_stream *stream)
{
  size_t first = stream->lines > LAST_LINES ? stream->lines - LAST_LINES : 0;
  if (stream->lines == 0) dla_job_log_say(stream->log, "%s printed nothing", stream->name);
  if (stream->lines) dla_job_log_say(stream->log, "%s printed last:", stream->name);
  for (size_t i = first; i < stream->lines; i++)
    if (stream->last[i % LAST_LINES])
      dla_job_log_say(stream->log, "  %s", stream->last[i % LAST_LINES]);
}

void dla_job_stream_close(dla_job_stream *stream)
{
  if (!stream) return;
  if (stream->file) fclose(stream->file);
  for (size_t i = 0; i < LAST_LINES; i++)
    free(stream->last[i]);
  free(stream->name);
  free(stream);
}
