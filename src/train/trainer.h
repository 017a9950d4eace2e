/* The training loop. It prints nothing; it calls the observer. */
#ifndef DLA_TRAINER_H
#define DLA_TRAINER_H

#include "dla/checkpoint.h"
#include "train/evaluate.h"
#include "train/experiment.h"
#include "train/metrics.h"

/* Progress of a run, reported after every step. */
typedef struct dla_progress {
  int64_t epoch, epochs;  /* from 1 */
  int64_t batch, batches; /* in the epoch; batch counts from 1 */
  int64_t first_batch;    /* the epoch resumed after so many batches */
  double started;         /* start of the epoch, on dla_clock() */
  double loss, accuracy;  /* of the epoch so far */
  double lr, images_per_second;
} dla_progress;

typedef struct dla_observer {
  void *context;
  void (*step)(void *context, const dla_progress *progress);
  void (*epoch)(void *context, const dla_epoch_metrics *metrics);
  void (*warn)(void *context, const dla_error *what); /* such as a checkpoint that could not be
                                                       * written */
  dla_stop stop; /* asked after every step and every evaluation batch, on any rank */
} dla_observer;

typedef struct dla_outcome {
  dla_train_state state;
  dla_evaluation test; /* the last one; free with dla_evaluation_free() */
  int saves;           /* checkpoints written */
  double stall;        /* seconds that training stood still for them */
} dla_outcome;

/* Trains until config->train.epochs, max_steps, time_limit or patience. Starts from
 * experiment->state, which may come from a checkpoint. Writes metrics.jsonl to output.dir, which
 * must exist, and checkpoints. With several ranks all must call it; rank 0 writes, and the
 * numbers cover all ranks. DLA_E_DIVERGED names the step whose loss is not finite; the last
 * checkpoint stays. DLA_E_INTERRUPTED: it was stopped; the current step was finished and saved. */
dla_status dla_train(const dla_config *config, dla_experiment *experiment,
                     const dla_observer *observer, dla_outcome *outcome, dla_error *err);

/* Has train.patience ended the run? */
bool dla_train_is_out_of_patience(const dla_config *config, const dla_train_state *state);

/* The path of the run's checkpoint: checkpoint.out, or its default in output.dir. */
dla_status dla_train_checkpoint_path(const dla_config *config, dla_strbuf *path, dla_error *err);

#endif
