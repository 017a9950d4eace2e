/* The update rules, one file for each, and the names of their kernels. A rule's kernel file is
 * compiled once for each instruction set, with DLA_LEAF as its name, as kernels/leaf.c is. */
#ifndef DLA_OPTIM_RULES_H
#define DLA_OPTIM_RULES_H

#include "dla/update_rule.h"

extern const dla_optimizer dla_optimizer_sgd;
extern const dla_optimizer dla_optimizer_adam;
extern const dla_optimizer dla_optimizer_adamw;
extern const dla_optimizer dla_optimizer_lion;

#define DLA_KERNEL_JOIN_(rule, leaf) dla_##rule##_##leaf
#define DLA_KERNEL_JOIN(rule, leaf)  DLA_KERNEL_JOIN_(rule, leaf)
/* For the kernel file: the function's name, such as dla_sgd_avx2. */
#define DLA_KERNEL(rule)             DLA_KERNEL_JOIN(rule, DLA_LEAF)

/* For the rule's own file, after <config.h>: the kernels that this build has. */
#ifdef HAVE_KERNELS_NEON
#define DLA_NEON_KERNEL(kernel) kernel
#else
#define DLA_NEON_KERNEL(kernel) NULL
#endif
#ifdef HAVE_KERNELS_AVX2
#define DLA_AVX2_KERNEL(kernel) kernel
#else
#define DLA_AVX2_KERNEL(kernel) NULL
#endif
#ifdef HAVE_KERNELS_AVX512
#define DLA_AVX512_KERNEL(kernel) kernel
#else
#define DLA_AVX512_KERNEL(kernel) NULL
#endif
#define DLA_DECLARE_KERNELS(rule)                                                                  \
  dla_update_kernel dla_##rule##_generic, dla_##rule##_neon, dla_##rule##_avx2, dla_##rule##_avx512
#define DLA_KERNELS(rule)                                                                          \
  {                                                                                                \
    [DLA_ISA_GENERIC] = dla_##rule##_generic, [DLA_ISA_NEON] = DLA_NEON_KERNEL(dla_##rule##_neon), \
    [DLA_ISA_AVX2] = DLA_AVX2_KERNEL(dla_##rule##_avx2),                                           \
    [DLA_ISA_AVX512] = DLA_AVX512_KERNEL(dla_##rule##_avx512),                                     \
    [DLA_ISA_AVX512_BF16] = DLA_AVX512_KERNEL(dla_##rule##_avx512)                                 \
  }

#endif
