#include "model/models.h"

dla_status dla_graph_file_read(const char *path, const dla_shape *image, int64_t classes,
                               dla_graph **graph, dla_error *err)
{
  (void)image, (void)classes, (void)graph;
  return dla_fail(err, DLA_E_UNSUPPORTED, path, NULL, "layer-graph files");
}
