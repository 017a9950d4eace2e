/* Chooses the OpenBLAS core for this processor. OpenBLAS 0.3.21 identifies x86 processors by
 * model number. It does not know those released after it, and gives them a core from 2004. This
 * code goes by instruction sets instead.
 * https://github.com/OpenMathLib/OpenBLAS/blob/v0.3.21/driver/others/dynamic.c */
#ifndef DLA_OPENBLAS_CORE_H
#define DLA_OPENBLAS_CORE_H

#include <stdbool.h>

#include "base/isa.h"

typedef struct openblas_features {
  bool amd, avx2_fma, avx512, avx512_bf16;
  bool held; /* isa has less than the processor */
} openblas_features;

/* The processor's features, limited to those of the instruction set. */
openblas_features openblas_detect_features(dla_isa isa);

/* A value for OPENBLAS_CORETYPE; NULL: leave the choice to the library. */
const char *openblas_choose_core(const openblas_features *features);

#endif
