/* argv -> verb -> exit status; nothing else. */
#include <signal.h>

#include "cli/cli.h"
#include "cli/output.h"

int main(int argc, char **argv)
{
  signal(SIGPIPE, SIG_IGN); /* a closed pipe is an error of the write, with a message; */
  signal(SIGXFSZ, SIG_IGN); /* so is a file that may not grow */
  dla_error err = {0};
  dla_status status = dla_cli_run(argc, argv, &err);
  if (status) dla_cli_report(&err);
  return status == DLA_E_STEP ? err.exit_status : dla_exit_status(status);
}
