/* The choice between several ways to compute convolutions. */
#ifndef DLA_CONVOLUTION_H
#define DLA_CONVOLUTION_H

typedef enum dla_convolution {
  DLA_CONVOLUTION_AUTO,    /* our own Winograd (kernels/winograd.h) if the batch is large enough */
  DLA_CONVOLUTION_DIRECT,  /* never Winograd */
  DLA_CONVOLUTION_WINOGRAD /* Winograd wherever it fits */
} dla_convolution;

#endif
