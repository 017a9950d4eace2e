/* A command as a list of arguments; no shell splits it. */
#ifndef DLA_PROCESS_ARGV_H
#define DLA_PROCESS_ARGV_H

#include "base/strbuf.h"

typedef struct dla_argv {
  char **items; /* ends with NULL; owned */
  size_t count, capacity;
  bool failed; /* out of memory */
} dla_argv;

void dla_argv_add(dla_argv *argv, const char *format, ...) __attribute__((format(printf, 2, 3)));
/* Adds the words of a text, split as in a shell: at blanks, with quotes and backslashes. Nothing is
 * expanded. */
void dla_argv_split(const char *text, dla_argv *argv);
void dla_argv_free(dla_argv *argv);

/* Appends the whole command, for people. */
void dla_argv_show(const dla_argv *argv, dla_strbuf *out);

/* Finds a program in $PATH; the caller frees the path. NULL if there is none. */
char *dla_find_program(const char *name);

#endif
