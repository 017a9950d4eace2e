#include "backend/openblas/core.h"

#include <stddef.h>

openblas_features openblas_detect_features(void)
{
  openblas_features f = {0};
#ifdef __x86_64__
  f.amd = __builtin_cpu_is("amd");
  f.avx2_fma = __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma");
  f.avx512 = __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512bw") &&
             __builtin_cpu_supports("avx512vl") && __builtin_cpu_supports("avx512dq") &&
             __builtin_cpu_supports("avx512cd");
  f.avx512_bf16 = __builtin_cpu_supports("avx512bf16");
#endif
  return f;
}

/* Names that every release since 0.3.10 (2020) knows. */
const char *openblas_choose_core(const openblas_features *f)
{
  if (f->avx512) return f->avx512_bf16 ? "Cooperlake" : "SkylakeX";
  if (f->avx2_fma) return f->amd ? "Zen" : "Haswell";
  return NULL;
}
