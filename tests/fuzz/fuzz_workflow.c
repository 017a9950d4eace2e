/* Any bytes are a workflow or an error that says something. */
#include <stdint.h>
#include <stdlib.h>

#include "workflow/workflow.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
  dla_workflow workflow;
  dla_error err = {0};
  dla_status status =
      dla_workflow_read_text("fuzz", (const char *)data, size, NULL, &workflow, NULL, &err);
  if (status ? workflow.name || !*err.what : !workflow.name) abort();
  dla_workflow_free(&workflow);
  return 0;
}
