#include <config.h>

#include "kernels/leaf.h"

const dla_leaf_kernels *dla_leaf(void)
{
#ifdef HAVE_KERNELS_AVX512
  if (__builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512bw") &&
      __builtin_cpu_supports("avx512vl") && __builtin_cpu_supports("avx512dq"))
    return &dla_leaf_avx512;
#endif
#ifdef HAVE_KERNELS_AVX2
  if (__builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma")) return &dla_leaf_avx2;
#endif
  return &dla_leaf_generic;
}
