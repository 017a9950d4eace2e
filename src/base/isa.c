#include <config.h>

#include "base/isa.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char *const names[DLA_ISA_COUNT] = {"generic", "neon", "avx2", "avx512",
                                                 "avx512_bf16"};

const char *dla_isa_name(dla_isa isa)
{
  return names[isa];
}

bool dla_isa_has(dla_isa isa)
{
  switch (isa) {
  case DLA_ISA_GENERIC:
    return true;
#ifdef HAVE_KERNELS_NEON
  case DLA_ISA_NEON: /* every arm64 processor */
    return true;
#endif
#ifdef HAVE_KERNELS_AVX2
  case DLA_ISA_AVX2:
    return __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma");
#endif
#ifdef HAVE_KERNELS_AVX512
  case DLA_ISA_AVX512:
    return __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512bw") &&
           __builtin_cpu_supports("avx512vl") && __builtin_cpu_supports("avx512dq");
#endif
#ifdef HAVE_KERNELS_AVX512_BF16
  case DLA_ISA_AVX512_BF16:
    return dla_isa_has(DLA_ISA_AVX512) && __builtin_cpu_supports("avx512bf16");
#endif
  default:
    return false;
  }
}

const char *dla_isa_list(char text[DLA_ISA_LIST])
{
  size_t length = 0;
  for (int isa = 0; isa < DLA_ISA_COUNT; isa++)
    if (dla_isa_has((dla_isa)isa))
      length += (size_t)snprintf(text + length, DLA_ISA_LIST - length, "%s%s", length ? " " : "",
                                 names[isa]);
  return text;
}

dla_status dla_isa_choose(dla_isa *isa, dla_error *err)
{
  const char *wanted = getenv("DLA_MAX_CPU_ISA");
  char list[DLA_ISA_LIST];
  for (int k = DLA_ISA_COUNT - 1; k >= 0; k--) {
    bool named = wanted && *wanted ? strcmp(wanted, names[k]) == 0 : true;
    if (!named || !dla_isa_has((dla_isa)k)) continue;
    *isa = (dla_isa)k;
    return DLA_OK;
  }
  return dla_fail(err, DLA_E_INPUT, "DLA_MAX_CPU_ISA", "name one of those, or unset it",
                  "'%.40s' is not among the instruction sets that are here: %s", wanted,
                  dla_isa_list(list));
}
