/* Messages about a data set of pictures, before training. */
#ifndef DLA_CLI_PICTURES_H
#define DLA_CLI_PICTURES_H

#include "cli/progress.h"
#include "train/experiment.h"

/* Shows the progress of the scan: on a terminal a bar, else a line now and then. A signal stops
 * it. */
typedef struct dla_cli_watch {
  dla_cli_progress progress;
  const char *what; /* the current task */
  double began, shown;
  bool bar; /* a bar is on the terminal */
} dla_cli_watch;

/* *state must stay where it is while the watch is used. */
dla_experiment_watch dla_cli_watch_pictures(dla_cli_watch *state, const dla_config *config,
                                            const dla_dist *dist);

/* Reports pictures that were replaced by others. */
void dla_cli_say_stand_ins(dla_cli_progress *progress, dla_loader *loader);

/* Says what is left out, how the set is split, and what is odd. If `folder` is not NULL, it lists
 * what is left out in FOLDER/left-out.txt. Does nothing for other data sets. */
dla_status dla_cli_say_pictures(dla_cli_progress *progress, const dla_config *config,
                                const dla_dataset *train, const char *folder, dla_error *err);

#endif
