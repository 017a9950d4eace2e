#include "workflow/transfer.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/path.h"
#include "base/try.h"
#include "job/place.h"
#include "staging/location.h"
#include "staging/storage/folder_storage.h"
#include "staging/storage/s3.h"
#include "staging/transfer/check_dest.h"
#include "staging/transfer/stage.h"
#include "staging/transfer/watch.h"

/* Time limits for the last push. Slurm gives a job that must stop about a minute. */
static const double FINISH = 6 * 3600, FINISH_INTERRUPTED = 50;

struct dla_job_push {
  dla_job *job;
  dla_place to;
  dla_stage_observer observer;
  dla_watch *watch; /* NULL: nothing is pushed before the end */
};

/* ---- Shared by both directions ---- */

/* bucketUrl + path. */
static char *s3_location(const dla_workflow_transfer *t)
{
  dla_strbuf text = {0};
  size_t length = strlen(t->bucket_url);
  while (length && t->bucket_url[length - 1] == '/')
    length--;
  dla_strbuf_printf(&text, "%.*s%s", (int)length, t->bucket_url, t->path);
  if (!text.failed) return text.text;
  dla_strbuf_free(&text);
  return NULL;
}

void dla_transfer_show(const dla_workflow_transfer *t, dla_strbuf *out)
{
  dla_location location = {0};
  dla_error ignored = {0};
  bool s3 = t->protocol == DLA_WORKFLOW_S3;
  char *text = s3 ? s3_location(t) : NULL;
  if (text) dla_strbuf_printf(out, "%s at ", text);
  /* The URL as shown, without a password */
  if (!dla_location_parse(s3 ? t->endpoint_url : dla_secret_text(t->url), &location, &ignored))
    dla_strbuf_printf(out, "%s", location.shown);
  dla_location_free(&location);
  free(text);
}

static dla_status copy_secret(const dla_secret *from, dla_secret **to, dla_error *err)
{
  dla_secret_free(*to);
  *to = NULL;
  const char *text = dla_secret_text(from);
  return dla_secret_new(text, text ? strlen(text) : 0, to, err);
}

/* The file's value, trimmed, or none. */
static dla_status take_secret(dla_stage_settings *s, const char *what, const dla_secret *from,
                              dla_secret **to, dla_error *err)
{
  dla_secret_free(*to);
  *to = NULL;
  return from ? dla_stage_take_secret(s, what, dla_secret_text(from), to, err) : DLA_OK;
}

static dla_status take_s3(const dla_workflow_transfer *t, dla_place *place, dla_error *err)
{
  dla_stage_settings *s = &place->settings;
  TRY(take_secret(s, "accessKeyId", t->access_key, &s->access_key, err));
  TRY(take_secret(s, "secretAccessKey", t->secret_key, &s->secret_key, err));
  TRY(take_secret(s, "session token", NULL, &s->session_token, err));
  s->region[0] = s->endpoint[0] = s->missing_profile[0] = '\0';
  TRY(dla_stage_take_text(s, "region", t->region, s->region, sizeof s->region, err));
  TRY(dla_stage_take_text(s, "endpointUrl", t->endpoint_url, s->endpoint, sizeof s->endpoint, err));
  char *location = s3_location(t);
  if (!location) return dla_fail_memory(err, "a location");
  dla_status status = dla_secret_new(location, strlen(location), &place->location, err);
  free(location);
  return status;
}

/* Uses only the credentials in the file, not those of the environment. Free it in any case. */
static dla_status make_place(const dla_workflow_transfer *t, dla_place *place, dla_error *err)
{
  *place = (dla_place){.http = t->protocol == DLA_WORKFLOW_HTTP};
  if (!t->protocol) return DLA_OK;
  TRY(dla_stage_settings_init(&place->settings, err));
  if (t->protocol == DLA_WORKFLOW_S3) return take_s3(t, place, err);
  return copy_secret(t->url, &place->location, err);
}

static void on_event(void *context, const dla_stage_event *event)
{
  dla_job_log_say(context, "%-7s %s%s%s", dla_stage_kind_name(event->kind), event->name,
                  event->detail[0] ? ": " : "", event->detail);
}

/* ---- In ---- */

static bool on_stop(void *context)
{
  const dla_job *job = context;
  return job->hooks.signal(job->hooks.context) != 0;
}

static void on_fetch_event(void *context, const dla_stage_event *event)
{
  const dla_job *job = context;
  on_event(job->log, event);
}

dla_status dla_job_fetch(dla_job *job, dla_error *err)
{
  const dla_workflow *w = job->workflow;
  dla_place from;
  dla_stage_outcome outcome;
  dla_stage_observer observer = {.context = job, .event = on_fetch_event, .stop = on_stop};
  dla_status status = make_place(&w->input, &from, err);
  if (!status)
    status = dla_place_fetch(&from, job->folders.path[DLA_FOLDER_INPUT], w->input_mode, &observer,
                             &outcome, err);
  if (!status && w->input.protocol)
    dla_job_log_say(job->log, "input: %llu files, %llu bytes", (unsigned long long)outcome.moved,
                    (unsigned long long)outcome.bytes);
  dla_place_free(&from);
  return status;
}

/* ---- Out ---- */

static const char *output_folder(const dla_job *job)
{
  return job->folders.path[DLA_FOLDER_OUTPUT];
}

static dla_status begin_watch(dla_job_push *push, dla_error *err)
{
  const dla_workflow *w = push->job->workflow;
  if (w->output.protocol == DLA_WORKFLOW_HTTP) {
    if (w->continuous_sync)
      dla_job_log_say(push->job->log, "warning: continuousOutputSync works with S3 only: the "
                                      "output is pushed at the end");
    return DLA_OK;
  }
  if (!w->continuous_sync) return DLA_OK;
  return dla_place_watch(&push->to, output_folder(push->job), &push->observer, &push->watch, err);
}

/* Before the first step, as in a training run. */
static dla_status try_output(const dla_job_push *push, dla_error *err)
{
  dla_error warning;
  const dla_status status =
      dla_stage_check_dest(dla_secret_text(push->to.location), &push->to.settings, &push->observer,
                           false, &warning, err);
  if (warning.status)
    dla_job_log_say(push->job->log, "warning: the output cannot be pushed now: %s: %s",
                    warning.where, warning.what);
  return status;
}

static void free_push(dla_job_push *push)
{
  dla_place_free(&push->to);
  free(push);
}

dla_status dla_job_push_begin(dla_job *job, dla_job_push **out, dla_error *err)
{
  *out = NULL;
  if (!job->workflow->output.protocol) return DLA_OK;
  dla_job_push *push = calloc(1, sizeof *push);
  if (!push) return dla_fail_memory(err, "the output");
  push->job = job;
  push->observer = (dla_stage_observer){.context = job->log, .event = on_event};
  dla_status status = make_place(&job->workflow->output, &push->to, err);
  if (!status && push->job->workflow->output.protocol == DLA_WORKFLOW_S3)
    status = try_output(push, err);
  if (!status) status = begin_watch(push, err);
  if (status)
    free_push(push);
  else
    *out = push;
  return status;
}

/* A failed or interrupted job deletes nothing: files it has not written may still come. */
static bool deletes(const dla_job_push *push, dla_status steps)
{
  return push->job->workflow->output.delete_sync && steps == DLA_OK;
}

static dla_status finish_watch(dla_job_push *push, dla_status steps, dla_error *err)
{
  dla_watch_summary summary = {0};
  dla_status status =
      dla_watch_finish(push->watch, steps == DLA_E_INTERRUPTED ? FINISH_INTERRUPTED : FINISH,
                       deletes(push, steps), &summary, err);
  for (size_t i = 0; i < summary.failed_count; i++)
    dla_job_log_say(push->job->log, "not pushed: %s", summary.failed[i]);
  dla_watch_summary_free(&summary);
  return status;
}

/* An empty folder deletes nothing: it is probably a mistake (as in dla_watch_finish). */
static bool holds_files(const char *folder)
{
  dla_storage *storage = NULL;
  dla_objects files = {0};
  dla_error ignored = {0};
  bool some = !dla_folder_storage_new(folder, NULL, &storage, &ignored) &&
              !storage->op->list(storage, &files, &ignored) && files.count > 0;
  dla_objects_free(&files);
  dla_storage_free(storage);
  return some;
}

/* As curl --upload-file, which the grid uses: if the URL names no file, the file's name is
 * appended. */
static dla_status name_upload(const dla_secret *url, const char *name, dla_secret **location,
                              dla_error *err)
{
  const char *text = dla_secret_text(url), *host = strstr(text, "://");
  const size_t end = strcspn(text, "?#");
  const char *path = host ? memchr(host + 3, '/', end - (size_t)(host + 3 - text)) : NULL;
  dla_strbuf named = {.secret = true};
  dla_strbuf_append(&named, text, end);
  if (!path || text[end - 1] == '/') {
    if (!path) dla_strbuf_append(&named, "/", 1);
    dla_s3_encode(&named, name, false);
  }
  dla_strbuf_printf(&named, "%s", text + end);
  dla_status status = named.failed ? dla_fail_memory(err, "a location")
                                   : dla_secret_new(named.text, named.length, location, err);
  dla_strbuf_free(&named);
  return status;
}

/* The URL for this output. Several files are sent as one archive, with the grid's name for it. */
static dla_status set_upload(dla_job_push *push, const char *file, dla_error *err)
{
  dla_secret *location = NULL;
  TRY(name_upload(push->to.location, file ? dla_path_name(file) : "output.zip", &location, err));
  dla_secret_free(push->to.location);
  push->to.location = location;
  return DLA_OK;
}

static dla_status push_all(dla_job_push *push, dla_status steps, dla_error *err)
{
  dla_stage_outcome outcome;
  dla_job *job = push->job;
  /* A service that takes one file should not get a zip just because logging is on. */
  const char *logs = job->workflow->logging ? "logs" : NULL;
  char *file = push->to.http ? dla_only_file(output_folder(job), logs) : NULL;
  dla_status status = push->to.http ? set_upload(push, file, err) : DLA_OK;
  dla_stage_request request = {.act = push->to.http ? DLA_ACT_PUT : DLA_ACT_SYNC,
                               .source = file ? file : output_folder(job),
                               .dest = dla_secret_text(push->to.location),
                               .delete_gone =
                                   deletes(push, steps) && holds_files(output_folder(job))};
  if (!status) status = dla_stage(&request, &push->to.settings, &push->observer, &outcome, err);
  if (!status)
    dla_job_log_say(job->log, "output: %llu files pushed, %llu were there, %llu deleted",
                    (unsigned long long)outcome.moved, (unsigned long long)outcome.same,
                    (unsigned long long)outcome.deleted);
  free(file);
  return status;
}

dla_status dla_job_push_finish(dla_job_push *push, dla_status steps, dla_error *err)
{
  if (!push) return DLA_OK;
  dla_error why = {0};
  dla_status status = push->watch ? finish_watch(push, steps, &why) : push_all(push, steps, &why);
  if (status)
    dla_fail(err, DLA_E_NOT_PUSHED, why.where, why.hint, "the output was not pushed: %s", why.what);
  free_push(push);
  return status ? DLA_E_NOT_PUSHED : DLA_OK;
}
