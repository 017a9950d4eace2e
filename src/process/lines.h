/* Splits the output of a pipe into lines. */
#ifndef DLA_PROCESS_LINES_H
#define DLA_PROCESS_LINES_H

#include <stdbool.h>
#include <stddef.h>

enum { DLA_LINE_MOST = 16384 }; /* longer lines are cut */

typedef struct dla_lines {
  char text[DLA_LINE_MOST + 1];
  size_t length;
  bool after_return; /* the last line ended with a carriage return */
  void (*line)(void *context, const char *line);
  void *context;
} dla_lines;

void dla_lines_take(dla_lines *lines, const char *bytes, size_t count);
/* Gives out a last line that has no end. */
void dla_lines_end(dla_lines *lines);

#endif
