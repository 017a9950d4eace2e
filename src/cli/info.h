/* Options that stand in a verb's place and print something about the program. */
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

#endif
