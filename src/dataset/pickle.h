/* CIFAR's pickles: the callables that numpy writes for an array are recognised, none else. */
#ifndef DLA_DATASET_PICKLE_H
#define DLA_DATASET_PICKLE_H

#include "dataset/blob.h"
#include "pickle/pickle.h"

typedef enum dla_pickle_global {
  DLA_PICKLE_RECONSTRUCT, /* numpy.core.multiarray._reconstruct */
  DLA_PICKLE_NDARRAY,     /* numpy.ndarray */
  DLA_PICKLE_DTYPE,       /* numpy.dtype */
  DLA_PICKLE_ENCODE,      /* _codecs.encode */
} dla_pickle_global;

/* Reads the whole blob as one pickle. The blob must outlive the pickle; its bytes are decoded in
 * place where Python 3 has written bytes as text. */
dla_status dla_pickle_read(const dla_blob *blob, dla_pickle **pickle, dla_error *err);

#endif
