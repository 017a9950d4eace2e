#ifndef DLA_PROCESS_CAPTURE_H
#define DLA_PROCESS_CAPTURE_H

#include "base/strbuf.h"
#include "process/process.h"

/* Runs a program with one argument in this environment, and appends the lines that it prints.
 * signal and context are those of dla_process; signal NULL: nothing stops the program. */
dla_status dla_process_capture(const char *program, const char *argument,
                               int (*signal)(void *context), void *context, dla_strbuf *printed,
                               dla_process_end *end, dla_error *err);

#endif
