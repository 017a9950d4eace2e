/* The instruction sets that the kernels are compiled for, by name. One is chosen when a network is
 * made. Everything in the network computes with it: src/kernels, oneDNN and OpenBLAS. */
#ifndef DLA_BASE_ISA_H
#define DLA_BASE_ISA_H

#include <stdbool.h>
#include <stddef.h>

#include "dla/status.h"

typedef enum dla_isa {
  DLA_ISA_GENERIC, /* plain C: SSE2 on x86-64 */
  DLA_ISA_NEON,
  DLA_ISA_AVX2,        /* with FMA */
  DLA_ISA_AVX512,      /* F, BW, VL, DQ */
  DLA_ISA_AVX512_BF16, /* and products of bfloat16 */
  DLA_ISA_COUNT
} dla_isa;

const char *dla_isa_name(dla_isa isa);

/* Whether this build has it, and this processor. */
bool dla_isa_has(dla_isa isa);

/* Writes the available ones into `text`, as "generic avx2 avx512", and returns it. */
enum { DLA_ISA_LIST = 64 };
const char *dla_isa_list(char text[DLA_ISA_LIST]);

/* The one that DLA_MAX_CPU_ISA names; the best available one where it is unset or empty. A name
 * that is unknown, or that this processor lacks, is an error. */
dla_status dla_isa_choose(dla_isa *isa, dla_error *err);

#endif
