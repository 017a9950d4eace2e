/* Folds batch norms into the convolution before them, in double precision. */
#ifndef DLA_EXPORT_FOLD_H
#define DLA_EXPORT_FOLD_H

#include "export/model.h"

typedef struct dla_export_convolution {
  float *weights, *bias; /* bias NULL: none */
  dla_shape shape;       /* of the weights: OIHW */
} dla_export_convolution;

/* The batch norm that replaces a convolution's output in evaluation: it must be the only layer that
 * reads the convolution. -1: there is none, or the layer is no convolution. */
int dla_export_norm_of(const dla_export_model *model, int layer);

/* norm -1: the convolution as it is. Free it in any case. */
dla_status dla_export_convolve(const dla_export_model *model, int layer, int norm,
                               dla_export_convolution *convolution, dla_error *err);
void dla_export_convolution_free(dla_export_convolution *convolution);

#endif
