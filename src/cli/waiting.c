#include <config.h> /* setenv, sched_setaffinity */

#include "cli/waiting.h"

#include <omp.h>
#include <sched.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/inherited.h"
#include "cli/program_path.h"

/* Rounds of a pause instruction: some 10 to 50 microseconds. */
#define SPINS "1000"
/* That it was this program that set it. */
#define MARK  "DLA_TRAIN_SPINS"

static void unset(void)
{
  unsetenv("GOMP_SPINCOUNT");
  unsetenv(MARK);
}

/* With OMP_PROC_BIND and the like libgomp has bound this thread to the first of its places, which
 * the new start would take for all the processors there are. */
static void unbind(void)
{
  cpu_set_t all;
  CPU_ZERO(&all);
  for (int place = 0; place < omp_get_num_places(); place++) {
    int count = omp_get_place_num_procs(place);
    int *ids = malloc((size_t)count * sizeof *ids);
    if (!ids) return;
    omp_get_place_proc_ids(place, ids);
    for (int k = 0; k < count; k++)
      if (ids[k] < CPU_SETSIZE) CPU_SET(ids[k], &all);
    free(ids);
  }
  if (CPU_COUNT(&all)) sched_setaffinity(0, sizeof all, &all);
}

void dla_cli_settle_waiting(char **argv)
{
  if (getenv(MARK)) { /* started once more: libgomp has read it */
    unset();
    return;
  }
  if (getenv("OMP_WAIT_POLICY") || getenv("GOMP_SPINCOUNT")) return;
  char *path = NULL;
  dla_error ignored = {0};
  if (dla_cli_program_path(&path, &ignored)) return;
  if (!setenv("GOMP_SPINCOUNT", SPINS, 1) && !setenv(MARK, "1", 1)) {
    unbind();
    dla_inherited_give_back();
    execv(path, argv);
    dla_inherited_put_right();
  }
  unset();
  free(path);
}
