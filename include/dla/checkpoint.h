/* Checkpoints: safetensors files (https://huggingface.co/docs/safetensors), or PyTorch's .pth.
 * Both hold the same data, bit for bit.
 *
 * Tensors: model.<parameter> (f32, OIHW; running statistics and num_batches_tracked included) and
 * optimizer.<state>.<parameter>, such as optimizer.momentum.conv1.weight, under PyTorch's names.
 * Metadata: the training state, the configuration, and a SHA-256 of everything. See
 * docs/checkpoint-format.md. */
#ifndef DLA_CHECKPOINT_H
#define DLA_CHECKPOINT_H

#include <stdio.h>

#include "dla/network.h"
#include "dla/plateau.h"

/* The default file name of a run's checkpoint. */
#define DLA_CHECKPOINT_FILE "checkpoint.safetensors"

typedef struct dla_train_state {
  int64_t epoch;        /* epochs finished */
  int64_t step;         /* optimizer steps done */
  int64_t batch;        /* batches done in the current epoch; 0 between epochs */
  uint64_t seed;        /* of shuffle, augmentation and initialisation */
  double best_accuracy; /* best on the test split so far, 0 to 1 */
  int64_t best_epoch;   /* epochs finished when it was reached; 0: never */
  /* Of the current epoch: the sum of the samples' losses, samples seen, and right predictions. */
  double epoch_loss;
  int64_t epoch_samples, epoch_correct;
  dla_plateau plateau;       /* of schedule.name: plateau */
  dla_update_numbers update; /* of the last step; for PyTorch's optimizer */
} dla_train_state;

/* A checkpoint in memory, read from a file or captured from a network. */
typedef struct dla_checkpoint dla_checkpoint;

/* Copies the network's parameters, optimizer state and running statistics. The copy can be
 * written while the network goes on training. */
dla_status dla_checkpoint_capture(dla_network *network, const dla_train_state *state,
                                  dla_checkpoint **checkpoint, dla_error *err);
/* Captures again into a checkpoint of the same network, and reuses its memory. Its texts are
 * removed. After a failure the checkpoint can only be freed. */
dla_status dla_checkpoint_capture_again(dla_network *network, const dla_train_state *state,
                                        dla_checkpoint *checkpoint, dla_error *err);
/* Call before writing. DLA_E_DIVERGED names the step and the first tensor that is not finite. */
dla_status dla_checkpoint_check_numbers(const dla_checkpoint *checkpoint, dla_error *err);
/* Reads either format, told apart by the file's content. key: the place of the weights in a .pth,
 * as checkpoint.in_key; "": searches for it. Checks the digest. Refuses NaN, infinities and
 * negative running variances; the error names the tensor. Parts of the state that another
 * program's file lacks are 0. */
dla_status dla_checkpoint_read(const char *path, const char *key, dla_checkpoint **checkpoint,
                               dla_error *err);
/* The same for a network that does not train: skips the optimizer's states. If the file has a
 * digest of the weights alone, the states are neither read nor checked. */
dla_status dla_checkpoint_read_weights(const char *path, const char *key,
                                       dla_checkpoint **checkpoint, dla_error *err);
void dla_checkpoint_free(dla_checkpoint *checkpoint);

/* Reads only the state of a safetensors file, to show a run's progress. Skips large data and does
 * not check the digest. */
dla_status dla_checkpoint_read_state(const char *path, dla_train_state *state, dla_error *err);

/* Writes to a temporary file beside path and renames it: a reader finds the old file or the new
 * one, complete. A name that ends in .pth selects PyTorch's format. */
dla_status dla_checkpoint_write(dla_checkpoint *checkpoint, const char *path, dla_error *err);

const dla_train_state *dla_checkpoint_state(const dla_checkpoint *checkpoint);
/* False: the best accuracy in the file is invalid (such as NaN); the state has 0 instead. */
bool dla_checkpoint_best_is_known(const dla_checkpoint *checkpoint);
/* Texts in the metadata: "config" (YAML), "environment", "tuning". NULL: no such text. */
dla_status dla_checkpoint_set_text(dla_checkpoint *checkpoint, const char *key, const char *text,
                                   dla_error *err);
const char *dla_checkpoint_text(const dla_checkpoint *checkpoint, const char *key);

/* Checks every tensor before it changes the network. Sets the optimizer's state if both the
 * checkpoint and the network have it. Errors name the tensor and both shapes; `where` names the
 * checkpoint. */
dla_status dla_checkpoint_restore(dla_checkpoint *checkpoint, const char *where,
                                  dla_network *network, dla_error *err);
/* Restores only parameters and running statistics, into an initialised network. The last layer
 * keeps its values if the file lacks them or has another shape; `left` then names it; "": nothing
 * was left. Any other tensor that is missing or does not fit is DLA_E_INPUT, and changes
 * nothing. */
enum { DLA_PRETRAIN_LEFT = 256 };
dla_status dla_checkpoint_pretrain(dla_checkpoint *checkpoint, const char *where,
                                   dla_network *network, char left[DLA_PRETRAIN_LEFT],
                                   dla_error *err);

/* Warnings about the file and, after a restore, about the network: one per line; "": none. */
const char *dla_checkpoint_warnings(const dla_checkpoint *checkpoint);

/* Lists a checkpoint: state, configuration, and every tensor; for people, or as one JSON object.
 * allow_nonfinite: also reads what dla_checkpoint_read() refuses, for diagnosis. The same for the
 * function below. */
dla_status dla_checkpoint_describe(const char *path, const char *key, bool json,
                                   bool allow_nonfinite, FILE *out, dla_error *err);

/* Converts a checkpoint to the format that the ending of `to` names, .safetensors or .pth. */
dla_status dla_checkpoint_convert(const char *from, const char *key, const char *to,
                                  bool allow_nonfinite, dla_error *err);

#endif
