/* What training shows on standard error: a line an epoch, and on a terminal one that stays, and at
 * the end a curve. */
#ifndef DLA_CLI_PROGRESS_H
#define DLA_CLI_PROGRESS_H

#include "config/config.h"
#include "train/trainer.h"

typedef struct dla_cli_progress {
  bool bar, colour;
  dla_log_level level;
  double shown;     /* when the bar was drawn last */
  double *accuracy; /* on the test images, of each epoch of this process */
  size_t count, capacity;
} dla_cli_progress;

/* Of several ranks, only rank 0 shows anything. */
void dla_cli_progress_init(dla_cli_progress *progress, const dla_config *config,
                           const dla_dist *dist);
dla_observer dla_cli_progress_observer(dla_cli_progress *progress);
/* The end of training: on a terminal, the curve of the accuracy. Frees what was kept for it. */
void dla_cli_progress_finish(dla_cli_progress *progress);
/* One line, from log.level info on. */
void dla_cli_say(dla_cli_progress *progress, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

#endif
