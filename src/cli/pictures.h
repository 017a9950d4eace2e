/* What is shown of a data set of pictures before training. */
#ifndef DLA_CLI_PICTURES_H
#define DLA_CLI_PICTURES_H

#include "cli/progress.h"
#include "train/experiment.h"

/* Shows how far the scan is: on a terminal at once, else a line now and then. A signal stops it. */
typedef struct dla_cli_watch {
  dla_cli_progress *progress;
  const char *what; /* it is at */
  double began, shown;
  bool bar; /* one is on the terminal */
} dla_cli_watch;

/* *state must stay where it is while the watch is used. */
dla_experiment_watch dla_cli_watch_pictures(dla_cli_watch *state, dla_cli_progress *progress);

/* Tells of pictures that others stood in for. */
void dla_cli_say_stand_ins(dla_cli_progress *progress, dla_loader *loader);

/* Says what is left out, how it is split, and what is odd; lists what is left out in
 * OUT/left-out.txt where `folder` is one. Nothing for other data sets. */
dla_status dla_cli_say_pictures(dla_cli_progress *progress, const dla_config *config,
                                const dla_dataset *train, const char *folder, dla_error *err);

#endif
