/* Options that take a verb's place and print information about the program: --help, --version. */
#ifndef DLA_CLI_INFO_H
#define DLA_CLI_INFO_H

#include "base/strbuf.h"

typedef struct dla_info {
  const char *name; /* without the dashes; NULL ends the table */
  const char *doc;
  void (*write)(dla_strbuf *out);
} dla_info;

extern const dla_info dla_infos[];

/* written is the whole argument: "--version". */
const dla_info *dla_info_find(const char *written);

/* Rows of the table. */
void dla_help_program(dla_strbuf *out);
void dla_help_version(dla_strbuf *out);
void dla_man_program(dla_strbuf *out); /* dla-train(1) */
void dla_completion_bash(dla_strbuf *out);
void dla_completion_zsh(dla_strbuf *out);
void dla_completion_fish(dla_strbuf *out);

#endif
