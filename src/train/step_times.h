/* How long the ops of a step take: timed in one step of 16, of those with a whole batch of images
 * of the full size. */
#ifndef DLA_STEP_TIMES_H
#define DLA_STEP_TIMES_H

#include "base/json.h"
#include "train/experiment.h"

typedef struct dla_step_times dla_step_times;

/* The experiment's network must outlive it. */
dla_status dla_step_times_create(const dla_config *config, const dla_experiment *experiment,
                                 dla_step_times **times, dla_error *err);
void dla_step_times_free(dla_step_times *times); /* NULL is allowed */

/* Before step number `step` of this process: the network times it, or does not. */
void dla_step_times_before(dla_step_times *times, int64_t step);

/* Writes "ops", an array of op, pass and seconds; the seconds are those of all timed steps. */
void dla_step_times_write(const dla_step_times *times, dla_json *json);

#endif
