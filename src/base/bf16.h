/* bfloat16: the upper half of a float. Rounded to nearest, ties to even, as PyTorch does it; a NaN
 * stays one. */
#ifndef DLA_BASE_BF16_H
#define DLA_BASE_BF16_H

#include <math.h>
#include <stdint.h>
#include <string.h>

static inline float dla_bf16_value(uint16_t half)
{
  const uint32_t bits = (uint32_t)half << 16;
  float value;
  memcpy(&value, &bits, sizeof value);
  return value;
}

static inline uint16_t dla_bf16_round(float value)
{
  uint32_t bits;
  memcpy(&bits, &value, sizeof bits);
  if (isnan(value)) return (uint16_t)(bits >> 16 | 0x40);
  return (uint16_t)((bits + 0x7fff + (bits >> 16 & 1)) >> 16);
}

#endif
