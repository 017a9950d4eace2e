#include <config.h>

#include "kernels/leaf.h"

static const dla_leaf_kernels *of_floats(dla_isa isa)
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
  case DLA_ISA_AVX512_BF16:
    return &dla_leaf_avx512;
#endif
  default:
    return &dla_leaf_generic;
  }
}

static const dla_leaf_kernels *of_halves(dla_isa isa)
{
  switch (isa) {
#ifdef HAVE_KERNELS_NEON
  case DLA_ISA_NEON:
    return &dla_half_neon;
#endif
#ifdef HAVE_KERNELS_AVX2
  case DLA_ISA_AVX2:
    return &dla_half_avx2;
#endif
#ifdef HAVE_KERNELS_AVX512
  case DLA_ISA_AVX512:
    return &dla_half_avx512;
#endif
#ifdef HAVE_KERNELS_AVX512_BF16
  case DLA_ISA_AVX512_BF16:
    return &dla_half_avx512_bf16;
#endif
  default:
    return &dla_half_generic;
  }
}

const dla_leaf_kernels *dla_leaf(dla_isa isa, dla_dtype images)
{
  return images == DLA_BF16 ? of_halves(isa) : of_floats(isa);
}
