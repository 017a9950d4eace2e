/* The backends of this build; registry.c lists them. */
#ifndef DLA_BACKENDS_H
#define DLA_BACKENDS_H

#include "dla/backend.h"

extern const dla_backend dla_backend_reference;
extern const dla_backend dla_backend_onednn;
extern const dla_backend dla_backend_openblas;
extern const dla_backend dla_backend_opencl;

#endif
