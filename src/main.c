/* argv -> verb -> exit status; nothing else. */
#include "base/inherited.h"
#include "cli/cli.h"
#include "cli/output.h"
#include "cli/signals.h"
#include "cli/waiting.h"

int main(int argc, char **argv)
{
  dla_inherited_put_right();
  dla_cli_settle_waiting(argv); /* before there is a thread */
  dla_error err = {0};
  dla_status status = dla_cli_signals_begin(&err);
  if (!status) status = dla_cli_run(argc, argv, &err);
  if (status) dla_cli_report(&err);
  dla_cli_signals_end();
  return status == DLA_E_STEP ? err.exit_status : dla_exit_status(status);
}
