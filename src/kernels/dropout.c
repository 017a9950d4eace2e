/* Dropout and stochastic depth. The mask is drawn in the order of a plain tensor, so it does not
 * depend on the block size. An item is one block of channels of one sample. */
#include "kernels/kernels.h"

enum { RUN = 256 }; /* random numbers drawn at a time */

typedef struct dropout {
  const dla_program *program;
  const dla_instruction *instruction;
  dla_blocked shape;
  const float *from;
  float *to;
} dropout;

static void scale_plane(const float *from, float *to, int64_t count, float scale)
{
  for (int64_t i = 0; i < count; i++)
    to[i] = from[i] * scale;
}

/* Pixels of one channel. Its first element is number `first` of the sample. */
static void drop_channel(const dla_drop *drop, size_t first, const float *from, float *to,
                         size_t pixels, size_t stride)
{
  float numbers[RUN + 4];
  for (size_t i = 0; i < pixels; i += RUN) {
    const size_t count = pixels - i < RUN ? pixels - i : RUN, skip = (first + i) % 4;
    dla_random_fill(&drop->random, (uint32_t)(first + i - skip), numbers, skip + count);
    for (size_t k = 0; k < count; k++)
      to[(i + k) * stride] =
          from[(i + k) * stride] * (numbers[skip + k] < drop->p ? 0 : drop->scale);
  }
}

static void drop_block(const dropout *d, const dla_drop *drop, int64_t block, const float *from,
                       float *to)
{
  const dla_blocked *s = &d->shape;
  for (int64_t lane = 0; lane < s->block; lane++) {
    const int64_t channel = block * s->block + lane;
    if (channel < s->channels)
      drop_channel(drop, (size_t)(channel * s->pixels), from + lane, to + lane, (size_t)s->pixels,
                   (size_t)s->block);
    for (int64_t i = 0; channel >= s->channels && i < s->pixels; i++)
      to[i * s->block + lane] = 0;
  }
}

static void drop_planes(const void *context, dla_items *items)
{
  const dropout *d = context;
  const int64_t blocks = dla_blocked_padded(&d->shape) / d->shape.block;
  const int64_t plane = d->shape.pixels * d->shape.block;
  for (int64_t item; dla_items_next(items, &item);) {
    dla_drop drop = dla_program_drop(d->program, d->instruction, item / blocks);
    const float *from = d->from + item * plane;
    float *to = d->to + item * plane;
    if (d->instruction->op == DLA_OP_DROPOUT)
      drop_block(d, &drop, item % blocks, from, to);
    else
      scale_plane(from, to, plane, dla_random_float(&drop.random) < drop.p ? 0 : drop.scale);
  }
}

void dla_dropout_kernel(dla_team *team, const dla_program *program, const dla_instruction *i,
                        const dla_blocked *shape, const float *from, float *to)
{
  const dropout d = {program, i, *shape, from, to};
  dla_team_run(team, shape->batch * (dla_blocked_padded(shape) / shape->block), drop_planes, &d);
}
