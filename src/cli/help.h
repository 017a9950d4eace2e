/* What the program says of itself: help, and the options that stand in a verb's place. */
#ifndef DLA_CLI_HELP_H
#define DLA_CLI_HELP_H

#include "base/strbuf.h"
#include "cli/verb.h"

void dla_help_verb(const dla_verb *verb, dla_strbuf *out);

typedef struct dla_info {
  const char *name; /* without the dashes; NULL ends the table */
  const char *doc;
  void (*write)(dla_strbuf *out);
} dla_info;

extern const dla_info dla_infos[];

/* written is the whole argument: "--version". */
const dla_info *dla_info_find(const char *written);

#endif
