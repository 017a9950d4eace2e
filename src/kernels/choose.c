#include <config.h>

#include "kernels/leaf.h"

const dla_leaf_kernels *dla_leaf(dla_isa isa)
{
  switch (isa) {
#ifdef HAVE_KERNELS_NEON
  case DLA_ISA_NEON:
    return &dla_leaf_neon;
#endif
#ifdef HAVE_KERNELS_AVX2
  case DLA_ISA_AVX2:
    return &dla_leaf_avx2;
#endif
#ifdef HAVE_KERNELS_AVX512
  case DLA_ISA_AVX512:
    return &dla_leaf_avx512;
#endif
  default:
    return &dla_leaf_generic;
  }
}
