#include <config.h> /* setenv */

#include "cli/waiting.h"

#include <stdlib.h>
#include <unistd.h>

#include "base/inherited.h"
#include "base/scheduling.h"
#include "cli/program_path.h"

/* Rounds of a pause instruction: some 10 to 50 microseconds. */
#define SPINS "1000"
/* Says that this program set it. */
#define MARK  "DLA_TRAIN_SPINS"

static void unset(void)
{
  unsetenv("GOMP_SPINCOUNT");
  unsetenv(MARK);
}

void dla_cli_settle_waiting(char **argv)
{
  if (getenv(MARK)) { /* this is the second start: libgomp has read it */
    unset();
    return;
  }
  if (getenv("OMP_WAIT_POLICY") || getenv("GOMP_SPINCOUNT")) return;
  char *path = NULL;
  dla_error ignored = {0};
  if (dla_cli_program_path(&path, &ignored)) return;
  if (!setenv("GOMP_SPINCOUNT", SPINS, 1) && !setenv(MARK, "1", 1)) {
    dla_unbind(); /* else the new process would think that it has only the processors of the first
                   * place */
    dla_inherited_give_back();
    execv(path, argv);
    dla_inherited_put_right();
  }
  unset();
  free(path);
}
