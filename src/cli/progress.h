/* What training shows on standard error: a bar on a terminal, else a line an epoch. */
#ifndef DLA_CLI_PROGRESS_H
#define DLA_CLI_PROGRESS_H

#include "config/config.h"
#include "train/trainer.h"

typedef struct dla_cli_progress {
  bool bar;
  dla_log_level level;
  double shown; /* when the bar was drawn last */
} dla_cli_progress;

/* Of several ranks, only rank 0 shows anything. */
void dla_cli_progress_init(dla_cli_progress *progress, const dla_config *config,
                           const dla_dist *dist);
dla_observer dla_cli_progress_observer(dla_cli_progress *progress);
/* One line, from log.level info on. */
void dla_cli_say(dla_cli_progress *progress, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

#endif
