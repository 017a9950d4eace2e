/* Checkpoints: safetensors files (https://huggingface.co/docs/safetensors), or PyTorch's .pth; both
 * hold the same, bit for bit.
 *
 * Tensors: model.<parameter> (f32, OIHW; running statistics and num_batches_tracked included) and
 * optimizer.<state>.<parameter>, as optimizer.momentum.conv1.weight, under PyTorch's names.
 * Metadata: the training state, the configuration, and the SHA-256 of everything. See
 * docs/checkpoint-format.md. */
#ifndef DLA_CHECKPOINT_H
#define DLA_CHECKPOINT_H

#include <stdio.h>

#include "dla/network.h"
#include "dla/plateau.h"

/* What a run calls its checkpoint unless it is told otherwise. */
#define DLA_CHECKPOINT_FILE "checkpoint.safetensors"

typedef struct dla_train_state {
  int64_t epoch;        /* epochs finished */
  int64_t step;         /* optimizer steps done */
  int64_t batch;        /* batches done in the epoch under way; 0 between epochs */
  uint64_t seed;        /* of shuffle, augmentation and initialisation */
  double best_accuracy; /* of the test split so far, 0 to 1 */
  int64_t best_epoch;   /* epochs that were finished when it was reached; 0: never */
  /* Of the epoch under way: the sum of the samples' losses, and how many were seen and right. */
  double epoch_loss;
  int64_t epoch_samples, epoch_correct;
  dla_plateau plateau;       /* of schedule.name: plateau */
  dla_update_numbers update; /* of the last step; for PyTorch's optimizer */
} dla_train_state;

/* A checkpoint in memory, read from a file or captured from a network. */
typedef struct dla_checkpoint dla_checkpoint;

/* Copies the network's parameters, optimizer state and running statistics: what is captured can be
 * written while the network goes on. */
dla_status dla_checkpoint_capture(dla_network *network, const dla_train_state *state,
                                  dla_checkpoint **checkpoint, dla_error *err);
/* The same into what was captured from this network before, whose memory serves again; its texts
 * are gone. On failure it is no checkpoint, and can only be freed. */
dla_status dla_checkpoint_capture_again(dla_network *network, const dla_train_state *state,
                                        dla_checkpoint *checkpoint, dla_error *err);
/* Before it is written: DLA_E_DIVERGED names the step and the first tensor that is not finite. */
dla_status dla_checkpoint_check_numbers(const dla_checkpoint *checkpoint, dla_error *err);
/* Either format, told apart by the file's content. key: where in a .pth the weights are, as
 * checkpoint.in_key; "": found by looking. Checks the digest, and refuses NaN, infinities
 * and negative running variances by the tensor's name. What a file of another program does not say
 * of the state is 0. */
dla_status dla_checkpoint_read(const char *path, const char *key, dla_checkpoint **checkpoint,
                               dla_error *err);
/* The same for a network that does not train: what an optimizer keeps is left out, and where the
 * file has a digest of the weights alone, is neither read nor checked. */
dla_status dla_checkpoint_read_weights(const char *path, const char *key,
                                       dla_checkpoint **checkpoint, dla_error *err);
void dla_checkpoint_free(dla_checkpoint *checkpoint);

/* The state alone, of a safetensors file, without reading what is large and without its digest: to
 * show how far a run is. */
dla_status dla_checkpoint_read_state(const char *path, dla_train_state *state, dla_error *err);

/* Writes to a temporary file beside path, which then replaces it: a reader finds the old file or
 * the new one, whole. A name that ends in .pth makes it PyTorch's format. */
dla_status dla_checkpoint_write(dla_checkpoint *checkpoint, const char *path, dla_error *err);

const dla_train_state *dla_checkpoint_state(const dla_checkpoint *checkpoint);
/* False: the file's best accuracy is no accuracy (NaN, say); the state has 0 instead. */
bool dla_checkpoint_best_is_known(const dla_checkpoint *checkpoint);
/* Texts that travel in the metadata: "config" (YAML), "environment", "tuning". NULL: has none. */
dla_status dla_checkpoint_set_text(dla_checkpoint *checkpoint, const char *key, const char *text,
                                   dla_error *err);
const char *dla_checkpoint_text(const dla_checkpoint *checkpoint, const char *key);

/* Checks every tensor before it changes the network. The optimizer's state is set where the
 * checkpoint and the network have it. Errors name the tensor and both shapes; `where` names the
 * checkpoint in them. */
dla_status dla_checkpoint_restore(dla_checkpoint *checkpoint, const char *where,
                                  dla_network *network, dla_error *err);
/* Only the parameters and running statistics, into a network that has been initialised: those of
 * its last layer stay as they are where the file has them in another shape or not at all, and
 * `left` says which; "": none. Anything else that is missing or does not fit is DLA_E_INPUT, and
 * changes nothing. */
enum { DLA_PRETRAIN_LEFT = 256 };
dla_status dla_checkpoint_pretrain(dla_checkpoint *checkpoint, const char *where,
                                   dla_network *network, char left[DLA_PRETRAIN_LEFT],
                                   dla_error *err);

/* What of the file was not as it should be, and of the network, once it is restored: a line each;
 * "": nothing. */
const char *dla_checkpoint_warnings(const dla_checkpoint *checkpoint);

/* Lists a checkpoint: state, configuration, and every tensor; for people, or as one JSON object.
 * allow_nonfinite: this reads, as the one below, what dla_checkpoint_read() refuses, to look into
 * it. */
dla_status dla_checkpoint_describe(const char *path, const char *key, bool json,
                                   bool allow_nonfinite, FILE *out, dla_error *err);

/* Copies a checkpoint into the format that the name `to` ends in, .safetensors or .pth. */
dla_status dla_checkpoint_convert(const char *from, const char *key, const char *to,
                                  bool allow_nonfinite, dla_error *err);

#endif
