#include "slurm/batch_script.h"

#include <inttypes.h>
#include <string.h>

#include "base/shell_quote.h"

/* A directive is not parsed by a shell and ends with its line, so unsafe characters of the name are
 * replaced. */
static void add_name(const char *name, dla_strbuf *out)
{
  dla_strbuf_printf(out, "#SBATCH --job-name=");
  for (const char *c = name; *c; c++)
    dla_strbuf_append(out, strchr(" \t\"'\\#%$`", *c) || (unsigned char)*c < ' ' ? "_" : c, 1);
  dla_strbuf_printf(out, "\n");
}

/* The batch shell gets the signal and passes it on. The signal ends `wait` before the job has
 * ended. */
static const char traps[] = "stopped= warned=\n"
                            "stop() {\n"
                            "  stopped=1\n"
                            "  kill -s \"$1\" \"$job\" 2>/dev/null\n"
                            "}\n"
                            "trap 'warned=1; stop USR1' USR1\n"
                            "trap 'stop TERM' TERM\n";
static const char waits[] = " &\n"
                            "job=$!\n"
                            "wait \"$job\"\n"
                            "status=$?\n"
                            "while [ \"$stopped\" ] && [ \"$status\" -gt 128 ]; do\n"
                            "  stopped=\n"
                            "  wait \"$job\"\n"
                            "  status=$?\n"
                            "done\n";
/* The number of a job array is that of its last task, too, and stands for all tasks: so a task is
 * named by both numbers. A job that was cancelled is COMPLETING when it ends here, and must stay
 * cancelled. So is one whose time ran out before it had saved, but that one had its USR1 before. If
 * Slurm itself requeues the job, it needs no second request. */
static const char requeues[] =
    "id=${SLURM_ARRAY_JOB_ID:+${SLURM_ARRAY_JOB_ID}_$SLURM_ARRAY_TASK_ID}\n"
    "id=${id:-$SLURM_JOB_ID}\n"
    "cancelled() {\n"
    "  [ ! \"$warned\" ] && [ \"$(squeue -h -j \"$id\" -o %T)\" = COMPLETING ]\n"
    "}\n"
    "[ \"$status\" = 75 ] && ! cancelled && scontrol requeue \"$id\"\n";

void dla_batch_script(const dla_batch_job *job, dla_strbuf *out)
{
  dla_strbuf_printf(out, "#!/bin/sh\n");
  add_name(job->name, out);
  /* B: sends the signal to the shell instead of the steps. */
  dla_strbuf_printf(out,
                    "%s#SBATCH --signal=B:USR1@%" PRId64 "\n#SBATCH --%srequeue\n"
                    "#SBATCH --open-mode=append\n\n",
                    job->directives, job->signal_seconds, job->requeue ? "" : "no-");
  if (job->folder) {
    dla_strbuf_printf(out, "cd ");
    dla_shell_quote(job->folder, out);
    dla_strbuf_printf(out, " || exit\n");
  }
  dla_strbuf_printf(out, "%s%s%s", traps, job->command, waits);
  if (job->requeue) dla_strbuf_printf(out, "%s", requeues);
  dla_strbuf_printf(out, "exit \"$status\"\n");
}
