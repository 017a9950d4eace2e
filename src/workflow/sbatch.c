/* --render-sbatch: the job as a Slurm batch script. */
#include <inttypes.h>

#include "base/path.h"
#include "base/shell_quote.h"
#include "slurm/batch_script.h"
#include "workflow/run.h"

enum { SIGNAL_SECONDS = 60 }; /* time to save and to push */

void dla_workflow_sbatch(const dla_workflow *workflow, const char *program, const char *path,
                         const dla_workflow_options *options, dla_strbuf *out)
{
  const dla_workflow_resources *r = &workflow->resources;
  dla_strbuf directives = {0}, command = {0};
  dla_strbuf_printf(&directives,
                    "#SBATCH --ntasks=%" PRId64 "\n#SBATCH --cpus-per-task=%" PRId64
                    "\n#SBATCH --mem-per-cpu=%" PRId64 "M\n",
                    r->tasks, r->cpus_per_task, r->mem_per_cpu);
  if (r->gpus > 0 && !options->no_gpus)
    dla_strbuf_printf(&directives, "#SBATCH --gpus=%" PRId64 "\n", r->gpus);
  dla_shell_quote(program, &command);
  dla_strbuf_printf(&command, " run%s%s -- ", options->no_container ? " --no-container" : "",
                    options->keep ? " --keep" : "");
  dla_shell_quote(path, &command);
  dla_batch_script(&(dla_batch_job){.name = dla_path_name(path),
                                    .directives = dla_strbuf_text(&directives),
                                    .command = dla_strbuf_text(&command),
                                    .signal_seconds = SIGNAL_SECONDS,
                                    .requeue = true},
                   out);
  out->failed |= dla_strbuf_done(&directives);
  out->failed |= dla_strbuf_done(&command);
}
