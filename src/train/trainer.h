/* The training loop. It prints nothing: who wants to see it is told by the observer. */
#ifndef DLA_TRAINER_H
#define DLA_TRAINER_H

#include "dla/checkpoint.h"
#include "train/evaluate.h"
#include "train/experiment.h"
#include "train/metrics.h"

/* Where a run stands, told after every step. */
typedef struct dla_progress {
  int64_t epoch, epochs;  /* from 1 */
  int64_t batch, batches; /* of the epoch; batch from 1 */
  int64_t first_batch;    /* the epoch was entered behind it */
  double started;         /* when, on dla_clock() */
  double loss, accuracy;  /* of the epoch so far */
  double lr, images_per_second;
} dla_progress;

typedef struct dla_observer {
  void *context;
  void (*step)(void *context, const dla_progress *progress);
  void (*epoch)(void *context, const dla_epoch_metrics *metrics);
  void (*warn)(void *context, const dla_error *what); /* a checkpoint that could not be written */
  dla_stop stop; /* asked after every step and every batch of an evaluation; of any rank */
} dla_observer;

typedef struct dla_outcome {
  dla_train_state state;
  dla_evaluation test; /* the last one; free with dla_evaluation_free() */
  int saves;           /* checkpoints written */
  double stall;        /* seconds for which training stood still for them */
} dla_outcome;

/* Trains until config->train.epochs, max_steps, time_limit or patience, from experiment->state on,
 * which a checkpoint may have given. Writes metrics.jsonl into output.dir, which exists, and
 * checkpoints. Of several ranks all call it, and rank 0 writes; the numbers are those of all.
 * DLA_E_DIVERGED names the step whose loss was no number; the last checkpoint stays.
 * DLA_E_INTERRUPTED when it was stopped: the step in flight is finished and saved. */
dla_status dla_train(const dla_config *config, dla_experiment *experiment,
                     const dla_observer *observer, dla_outcome *outcome, dla_error *err);

/* Is it ended by train.patience? */
bool dla_train_is_out_of_patience(const dla_config *config, const dla_train_state *state);

/* The checkpoint that a run writes: checkpoint.out, or its default in output.dir. */
dla_status dla_train_checkpoint_path(const dla_config *config, dla_strbuf *path, dla_error *err);

#endif
