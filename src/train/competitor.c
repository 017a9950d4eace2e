#include <config.h>

#include "train/competitor.h"

#include <errno.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/scheduling.h"

/* Only system calls: the forking process has other threads. */
static _Noreturn void compete(pid_t parent)
{
  prctl(PR_SET_PDEATHSIG, SIGKILL);
  dla_ask_for_usual_slices();
  if (getppid() != parent) _exit(0); /* the parent has already ended */
  for (volatile unsigned long i = 0;; i++)
    ;
}

dla_status dla_competitor_begin(pid_t *competitor, dla_error *err)
{
  pid_t parent = getpid();
  *competitor = fork();
  if (*competitor == 0) compete(parent);
  return *competitor < 0 ? dla_fail_errno(err, "--disturbed", "start a process") : DLA_OK;
}

void dla_competitor_end(pid_t competitor)
{
  kill(competitor, SIGKILL);
  while (waitpid(competitor, NULL, 0) < 0 && errno == EINTR)
    ;
}
