#include <config.h>

#include "kernels/leaf.h"

/* For images of floats and of bfloat16; NULL: not in this build. */
static const struct {
  const dla_leaf_kernels *floats, *halves;
} tables[DLA_ISA_COUNT] = {
    [DLA_ISA_GENERIC] = {&dla_leaf_generic, &dla_half_generic},
#ifdef HAVE_KERNELS_NEON
    [DLA_ISA_NEON] = {&dla_leaf_neon, &dla_half_neon},
#endif
#ifdef HAVE_KERNELS_AVX2
    [DLA_ISA_AVX2] = {&dla_leaf_avx2, &dla_half_avx2},
#endif
#ifdef HAVE_KERNELS_AVX512
    [DLA_ISA_AVX512] = {&dla_leaf_avx512, &dla_half_avx512},
#endif
/* Floats use the kernels of AVX-512. */
#ifdef HAVE_KERNELS_AVX512_BF16
    [DLA_ISA_AVX512_BF16] = {&dla_leaf_avx512, &dla_half_avx512_bf16},
#endif
};

const dla_leaf_kernels *dla_leaf(dla_isa isa, dla_dtype images)
{
  const dla_isa built = tables[isa].floats ? isa : DLA_ISA_GENERIC;
  return images == DLA_BF16 ? tables[built].halves : tables[built].floats;
}
