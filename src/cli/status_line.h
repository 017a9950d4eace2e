/* The line that stays on a terminal during training. */
#ifndef DLA_CLI_STATUS_LINE_H
#define DLA_CLI_STATUS_LINE_H

#include "base/strbuf.h"
#include "train/trainer.h"

typedef struct dla_status_line {
  double now;           /* on dla_clock() */
  int64_t memory_bytes; /* in use by the process; 0: unknown */
  int columns;          /* of the terminal */
  bool colour;
} dla_status_line;

/* Appends the line, without a line end. It has fewer characters than `columns`, so that no terminal
 * breaks it. Fields that do not fit are left out, the least important first. */
void dla_status_line_write(const dla_progress *progress, const dla_status_line *how,
                           dla_strbuf *out);

#endif
