#include "backend/openblas/core.h"

#include <stddef.h>

openblas_features openblas_detect_features(dla_isa isa)
{
  openblas_features f = {0};
#ifdef __x86_64__
  f.amd = __builtin_cpu_is("amd");
  f.avx2_fma = isa >= DLA_ISA_AVX2;
  f.avx512 = isa >= DLA_ISA_AVX512 && __builtin_cpu_supports("avx512cd");
  f.avx512_bf16 = f.avx512 && __builtin_cpu_supports("avx512bf16");
  f.held = isa == DLA_ISA_GENERIC && dla_isa_has(DLA_ISA_AVX2);
#else
  (void)isa;
#endif
  return f;
}

/* Names that every release since 0.3.10 (2020) knows. */
const char *openblas_choose_core(const openblas_features *f)
{
  if (f->avx512) return f->avx512_bf16 ? "Cooperlake" : "SkylakeX";
  if (f->avx2_fma) return f->amd ? "Zen" : "Haswell";
  return f->held ? "Prescott" : NULL; /* SSE3 */
}
