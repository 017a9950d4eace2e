#include <config.h> /* setenv */

#include "cli/waiting.h"

#include <stdlib.h>
#include <unistd.h>

#include "base/inherited.h"
#include "base/scheduling.h"
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
    dla_unbind(); /* or the new start would take the first place for all the processors there are */
    dla_inherited_give_back();
    execv(path, argv);
    dla_inherited_put_right();
  }
  unset();
  free(path);
}
