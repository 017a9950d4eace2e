/* What a trained network says of pictures. All that it needs is in the checkpoint: the network, the
 * classes' names, the size and the numbers that pictures are normalised with. */
#ifndef DLA_PREDICTOR_H
#define DLA_PREDICTOR_H

#include "dla/loader.h"
#include "train/evaluate.h"
#include "train/self.h"

typedef struct dla_predictor dla_predictor;

typedef struct dla_predictor_options {
  const char *key; /* where in a .pth the weights are; "": found by looking */
  int threads;     /* 0: as many as there are processors */
  int64_t most;    /* pictures at once */
  bool mirrored;   /* eval.tta: mirror, where the checkpoint's is none */
  /* The keys of the section model, for a checkpoint of another program, which does not say what its
   * network is. NULL: not given. */
  const char *graph, *classes, *image_size;
} dla_predictor_options;

dla_status dla_predictor_create(const char *checkpoint, const dla_predictor_options *options,
                                dla_predictor **predictor, dla_error *err);
void dla_predictor_free(dla_predictor *predictor);

int64_t dla_predictor_classes(const dla_predictor *predictor);
/* The class's name, or its number where the checkpoint has no names. */
const char *dla_predictor_class(const dla_predictor *predictor, int64_t class);

/* What it is made of. The predictor's. */
typedef struct dla_predictor_parts {
  const dla_config *config;
  const dla_checkpoint *checkpoint;
  dla_network *network;
  const dla_normalization *normalization;
} dla_predictor_parts;
dla_predictor_parts dla_predictor_parts_of(const dla_predictor *predictor);

/* probabilities: [classes]; NULL: the picture cannot be read, and why. */
typedef dla_status dla_prediction(void *context, size_t sample, const float *probabilities,
                                  const dla_error *why, dla_error *err);

/* Hands over every sample of the data set, in order. DLA_E_INTERRUPTED: it was stopped. */
dla_status dla_predictor_run(dla_predictor *predictor, const dla_dataset *dataset,
                             const dla_stop *stop, dla_prediction *take, void *context,
                             dla_error *err);

#endif
