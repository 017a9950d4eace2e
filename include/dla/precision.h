/* The number type of activations and their gradients in memory. Parameters, statistics, logits,
 * losses, optimizer states and all sums are F32 in any case; see docs/precision.md. */
#ifndef DLA_PRECISION_H
#define DLA_PRECISION_H

typedef enum dla_precision { DLA_PRECISION_F32, DLA_PRECISION_BF16 } dla_precision;

#endif
