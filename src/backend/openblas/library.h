/* OpenBLAS, loaded when a backend is created: other backends neither need it nor wait for it. It
 * computes only on the calling thread. */
#ifndef DLA_OPENBLAS_LIBRARY_H
#define DLA_OPENBLAS_LIBRARY_H

#include "base/isa.h"
#include "dla/status.h"

/* The values and the type of cblas.h, so that no header is needed. */
enum { OPENBLAS_ROW_MAJOR = 101, OPENBLAS_PLAIN = 111, OPENBLAS_TRANSPOSED = 112 };
typedef void openblas_sgemm(int order, int transpose_a, int transpose_b, int m, int n, int k,
                            float alpha, const float *a, int lda, const float *b, int ldb,
                            float beta, float *c, int ldc);

typedef struct openblas_library {
  void *handle;
  char **environment; /* the environment while the library was loaded */
  char variable[48];  /* the core's variable in it */
  openblas_sgemm *sgemm;
  char version[40], core[24]; /* "OpenBLAS 0.3.21", "Cooperlake" */
} openblas_library;

/* Loads the core that core.h chooses for the instruction set, unless OPENBLAS_CORETYPE is set.
 * Checks one product of each kind that the backend uses. */
dla_status openblas_load(openblas_library *library, dla_isa isa, dla_error *err);
void openblas_unload(openblas_library *library);

#endif
