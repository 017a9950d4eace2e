/* Asks other programs about themselves. */
#ifndef DLA_DOCTOR_ASK_H
#define DLA_DOCTOR_ASK_H

#include "base/strbuf.h"

/* Runs a program of $PATH with one argument, for a few seconds at most, and appends its output.
 * Returns false if it is missing, failed, or was too slow. */
bool doctor_ask(const char *program, const char *argument, dla_strbuf *printed);

/* Whether the program is in $PATH. */
bool doctor_has(const char *program);

#endif
