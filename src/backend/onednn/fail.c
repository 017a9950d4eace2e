#include "backend/onednn/internal.h"

dla_status onednn_fail(dla_error *err, const char *where, dnnl_status_t status, const char *what)
{
  if (status == dnnl_out_of_memory) return dla_fail_memory(err, what);
  if (status == dnnl_unimplemented)
    return dla_fail(err, DLA_E_UNSUPPORTED, where, "try backend.name=reference",
                    "oneDNN has no implementation of %s for these shapes", what);
  return dla_fail(err, DLA_E_INTERNAL, where, NULL, "oneDNN failed to %s (status %d)", what,
                  (int)status);
}
