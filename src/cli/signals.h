/* SIGTERM, SIGINT, SIGHUP and SIGUSR1. If there is something to save or to push, the first signal
 * asks for an orderly end. The second one ends the program at once; so does the first if there is
 * nothing to save. The status is 128 plus the signal's number. Children are ended, temporary files
 * and folders are removed, and each file is either the old or the new one. */
#ifndef DLA_CLI_SIGNALS_H
#define DLA_CLI_SIGNALS_H

#include "dla/status.h"
#include "train/evaluate.h"

/* Begins to listen for signals; the first one ends the program. */
dla_status dla_cli_signals_begin(dla_error *err);
/* After this, the first signal only asks. The caller must look at dla_cli_stop(), and save what it
 * did. */
void dla_cli_catch_signals(void);
/* Ends remaining children. Call it last. If a signal is ending the program, it does not return, so
 * that the status is the signal's. */
void dla_cli_signals_end(void);

/* Asks whether a signal has come. */
dla_stop dla_cli_stop(void);
/* The same, and the signal to pass on to children, which is SIGTERM for SIGHUP; 0: none has come.
 * Both are for tables of hooks: they look at no context. */
bool dla_cli_is_stopped(void *context);
int dla_cli_stop_signal(void *context);

#endif
