/* OpenBLAS, loaded when a backend is created: who computes otherwise neither needs it nor waits for
 * it. It computes on the thread that calls it, always. */
#ifndef DLA_OPENBLAS_LIBRARY_H
#define DLA_OPENBLAS_LIBRARY_H

#include "base/isa.h"
#include "dla/status.h"

/* cblas.h's values and cblas_sgemm(), so that no header is needed. */
enum { OPENBLAS_ROW_MAJOR = 101, OPENBLAS_PLAIN = 111, OPENBLAS_TRANSPOSED = 112 };
typedef void openblas_sgemm(int order, int transpose_a, int transpose_b, int m, int n, int k,
                            float alpha, const float *a, int lda, const float *b, int ldb,
                            float beta, float *c, int ldc);

typedef struct openblas_library {
  void *handle;
  char **environment; /* what the library saw while it was loaded: */
  char variable[48];  /* the core, in it */
  openblas_sgemm *sgemm;
  char version[40], core[24]; /* "OpenBLAS 0.3.21", "Cooperlake" */
} openblas_library;

/* Loads it for the core that core.h chooses for the instruction set, unless OPENBLAS_CORETYPE is
 * set, and checks a product of each kind that the backend asks for. */
dla_status openblas_load(openblas_library *library, dla_isa isa, dla_error *err);
void openblas_unload(openblas_library *library);

#endif
