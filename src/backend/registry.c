#include <config.h>

#include <string.h>

#include "backend/backends.h"

static const dla_backend *const backends[] = {
#ifdef HAVE_ONEDNN
    &dla_backend_onednn,
#endif
#ifdef HAVE_OPENBLAS
    &dla_backend_openblas,
#endif
    &dla_backend_reference,
#ifdef HAVE_OPENCL
    &dla_backend_opencl, /* never the default: it needs a device */
#endif
};

const dla_backend *dla_backend_at(int index)
{
  int count = (int)(sizeof backends / sizeof backends[0]);
  return index >= 0 && index < count ? backends[index] : NULL;
}

const dla_backend *dla_backend_find(const char *name)
{
  for (int i = 0; dla_backend_at(i); i++)
    if (strcmp(dla_backend_at(i)->name, name) == 0) return dla_backend_at(i);
  return NULL;
}
