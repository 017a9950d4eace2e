#include "kernel_fixture.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <math.h>

#include <cmocka.h>

#include "base/isa.h"

float *kernel_floats(size_t count)
{
  void *floats = NULL;
  if (posix_memalign(&floats, 64, count * sizeof(float))) fail_msg("no memory");
  memset(floats, 0, count * sizeof(float));
  return floats;
}

float *kernel_numbers(size_t count, unsigned seed)
{
  float *numbers = kernel_floats(count);
  uint32_t x = 2654435761u * (seed + 1);
  for (size_t i = 0; i < count; i++) {
    x = x * 1664525u + 1013904223u;
    numbers[i] = (float)(x >> 8) / (float)(1 << 23) - 1;
  }
  return numbers;
}

size_t kernel_image_floats(const dla_blocked *s)
{
  return (size_t)(s->batch * dla_blocked_padded(s) * s->pixels);
}

static size_t image_at(const dla_blocked *s, int64_t n, int64_t c, int64_t pixel)
{
  int64_t block = n * dla_blocked_padded(s) / s->block + c / s->block;
  return (size_t)((block * s->pixels + pixel) * s->block + c % s->block);
}

float *kernel_pack_images(const dla_blocked *s, const float *plain)
{
  float *blocked = kernel_floats(kernel_image_floats(s));
  for (int64_t n = 0; n < s->batch; n++)
    for (int64_t c = 0; c < s->channels; c++)
      for (int64_t i = 0; i < s->pixels; i++)
        blocked[image_at(s, n, c, i)] = *plain++;
  return blocked;
}

float *kernel_unpack_images(const dla_blocked *s, const float *blocked)
{
  float *plain = kernel_floats((size_t)(s->batch * s->channels * s->pixels)), *to = plain;
  for (int64_t n = 0; n < s->batch; n++)
    for (int64_t c = 0; c < dla_blocked_padded(s); c++)
      for (int64_t i = 0; i < s->pixels; i++) {
        float value = blocked[image_at(s, n, c, i)];
        if (c < s->channels)
          *to++ = value;
        else if (value != 0)
          fail_msg("padded channel %d is %g", (int)c, (double)value);
      }
  return plain;
}

static int64_t round_up(int64_t channels, int block)
{
  return (channels + block - 1) / block * block;
}

size_t kernel_weight_floats(const kernel_weights *s)
{
  return (size_t)(round_up(s->out, s->block) * round_up(s->in, s->block) * s->taps);
}

static size_t weight_at(const kernel_weights *s, int64_t o, int64_t i, int64_t tap)
{
  int64_t b = s->block, square = o / b * (round_up(s->in, s->block) / b) + i / b;
  return (size_t)(((square * s->taps + tap) * b + i % b) * b + o % b);
}

float *kernel_pack_weights(const kernel_weights *s, const float *plain)
{
  float *blocked = kernel_floats(kernel_weight_floats(s));
  for (int64_t o = 0; o < s->out; o++)
    for (int64_t i = 0; i < s->in; i++)
      for (int64_t tap = 0; tap < s->taps; tap++)
        blocked[weight_at(s, o, i, tap)] = *plain++;
  return blocked;
}

float *kernel_unpack_weights(const kernel_weights *s, const float *blocked)
{
  float *plain = kernel_floats((size_t)(s->out * s->in * s->taps)), *to = plain;
  for (int64_t o = 0; o < s->out; o++)
    for (int64_t i = 0; i < s->in; i++)
      for (int64_t tap = 0; tap < s->taps; tap++)
        *to++ = blocked[weight_at(s, o, i, tap)];
  return plain;
}

size_t kernel_leaves(const dla_leaf_kernels *leaves[DLA_ISA_COUNT])
{
  size_t count = 0;
  for (int isa = DLA_ISA_GENERIC; isa < DLA_ISA_COUNT; isa++) {
    if (!dla_isa_has((dla_isa)isa)) continue;
    const dla_leaf_kernels *leaf = dla_leaf((dla_isa)isa, DLA_F32);
    if (count == 0 || leaves[count - 1] != leaf) leaves[count++] = leaf;
  }
  return count;
}

void kernel_for_each(void (*check)(const dla_leaf_kernels *leaf))
{
  const dla_leaf_kernels *leaves[DLA_ISA_COUNT];
  const size_t count = kernel_leaves(leaves);
  for (size_t k = 0; k < count; k++)
    check(leaves[k]);
}

void kernel_compare(const char *what, const char *isa, const float *expected, const float *got,
                    size_t count, double tolerance)
{
  double largest = 0;
  for (size_t i = 0; i < count; i++)
    largest = fmax(largest, fabs((double)expected[i]));
  for (size_t i = 0; i < count; i++)
    if (!(fabs((double)expected[i] - got[i]) <= tolerance * largest)) /* a NaN fails, too */
      fail_msg("%s, %s: element %zu of %zu is %.9g, not %.9g (largest: %.9g)", what, isa, i, count,
               (double)got[i], (double)expected[i], largest);
}
