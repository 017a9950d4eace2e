/* Exports a network as a page for a browser that contains everything: the network as ONNX,
 * onnxruntime-web, and a script that treats a picture as `predict` does. */
#ifndef DLA_EXPORT_HTML_H
#define DLA_EXPORT_HTML_H

#include "export/model.h"

/* Writes the page, as a whole or not at all. runtime: a folder with onnxruntime-web's files. *size
 * becomes the size of the page in bytes. */
dla_status dla_export_html(const dla_export_model *model, const char *runtime, const char *path,
                           uint64_t *size, dla_error *err);

#endif
