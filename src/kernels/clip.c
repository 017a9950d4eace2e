#include <math.h>

#include "kernels/leaf.h"

/* All gradients count as one array in this many parts. The parts' sums are added in order, so the
 * bits do not depend on which thread computes which part. */
enum { PARTS = 64 };

typedef struct clipping {
  const dla_leaf_kernels *leaf;
  const dla_program *program;
  size_t floats; /* in all gradients */
  double *sums;  /* of the squares, by part; NULL: scale instead */
  float factor;  /* to scale by */
} clipping;

/* The sum of a part's squares, or 0 if it was scaled. */
static double do_part(const clipping *c, size_t part)
{
  const dla_update *update = &c->program->update;
  const size_t from = c->floats * part / PARTS, to = c->floats * (part + 1) / PARTS;
  size_t at = 0;
  double sum = 0;
  for (int k = 0; k < update->count && at < to; k++) {
    const size_t count = dla_program_update_span(c->program, k).count;
    const size_t first = from > at ? from - at : 0, end = to - at < count ? to - at : count;
    float *gradients = c->program->value[update->pair[k].gradient].data;
    at += count;
    if (first >= end) continue;
    if (c->sums)
      sum += c->leaf->squares(gradients + first, end - first);
    else
      c->leaf->scale(gradients + first, end - first, c->factor);
  }
  return sum;
}

static void do_parts(const void *context, dla_items *items)
{
  const clipping *c = context;
  for (int64_t part; dla_items_next(items, &part);) {
    const double sum = do_part(c, (size_t)part);
    if (c->sums) c->sums[part] = sum;
  }
}

float dla_clip_gradients(dla_team *team, const dla_leaf_kernels *leaf, const dla_program *program,
                         double max_norm)
{
  double sums[PARTS], sum = 0;
  clipping c = {.leaf = leaf, .program = program, .sums = sums};
  for (int k = 0; k < program->update.count; k++)
    c.floats += dla_program_update_span(program, k).count;
  dla_team_run(team, PARTS, do_parts, &c);
  for (int k = 0; k < PARTS; k++)
    sum += sums[k];
  const double norm = sqrt(sum), factor = max_norm / (norm + 1e-6);
  if (factor >= 1)
    return (float)norm; /* a NaN norm goes on: as in PyTorch, all gradients become
                         * NaN */
  c.sums = NULL;
  c.factor = (float)factor;
  dla_team_run(team, PARTS, do_parts, &c);
  return (float)norm;
}
