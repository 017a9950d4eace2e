/* Exports a network for PyTorch: a short program that builds it, and its weights. */
#ifndef DLA_EXPORT_PYTORCH_H
#define DLA_EXPORT_PYTORCH_H

#include "export/model.h"

/* Makes the folder, with model.pth (the weights, under the names that all checkpoints use) and
 * model.py. DLA_E_UNSUPPORTED: an op has no counterpart here. */
dla_status dla_export_pytorch(const dla_export_model *model, const char *folder, dla_error *err);

#endif
