/* Writes a network's layers as lines of Python. */
#ifndef DLA_EXPORT_PYTORCH_LAYERS_H
#define DLA_EXPORT_PYTORCH_LAYERS_H

#include "export/model.h"

/* Appends a line for each layer that has a module; the line adds the module under the layer's
 * name. */
dla_status dla_pytorch_modules(const dla_export_model *model, dla_strbuf *out, dla_error *err);
/* Appends a line for each needed layer, beginning with the image `x`, and a line that returns the
 * logits. */
dla_status dla_pytorch_forward(const dla_export_model *model, dla_strbuf *out, dla_error *err);

#endif
