/* Any bytes are a layer graph whose logits fit, or an error that says something. */
#include <stdint.h>
#include <stdlib.h>

#include "model/models.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
  const dla_shape image = DLA_SHAPE3(3, 32, 32);
  dla_graph *graph = NULL;
  dla_error err = {0};
  dla_status status =
      dla_graph_text_read("fuzz", (const char *)data, size, &image, 10, &graph, &err);
  if (status ? graph || !*err.what : !graph) abort();
  dla_graph_free(graph);
  return 0;
}
