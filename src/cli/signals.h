/* SIGTERM, SIGINT and SIGUSR1 ask a run to stop at the next step: it saves and ends with status 75.
 * A second SIGINT ends the process at once; the last whole checkpoint stays as it is. */
#ifndef DLA_CLI_SIGNALS_H
#define DLA_CLI_SIGNALS_H

#include "train/evaluate.h"

void dla_cli_catch_signals(void);
/* Has one of them come? */
dla_stop dla_cli_stop(void);
/* Which was the last; 0: none has. */
int dla_cli_stop_signal(void);

#endif
