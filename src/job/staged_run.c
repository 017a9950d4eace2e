#include "job/staged_run.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/path.h"
#include "base/plural.h"
#include "base/try.h"
#include "checkpoint/retention.h"
#include "config/schema.h"
#include "job/folders.h"
#include "job/place.h"
#include "staging/transfer/check_dest.h"
#include "staging/transfer/restore.h"
#include "staging/transfer/stage.h"
#include "train/logs.h"
#include "train/trainer.h"

struct dla_staged_run {
  dla_folders folders;
  dla_place input, output;
  const dla_job_hooks *hooks;
  dla_stage_observer observer; /* for the output: signals do not stop it */
  bool continuous, delete_sync, optional;
  int64_t input_mode;
  double flush_seconds;
  dla_watch *watch; /* NULL: not started */
};

static bool is_remote(const dla_place *place)
{
  return place->location != NULL;
}

/* ---- Beginning ---- */

static bool is_staged(const dla_config *config)
{
  return config->input.http.url[0] || config->input.s3.bucket_url[0] ||
         config->output.http.url[0] || config->output.s3.bucket_url[0];
}

static dla_status read_places(dla_staged_run *run, const dla_config *config, dla_error *err)
{
  run->observer = run->hooks->observer(run->hooks->context);
  run->observer.stop = NULL;
  run->continuous = config->continuous_output_sync;
  run->delete_sync = config->output.s3.delete_sync;
  run->optional = config->output.optional;
  run->input_mode = config->input_mode;
  run->flush_seconds = config->staging.flush_seconds;
  TRY(dla_place_input(config, &run->input, err));
  TRY(dla_place_output(config, &run->output, err));
  return run->continuous && run->output.http
             ? dla_fail(err, DLA_E_UNSUPPORTED, "continuousOutputSync", "leave it out, or use S3",
                        "output over HTTP goes at the end, all in one")
             : DLA_OK;
}

static dla_status fetch_input(dla_staged_run *run, dla_error *err)
{
  const double mb = 1e6;
  dla_stage_outcome outcome;
  dla_stage_observer observer = run->hooks->observer(run->hooks->context);
  if (!is_remote(&run->input)) return DLA_OK;
  dla_status status = dla_place_fetch(&run->input, run->folders.path[DLA_FOLDER_INPUT],
                                      run->input_mode, &observer, &outcome, err);
  if (!status)
    dla_job_say(run->hooks, "input: %llu fetched, %llu there already, %.1f MB",
                (unsigned long long)outcome.moved, (unsigned long long)outcome.same,
                (double)outcome.bytes / mb);
  return status;
}

/* Without staging, the folders' variables count as unset. */
static dla_status check_needed(const dla_staged_run *run, dla_dist *dist, const dla_config *config,
                               dla_error *err)
{
  const dla_error *unset = &run->folders.in_config.unset;
  if (!is_staged(config)) {
    if (unset->status) *err = *unset;
    return unset->status;
  }
  if (dla_dist_size(dist) > 1)
    return dla_fail(
        err, DLA_E_UNSUPPORTED, NULL, "dla-train stage get before the run and stage put behind it",
        "a run of several ranks takes its input from folders and leaves its output in one");
  return DLA_OK;
}

dla_status dla_staged_run_begin(const dla_config_layers *layers, const dla_job_hooks *hooks,
                                dla_dist *dist, dla_config *config, dla_staged_run **out,
                                dla_error *err)
{
  *out = NULL;
  dla_staged_run *run = calloc(1, sizeof *run);
  if (!run) return dla_fail_memory(err, "the staging");
  run->hooks = hooks;
  dla_folders_init(&run->folders);
  dla_config_layers with_folders = *layers;
  with_folders.folders = &run->folders.in_config;
  dla_status status = dla_config_load(config, &with_folders, err);
  bool loaded = !status;
  if (loaded) hooks->configured(hooks->context, config);
  if (!status) status = check_needed(run, dist, config, err);
  bool staged = !status && is_staged(config);
  if (staged) status = dla_folders_make(&run->folders, err);
  if (staged && !status) status = read_places(run, config, err);
  if (staged && !status) status = fetch_input(run, err);
  if (staged && !status)
    *out = run;
  else
    dla_staged_run_abandon(run);
  if (loaded && !*out) config->folders = NULL;
  if (loaded && status) dla_config_free(config);
  return status;
}

/* ---- The configuration ---- */

/* Makes a relative path one in the folder. */
static dla_status move_into(const char *folder, char **path, dla_error *err)
{
  char *whole = dla_join_path(folder, *path);
  if (!whole) return dla_fail_memory(err, "a file name");
  free(*path);
  *path = whole;
  return DLA_OK;
}

/* The rest of a path in the folder; NULL: not in it. */
static const char *below(const char *folder, const char *path)
{
  size_t length = strlen(folder);
  if (strncmp(path, folder, length) != 0 || !strchr("/", path[length])) return NULL;
  return path + length + strspn(path + length, "/");
}

/* Files written elsewhere would not be pushed. */
static dla_status check_output(const char *folder, const char *key, const char *path,
                               dla_error *err)
{
  if (below(folder, path)) return DLA_OK;
  return dla_fail(err, DLA_E_INPUT, key, "leave it out, or begin it with $DEEPSQUARE_OUTPUT",
                  "'%.200s' is not in the output folder, which is what is pushed", path);
}

/* Files written there would be removed with the input. */
static dla_status check_kept(const dla_staged_run *run, const char *key, const char *path,
                             dla_error *err)
{
  if (!dla_folders_lose(&run->folders, path)) return DLA_OK;
  return dla_fail(err, DLA_E_INPUT, key, "choose another folder, such as $DEEPSQUARE_OUTPUT",
                  "'%.200s' is in the input folder, which is removed at the run's end", path);
}

dla_status dla_staged_run_apply(const dla_staged_run *run, dla_config *config, dla_error *err)
{
  dla_config_redact(config);
  if (!run) return DLA_OK;
  const char *output = run->folders.path[DLA_FOLDER_OUTPUT];
  if (is_remote(&run->input) && !config->dataset.path[0])
    TRY(dla_text_set(&config->dataset.path, run->folders.path[DLA_FOLDER_INPUT], "a file name",
                     err));
  TRY(check_kept(run, "output.dir", config->output.dir, err));
  TRY(check_kept(run, "checkpoint.out", config->checkpoint.out, err));
  if (!is_remote(&run->output)) return DLA_OK;
  if (strcmp(config->output.dir, dla_key_find("output", "dir")->fallback) == 0)
    TRY(dla_text_set(&config->output.dir, output, "a file name", err));
  bool named = config->checkpoint.out[0];
  if (named && config->checkpoint.out[0] != '/')
    TRY(move_into(output, &config->checkpoint.out, err));
  TRY(check_output(output, "output.dir", config->output.dir, err));
  return named ? check_output(output, "checkpoint.out", config->checkpoint.out, err) : DLA_OK;
}

/* ---- Checkpoints of another machine ---- */

typedef struct wanted {
  const char *out, *metrics, *csv; /* keys */
} wanted;

static bool is_wanted(void *context, const char *key)
{
  const wanted *w = context;
  return strcmp(key, w->metrics) == 0 || strcmp(key, w->csv) == 0 ||
         dla_checkpoint_belongs(w->out, key);
}

static dla_status restore(const dla_staged_run *run, const wanted *w, dla_error *err)
{
  dla_stage_observer observer = run->hooks->observer(run->hooks->context);
  dla_stage_outcome outcome = {0};
  dla_status status =
      dla_stage_restore(dla_secret_text(run->output.location), run->folders.path[DLA_FOLDER_OUTPUT],
                        is_wanted, (void *)w, &run->output.settings, &observer, &outcome, err);
  if (outcome.moved)
    dla_job_say(run->hooks, "%llu file%s in the output's store", (unsigned long long)outcome.moved,
                outcome.moved == 1 ? " of this run was" : "s of this run were");
  return status;
}

dla_status dla_staged_run_restore(const dla_staged_run *run, const dla_config *config,
                                  dla_error *err)
{
  if (!run || !is_remote(&run->output) || run->output.http) return DLA_OK;
  if (!dla_checkpoint_is_of_run(config->checkpoint.in)) return DLA_OK;
  const char *folder = run->folders.path[DLA_FOLDER_OUTPUT];
  dla_strbuf out = {0}, metrics = {0}, csv = {0};
  dla_strbuf_printf(&metrics, "%s/" DLA_METRICS_FILE, config->output.dir);
  dla_strbuf_printf(&csv, "%s/" DLA_CSV_FILE, config->output.dir);
  dla_status status = dla_train_checkpoint_path(config, &out, err);
  if (!status && (metrics.failed || csv.failed)) status = dla_fail_memory(err, "a file name");
  if (!status && access(out.text, F_OK) != 0) {
    const wanted w = {.out = below(folder, out.text),
                      .metrics = below(folder, metrics.text),
                      .csv = below(folder, csv.text)};
    status = restore(run, &w, err);
  }
  dla_strbuf_free(&out);
  dla_strbuf_free(&metrics);
  dla_strbuf_free(&csv);
  return status;
}

/* ---- The output ---- */

static dla_status start_watch(dla_staged_run *run, dla_error *err)
{
  return dla_place_watch(&run->output, run->folders.path[DLA_FOLDER_OUTPUT], &run->observer,
                         &run->watch, err);
}

/* Finds a wrong key or bucket before the first step instead of hours later. */
static dla_status try_output(const dla_staged_run *run, dla_error *err)
{
  if (!is_remote(&run->output) || run->output.http) return DLA_OK; /* a PUT of HTTP replaces */
  dla_error warning;
  const dla_stage_observer observer = run->hooks->observer(run->hooks->context);
  const dla_stage_observer quiet = {.context = observer.context, .stop = observer.stop};
  const dla_status status =
      dla_stage_check_dest(dla_secret_text(run->output.location), &run->output.settings, &quiet,
                           run->optional, &warning, err);
  if (warning.status)
    dla_job_say(run->hooks, "warning: the output cannot be pushed now: %s: %s", warning.where,
                warning.what);
  return status;
}

dla_status dla_staged_run_push(dla_staged_run *run, dla_error *err)
{
  if (!run) return DLA_OK;
  const dla_status status = try_output(run, err);
  if (status || !run->continuous || !is_remote(&run->output)) return status;
  run->observer.progress = NULL; /* training owns the progress bar */
  return start_watch(run, err);
}

static dla_status finish_watch(dla_staged_run *run, bool delete_gone, dla_error *err)
{
  const double mb = 1e6;
  dla_watch_summary summary = {0};
  TRY(run->watch ? DLA_OK : start_watch(run, err));
  dla_status status = dla_watch_finish(run->watch, run->flush_seconds, delete_gone, &summary, err);
  dla_job_say(run->hooks, "output: %llu file%s pushed, %.1f MB, %llu %s",
              (unsigned long long)summary.files, dla_plural(summary.files),
              (double)summary.bytes / mb, (unsigned long long)summary.retries,
              summary.retries == 1 ? "retry" : "retries");
  for (size_t i = 0; i < summary.failed_count; i++)
    dla_job_say(run->hooks, "not pushed: %s/%s", run->folders.path[DLA_FOLDER_OUTPUT],
                summary.failed[i]);
  dla_watch_summary_free(&summary);
  return status;
}

static dla_status put_all(dla_staged_run *run, dla_error *err)
{
  dla_stage_outcome outcome;
  dla_error why = {0};
  dla_stage_request request = {.act = DLA_ACT_PUT,
                               .source = run->folders.path[DLA_FOLDER_OUTPUT],
                               .dest = dla_secret_text(run->output.location),
                               .filters = run->output.filters,
                               .filter_count = run->output.filter_count};
  if (!dla_stage(&request, &run->output.settings, &run->observer, &outcome, &why)) return DLA_OK;
  return dla_fail(err, DLA_E_NOT_PUSHED, why.where, "the local copies stay",
                  "the files of %s could not be pushed: %.300s",
                  run->folders.path[DLA_FOLDER_OUTPUT], why.what);
}

/* Output that is not pushed stays here. Everything stays if the push was incomplete. */
static void free_folders(dla_staged_run *run, bool keep)
{
  bool pushed = is_remote(&run->output);
  if (pushed && keep)
    dla_folders_keep(&run->folders);
  else if (dla_folders_remove(&run->folders, pushed))
    dla_job_say(run->hooks, "output: %s stays", run->folders.path[DLA_FOLDER_OUTPUT]);
  dla_place_free(&run->input);
  dla_place_free(&run->output);
  dla_folders_free(&run->folders);
  free(run);
}

dla_status dla_staged_run_finish(dla_staged_run *run, dla_status status, dla_error *err)
{
  dla_error why = {0};
  dla_status pushed = DLA_OK;
  if (!run) return status;
  const dla_job_hooks *hooks = run->hooks;
  /* A failed or interrupted run deletes nothing: files it has not written may still come. */
  bool delete_gone = run->delete_sync && !status;
  if (is_remote(&run->output))
    pushed = run->output.http ? put_all(run, &why) : finish_watch(run, delete_gone, &why);
  free_folders(run, pushed != DLA_OK);
  if (!pushed) return status;
  /* The run's own failure is the result; that its output was not pushed is reported separately. */
  bool own = status && status != DLA_E_INTERRUPTED;
  if (status) hooks->report(hooks->context, own ? &why : err);
  if (own) return status;
  *err = why;
  return pushed;
}

void dla_staged_run_abandon(dla_staged_run *run)
{
  if (run) free_folders(run, false);
}
