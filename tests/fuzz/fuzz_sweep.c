/* Any bytes are a sweep file or an error that says something. */
#include <stdint.h>
#include <stdlib.h>

#include "sweep/sweep.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
  dla_sweep sweep;
  dla_error err = {0};
  dla_status status = dla_sweep_read_text("fuzz", (const char *)data, size, &sweep, &err);
  if (status ? sweep.file || !*err.what : !sweep.file) abort();
  dla_sweep_free(&sweep);
  return 0;
}
