/* Checkpoints: safetensors files (https://huggingface.co/docs/safetensors), or PyTorch's .pth; both
 * hold the same, bit for bit.
 *
 * Tensors: model.<parameter> (f32, OIHW; running statistics and num_batches_tracked included) and
 * optimizer.momentum.<parameter>, under PyTorch's names. Metadata: the training state, the
 * configuration, and the SHA-256 of everything. See docs/checkpoint-format.md. */
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
  dla_sgd sgd;          /* of the last step; kept for PyTorch's optimizer */
} dla_train_state;

/* Writes to a temporary file beside path, which then replaces it: a reader finds the old file or
 * the new one, whole. A name that ends in .pth makes it PyTorch's format. config is the
 * configuration as YAML. */
dla_status dla_checkpoint_save(const char *path, dla_network *network, const dla_train_state *state,
                               const char *config, dla_error *err);

/* Reads either format, told apart by the file's content. Checks the digest and every tensor before
 * it changes the network or *state. What the file does not say of the state (PyTorch's says little)
 * stays as it is in *state. Momentum is read where the file and the network have it. Errors name
 * the tensor and both shapes. */
dla_status dla_checkpoint_load(const char *path, dla_network *network, dla_train_state *state,
                               dla_error *err);

/* Lists a checkpoint: state, configuration, and every tensor; for people, or as one JSON object. */
dla_status dla_checkpoint_describe(const char *path, bool json, FILE *out, dla_error *err);

/* Copies a checkpoint into the format that the name `to` ends in, .safetensors or .pth. */
dla_status dla_checkpoint_convert(const char *from, const char *to, dla_error *err);

#endif
