/* Predicts the classes of pictures with a trained network. The checkpoint has everything that
 * this needs: the network, the class names, the image size and the normalization. */
#ifndef DLA_PREDICTOR_H
#define DLA_PREDICTOR_H

#include "dla/loader.h"
#include "train/evaluate.h"
#include "train/self.h"

typedef struct dla_predictor dla_predictor;

typedef struct dla_predictor_options {
  const char *key; /* the place of the weights in a .pth; "": searches for it */
  int threads;     /* 0: one per processor */
  int64_t most;    /* largest batch */
  bool mirrored;   /* eval.tta: mirror, if the checkpoint has none */
  /* Keys of the section model, for another program's checkpoint, which does not describe its
   * network. NULL: not given. */
  const char *graph, *classes, *image_size;
} dla_predictor_options;

dla_status dla_predictor_create(const char *checkpoint, const dla_predictor_options *options,
                                dla_predictor **predictor, dla_error *err);
void dla_predictor_free(dla_predictor *predictor);

int64_t dla_predictor_classes(const dla_predictor *predictor);
/* The class's name, or its number if the checkpoint has no names. */
const char *dla_predictor_class(const dla_predictor *predictor, int64_t class);

/* The predictor's parts, which it owns. */
typedef struct dla_predictor_parts {
  const dla_config *config;
  const dla_checkpoint *checkpoint;
  dla_network *network;
  const dla_normalization *normalization;
} dla_predictor_parts;
dla_predictor_parts dla_predictor_parts_of(const dla_predictor *predictor);

/* probabilities: [classes]; NULL: the picture cannot be read, and why says the reason. */
typedef dla_status dla_prediction(void *context, size_t sample, const float *probabilities,
                                  const dla_error *why, dla_error *err);

/* Passes every sample of the data set to the callback, in order. DLA_E_INTERRUPTED: it was
 * stopped. */
dla_status dla_predictor_run(dla_predictor *predictor, const dla_dataset *dataset,
                             const dla_stop *stop, dla_prediction *take, void *context,
                             dla_error *err);

#endif
