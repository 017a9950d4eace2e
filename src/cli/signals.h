/* SIGTERM, SIGINT, SIGHUP and SIGUSR1. Where there is something to save or to push, the first one
 * asks for an orderly end; the second, or the first where there is nothing to save, ends the
 * program at once, wherever it is, with status 128 and the signal's number: children are ended,
 * temporary files and folders removed, and files are the old ones or the new ones. */
#ifndef DLA_CLI_SIGNALS_H
#define DLA_CLI_SIGNALS_H

#include "dla/status.h"
#include "train/evaluate.h"

/* From here on signals are heard; the first ends the program. */
dla_status dla_cli_signals_begin(dla_error *err);
/* The caller looks at dla_cli_stop(), and has what it did saved: the first one only asks. */
void dla_cli_catch_signals(void);
/* Ends children that are left. To be called last: where a signal is ending the program, it does not
 * return, so that the status is that one's. */
void dla_cli_signals_end(void);

/* Has one of them come? */
dla_stop dla_cli_stop(void);
/* The one to pass on to children, which is SIGTERM for SIGHUP; 0: none has come. */
int dla_cli_stop_signal(void);

#endif
