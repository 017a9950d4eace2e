/* Checkpoints: safetensors files (https://huggingface.co/docs/safetensors) with PyTorch's names.
 *
 * Tensors: model.<parameter> (f32, OIHW; running statistics and num_batches_tracked included) and
 * optimizer.momentum.<parameter>. Metadata: the training state, the configuration, what it was
 * computed with, and the SHA-256 of all tensor bytes. See docs/checkpoint.md. */
#ifndef DLA_CHECKPOINT_H
#define DLA_CHECKPOINT_H

#include <stdio.h>

#include "dla/network.h"

typedef struct dla_train_state {
  int64_t epoch;        /* epochs finished */
  int64_t step;         /* optimizer steps done */
  int64_t batch;        /* batches done in the epoch under way; 0 between epochs */
  uint64_t seed;        /* of shuffle, augmentation and initialisation */
  double best_accuracy; /* of the test split so far, 0 to 1 */
} dla_train_state;

/* Writes to a temporary file beside path, which then replaces it: a reader finds the old file or
 * the new one, whole. config is the configuration as YAML. */
dla_status dla_checkpoint_save(const char *path, dla_network *network, const dla_train_state *state,
                               const char *config, dla_error *err);

/* Checks the digest and every tensor before it changes the network. Momentum is read where the file
 * and the network have it. Errors name the tensor and both shapes. */
dla_status dla_checkpoint_load(const char *path, dla_network *network, dla_train_state *state,
                               dla_error *err);

/* Lists a checkpoint for people: state, configuration, and every tensor. */
dla_status dla_checkpoint_describe(const char *path, FILE *out, dla_error *err);

#endif
