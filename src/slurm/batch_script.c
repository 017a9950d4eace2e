#include "slurm/batch_script.h"

#include <inttypes.h>
#include <string.h>

#include "base/shell_quote.h"
#include "process/argv.h"

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
static const char traps[] = "stopped=\n"
                            "stop() {\n"
                            "  stopped=1\n"
                            "  kill -s \"$1\" \"$job\" 2>/dev/null\n"
                            "}\n"
                            "trap 'stop USR1' USR1\n"
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
  if (job->requeue)
    dla_strbuf_printf(out, "[ \"$status\" = 75 ] && scontrol requeue \"$SLURM_JOB_ID\"\n");
  dla_strbuf_printf(out, "exit \"$status\"\n");
}
