/* Slurm, MPI and container engines. A run may not need them, so a missing one is mentioned and
 * counts as good. */
#include <stdlib.h>
#include <string.h>

#include "base/cpu.h"
#include "base/plural.h"
#include "dla/dist.h"
#include "doctor/ask.h"
#include "doctor/checks.h"

/* The length of the first line. */
static int first_line(const dla_strbuf *text)
{
  return (int)strcspn(dla_strbuf_text(text), "\n");
}

static void add_version(const doctor *d, const char *name, const char *program, const char *more)
{
  dla_strbuf text = {0};
  if (doctor_ask(program, "--version", &text))
    dla_findings_add(d->findings, DLA_GOOD, name, NULL, "%.*s%s", first_line(&text),
                     dla_strbuf_text(&text), more);
  else
    dla_findings_add(d->findings, DLA_WARNING, name, "run it by hand to see what is wrong",
                     "%s is here, but %s --version fails: %.*s", program, program,
                     first_line(&text), dla_strbuf_text(&text));
  d->findings->failed |= dla_strbuf_done(&text);
}

/* ---- Slurm ---- */

static void look_at_job(const doctor *d, const char *job)
{
  const char *per_task = getenv("SLURM_CPUS_PER_TASK"), *nodes = getenv("SLURM_JOB_NODELIST");
  const long asked = per_task ? strtol(per_task, NULL, 10) : 0;
  const int usable = dla_cpu_affinity();
  if (asked > usable)
    dla_findings_add(d->findings, DLA_WARNING, "Slurm job",
                     "start it by srun --cpus-per-task, which gives a task its processors",
                     "%s: %ld processors a task were asked for, and %d may be used", job, asked,
                     usable);
  else
    dla_findings_add(d->findings, DLA_GOOD, "Slurm job", NULL,
                     "inside job %s on %s, %d processor%s", job, nodes ? nodes : "this node",
                     usable, dla_plural((uint64_t)usable));
}

void doctor_slurm(const doctor *d)
{
  const char *job = getenv("SLURM_JOB_ID");
  const bool sbatch = doctor_has("sbatch"), srun = doctor_has("srun");
  if (sbatch)
    add_version(d, "Slurm", "sbatch", srun ? "" : "; srun is missing");
  else
    dla_findings_add(d->findings, DLA_GOOD, "Slurm", NULL,
                     "sbatch is not here; dla-train submit prints a script for where it is");
  if (job && *job) look_at_job(d, job);
}

/* ---- MPI ---- */

/* srun can start ranks by PMIx if it has the plugin. */
static void look_at_pmix(const doctor *d)
{
  dla_strbuf text = {0};
  if (!doctor_has("srun")) return;
  const bool answered = doctor_ask("srun", "--mpi=list", &text);
  if (answered && strstr(dla_strbuf_text(&text), "pmix"))
    dla_findings_add(d->findings, DLA_GOOD, "PMIx", NULL, "srun --mpi=pmix starts ranks");
  else
    dla_findings_add(
        d->findings, DLA_WARNING, "PMIx",
        "start ranks with mpirun inside the job, or have Slurm's PMIx plugin installed",
        answered ? "srun knows no --mpi=pmix" : "srun --mpi=list fails");
  d->findings->failed |= dla_strbuf_done(&text);
}

void doctor_mpi(const doctor *d)
{
  const bool built = strstr(dla_dist_library(), "MPI") != NULL;
  if (!built) {
    dla_findings_add(d->findings, DLA_GOOD, "MPI", NULL,
                     "not built in: a run is one process, which is all that one machine needs");
    return;
  }
  if (doctor_has("mpirun"))
    add_version(d, "MPI", "mpirun", "");
  else
    dla_findings_add(d->findings, DLA_GOOD, "MPI", NULL,
                     "%s is built in; mpirun is not here, so only srun starts ranks",
                     dla_dist_library());
  look_at_pmix(d);
}

/* ---- Containers ---- */

/* In the order in which workflows prefer them; then engines that workflows do not use. */
void doctor_containers(const doctor *d)
{
  static const struct {
    const char *program;
    bool used;
  } engines[] = {{"apptainer", true},
                 {"podman", true},
                 {"enroot", true},
                 {"singularity", false},
                 {"docker", false}};
  bool any = false, used = false;
  for (size_t i = 0; i < sizeof engines / sizeof *engines; i++) {
    if (!doctor_has(engines[i].program)) continue;
    const bool first = engines[i].used && !used;
    any = true;
    used |= engines[i].used;
    /* enroot has no --version. */
    if (strcmp(engines[i].program, "enroot") == 0)
      dla_findings_add(d->findings, DLA_GOOD, "container engine", NULL, "enroot");
    else
      add_version(d, "container engine", engines[i].program,
                  first             ? "; workflows take it"
                  : engines[i].used ? ""
                                    : "; workflows do not use it");
  }
  if (!used)
    dla_findings_add(d->findings, DLA_GOOD, "container engine", NULL,
                     "%s; a workflow's steps in containers need apptainer, podman or enroot",
                     any ? "none of those that workflows use is here" : "there is none");
}
