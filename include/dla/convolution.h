/* How a backend with several ways to compute convolutions chooses one. */
#ifndef DLA_CONVOLUTION_H
#define DLA_CONVOLUTION_H

typedef enum dla_convolution {
  DLA_CONVOLUTION_AUTO,    /* our own Winograd (kernels/winograd.h) for batches that pay for it */
  DLA_CONVOLUTION_DIRECT,  /* never Winograd */
  DLA_CONVOLUTION_WINOGRAD /* Winograd wherever it fits */
} dla_convolution;

#endif
