/* Appends the usage of a verb. */
#ifndef DLA_CLI_HELP_H
#define DLA_CLI_HELP_H

#include "base/strbuf.h"
#include "cli/verb.h"

void dla_help_verb(const dla_verb *verb, dla_strbuf *out);

#endif
