/* What training shows on standard error: a line for each epoch; on a terminal also a line that
 * stays, and a curve at the end. */
#ifndef DLA_CLI_PROGRESS_H
#define DLA_CLI_PROGRESS_H

#include "config/config.h"
#include "train/trainer.h"

typedef struct dla_cli_progress {
  bool bar, colour;
  dla_log_level level;
  double shown;     /* when the bar was drawn last */
  double *accuracy; /* test accuracy of each epoch of this process */
  size_t count, capacity;
} dla_cli_progress;

/* With several ranks, only rank 0 shows anything. */
void dla_cli_progress_init(dla_cli_progress *progress, const dla_config *config,
                           const dla_dist *dist);
dla_observer dla_cli_progress_observer(dla_cli_progress *progress);
/* At the end of training, draws the curve of the accuracy on a terminal. Frees what was kept for
 * it. */
void dla_cli_progress_finish(dla_cli_progress *progress);
/* Prints one line if log.level is info or above. Control characters in it become '?'. */
void dla_cli_say(dla_cli_progress *progress, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

#endif
