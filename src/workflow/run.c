#include "workflow/run.h"

#include "base/temporary_folder.h"
#include "base/try.h"
#include "workflow/job.h"
#include "workflow/transfer.h"

static dla_status warn(const dla_job *job, dla_error *err)
{
  dla_workflow_faults shortages = {0};
  if (job->folders.homeless)
    dla_job_log_say(job->log,
                    "warning: HOME is no folder that can be written to: what is kept between jobs "
                    "is in %s (XDG_CACHE_HOME may name another place)",
                    job->folders.homeless);
  const dla_status status = dla_job_shortages(job, &shortages, err);
  for (size_t i = 0; i < shortages.count; i++)
    dla_job_log_say(job->log, "warning: %s", shortages.items[i].what);
  dla_workflow_faults_free(&shortages);
  return status;
}

static dla_status begin(dla_job *job, dla_error *err)
{
  dla_strbuf logs = {0};
  TRY(dla_folders_create(&job->folders, true, err));
  if (job->options.keep)
    dla_folders_keep(&job->folders);
  else if (job->workflow->output.protocol)
    dla_temporary_keep_part(job->folders.path[DLA_FOLDER_STORAGE], "output");
  if (job->workflow->logging)
    dla_strbuf_printf(&logs, "%s/logs", job->folders.path[DLA_FOLDER_OUTPUT]);
  dla_status status = logs.failed
                          ? dla_fail_memory(err, "a file name")
                          : dla_job_log_new(job->workflow, &job->hooks, logs.text, &job->log, err);
  dla_strbuf_free(&logs);
  return status ? status : warn(job, err);
}

/* A job ends with its steps' failure. A failed push of its output is reported in addition. */
static dla_status work(dla_job *job, bool *pushed, dla_error *err)
{
  static const dla_scope top = {.prefix = ""};
  dla_job_push *push;
  dla_error unpushed = {0};
  TRY(dla_job_fetch(job, err));
  TRY(dla_job_push_begin(job, &push, err));
  dla_status status = dla_job_run_steps(job, &job->workflow->steps, &top, err);
  dla_status after = dla_job_push_finish(push, status, &unpushed);
  *pushed = !after;
  if (!after) return status;
  if (status == DLA_OK || status == DLA_E_INTERRUPTED) {
    *err = unpushed;
    return after;
  }
  dla_job_log_say(job->log, "%s%s%s", unpushed.where, unpushed.where[0] ? ": " : "", unpushed.what);
  return status;
}

/* Removes scratch, unless something could not be pushed. Keeps output that is not pushed
 * anywhere. */
static void end(dla_job *job, bool pushed)
{
  const char *storage = job->folders.path[DLA_FOLDER_STORAGE];
  if (!storage) return;
  bool kept = job->log && (job->options.keep || !pushed);
  if (kept) {
    dla_folders_keep(&job->folders);
    dla_job_log_say(job->log, "kept: %s", storage);
  } else if (dla_folders_remove(&job->folders, job->workflow->output.protocol != 0) && job->log) {
    dla_job_log_say(job->log, "kept: %s", job->folders.path[DLA_FOLDER_OUTPUT]);
  }
}

dla_status dla_workflow_run(const dla_workflow *workflow, const dla_workflow_options *options,
                            const dla_workflow_hooks *hooks, dla_error *err)
{
  dla_job job;
  bool pushed = true;
  dla_status status = dla_job_prepare(&job, workflow, options, err);
  job.hooks = *hooks;
  if (!status) status = begin(&job, err);
  if (!status) status = work(&job, &pushed, err);
  end(&job, pushed);
  dla_job_release(&job);
  return status;
}
