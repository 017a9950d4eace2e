/* In what type activations and their gradients are kept in memory. Parameters, statistics, logits,
 * losses, what the optimizer keeps and every sum are F32 in either; see docs/precision.md. */
#ifndef DLA_PRECISION_H
#define DLA_PRECISION_H

typedef enum dla_precision { DLA_PRECISION_F32, DLA_PRECISION_BF16 } dla_precision;

#endif
