#include "cli/sweep_array.h"

#include <inttypes.h>
#include <limits.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/path.h"
#include "base/shell_quote.h"
#include "base/try.h"
#include "cli/program_path.h"
#include "slurm/batch_script.h"
#include "slurm/directives.h"

static bool is_wanted(const dla_standing *standing, bool retry_failed, size_t trial)
{
  dla_trial_stage stage = standing->states[trial].stage;
  return stage == DLA_TRIAL_WAITING || stage == DLA_TRIAL_UNFINISHED ||
         (stage == DLA_TRIAL_FAILED && retry_failed);
}

/* Appends the numbers of the wanted trials, from 1: "2,5-7". */
static void add_numbers(const dla_standing *standing, bool retry_failed, dla_strbuf *out)
{
  for (size_t i = 0, end; i < standing->count; i = end + 1) {
    for (end = i; end < standing->count && is_wanted(standing, retry_failed, end);)
      end++;
    if (end == i) continue;
    dla_strbuf_printf(out, "%s%zu", out->length ? "," : "", i + 1);
    if (end > i + 1) dla_strbuf_printf(out, "-%zu", end);
  }
}

static dla_status add_directives(const dla_sweep *sweep, const dla_config *config,
                                 const dla_standing *standing, bool retry_failed, dla_strbuf *out,
                                 dla_error *err)
{
  if (config->slurm.ntasks > 1)
    return dla_fail(err, DLA_E_UNSUPPORTED, "slurm.ntasks", "give a task more cpus_per_task",
                    "a trial of a job array is one task");
  dla_strbuf numbers = {0};
  add_numbers(standing, retry_failed, &numbers);
  dla_status status = dla_slurm_directives(config, out, err);
  if (!status && !numbers.length)
    status = dla_fail(err, DLA_E_INPUT, sweep->file, "see --report, and --retry-failed",
                      "no trial has more to do");
  dla_strbuf_printf(out, "#SBATCH --array=%s", dla_strbuf_text(&numbers));
  if (config->slurm.array_limit) dla_strbuf_printf(out, "%%%" PRId64, config->slurm.array_limit);
  dla_strbuf_printf(out, "\n");
  out->failed |= dla_strbuf_done(&numbers);
  return status;
}

static dla_status write_script(const dla_sweep *sweep, const dla_config *config,
                               const char *directives, dla_strbuf *script, dla_error *err)
{
  char *program, folder[PATH_MAX];
  dla_strbuf command = {0};
  if (!getcwd(folder, sizeof folder)) return dla_fail_errno(err, ".", "name the folder");
  TRY(dla_cli_program_path(&program, err));
  dla_shell_quote(program, &command);
  dla_strbuf_printf(&command, " sweep --trial=\"$SLURM_ARRAY_TASK_ID\" -- ");
  dla_shell_quote(sweep->file, &command);
  dla_batch_script(&(dla_batch_job){.name = dla_path_name(sweep->file),
                                    .directives = directives,
                                    .folder = folder,
                                    .command = dla_strbuf_text(&command),
                                    .signal_seconds = config->slurm.signal_seconds,
                                    .requeue = config->slurm.requeue},
                   script);
  script->failed |= dla_strbuf_done(&command);
  free(program);
  return DLA_OK;
}

dla_status dla_sweep_array(const dla_sweep *sweep, const dla_trials *trials,
                           const dla_standing *standing, bool retry_failed, dla_strbuf *script,
                           dla_error *err)
{
  dla_config config;
  dla_strbuf directives = {0};
  if (sweep->method == DLA_SWEEP_HALVING)
    return dla_fail(err, DLA_E_UNSUPPORTED, sweep->file,
                    "grid or random; or submit a job that runs the sweep, with parallel",
                    "method: the trials of a halving sweep wait for one another, which those of a "
                    "job array do not");
  TRY(dla_trial_config(sweep, &trials->items[0], &config, err));
  dla_status status = add_directives(sweep, &config, standing, retry_failed, &directives, err);
  if (!status) status = write_script(sweep, &config, dla_strbuf_text(&directives), script, err);
  script->failed |= directives.failed;
  dla_config_free(&config);
  dla_strbuf_free(&directives);
  return status;
}
