/* Shared by the files of the OpenBLAS backend. */
#ifndef DLA_OPENBLAS_INTERNAL_H
#define DLA_OPENBLAS_INTERNAL_H

#include "backend/blocked/blocked.h"
#include "backend/openblas/library.h"
#include "kernels/kernels.h"

typedef struct openblas_backend {
  openblas_library library;
  blocked_options blocked;
  char product[48]; /* the implementation of convolutions, for people; and of our own kernels, on
                     * F32 and BF16 images: */
  char own[2][BLOCKED_POINTWISE + 1][BLOCKED_NAME];
} openblas_backend;

/* convolution.c: by implicit im2col. Returns bytes of scratchpad. */
size_t openblas_convolution_scratchpad(const openblas_backend *b, const dla_program *program,
                                       const dla_instruction *i);
void openblas_convolution(const openblas_backend *b, const dla_program *program,
                          const dla_instruction *i);

/* linear.c */
size_t openblas_linear_scratchpad(const dla_program *program, const dla_instruction *i);
void openblas_linear(const openblas_backend *b, const dla_program *program,
                     const dla_instruction *i);

#endif
