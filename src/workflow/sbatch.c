/* --render-sbatch: the job as a Slurm batch script. */
#include <inttypes.h>
#include <string.h>

#include "workflow/argv.h"
#include "workflow/run.h"

/* A directive is no shell text: it ends with its line, so a name is reduced to what is safe. */
static void add_job_name(const char *path, dla_strbuf *out)
{
  const char *slash = strrchr(path, '/');
  dla_strbuf_printf(out, "#SBATCH --job-name=");
  for (const char *c = slash ? slash + 1 : path; *c; c++)
    dla_strbuf_append(out, strchr(" \t\"'\\#%$`", *c) || (unsigned char)*c < ' ' ? "_" : c, 1);
  dla_strbuf_printf(out, "\n");
}

/* With B: the signal comes to the batch shell, which passes it on. It ends `wait` before the job
 * ends. */
static const char before[] = "#SBATCH --signal=B:USR1@60\n"
                             "#SBATCH --requeue\n"
                             "#SBATCH --open-mode=append\n"
                             "\n"
                             "stopped=\n"
                             "stop() {\n"
                             "  stopped=1\n"
                             "  kill -s \"$1\" \"$job\" 2>/dev/null\n"
                             "}\n"
                             "trap 'stop USR1' USR1\n"
                             "trap 'stop TERM' TERM\n";
static const char after[] = " &\n"
                            "job=$!\n"
                            "wait \"$job\"\n"
                            "status=$?\n"
                            "while [ \"$stopped\" ] && [ \"$status\" -gt 128 ]; do\n"
                            "  stopped=\n"
                            "  wait \"$job\"\n"
                            "  status=$?\n"
                            "done\n"
                            "[ \"$status\" = 75 ] && scontrol requeue \"$SLURM_JOB_ID\"\n"
                            "exit \"$status\"\n";

void dla_workflow_sbatch(const dla_workflow *workflow, const char *program, const char *path,
                         const dla_workflow_options *options, dla_strbuf *out)
{
  const dla_workflow_resources *r = &workflow->resources;
  dla_strbuf_printf(out, "#!/bin/sh\n");
  add_job_name(path, out);
  dla_strbuf_printf(out,
                    "#SBATCH --ntasks=%" PRId64 "\n#SBATCH --cpus-per-task=%" PRId64
                    "\n#SBATCH --mem-per-cpu=%" PRId64 "M\n",
                    r->tasks, r->cpus_per_task, r->mem_per_cpu);
  if (r->gpus > 0) dla_strbuf_printf(out, "#SBATCH --gpus=%" PRId64 "\n", r->gpus);
  dla_strbuf_printf(out, "%s", before);
  dla_shell_quote(program, out);
  dla_strbuf_printf(out, " run%s%s -- ", options->no_container ? " --no-container" : "",
                    options->keep ? " --keep" : "");
  dla_shell_quote(path, out);
  dla_strbuf_printf(out, "%s", after);
}
