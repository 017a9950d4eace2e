/* CIFAR's pickles. */
#ifndef DLA_DATA_FORMATS_PICKLE_H
#define DLA_DATA_FORMATS_PICKLE_H

#include "data/blob.h"
#include "pickle/pickle.h"

/* Reads the whole blob as one pickle. The blob must outlive the pickle. If Python 3 has written
 * bytes as text, they are decoded in place. */
dla_status dla_pickle_read(const dla_blob *blob, dla_pickle **pickle, dla_error *err);

#endif
