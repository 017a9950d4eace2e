/* Which of OpenBLAS's cores fits this processor. 0.3.21 knows no x86 processor later than its own
 * release by its model number, and computes with a core from 2004 there; the instruction sets are
 * what matters. https://github.com/OpenMathLib/OpenBLAS/blob/v0.3.21/driver/others/dynamic.c */
#ifndef DLA_OPENBLAS_CORE_H
#define DLA_OPENBLAS_CORE_H

#include <stdbool.h>

#include "base/isa.h"

typedef struct openblas_features {
  bool amd, avx2_fma, avx512, avx512_bf16;
  bool held; /* to less than the processor has */
} openblas_features;

/* Of this processor, and not more than the instruction set has. */
openblas_features openblas_detect_features(dla_isa isa);

/* A value for OPENBLAS_CORETYPE, or NULL: the library's own choice. */
const char *openblas_choose_core(const openblas_features *features);

#endif
