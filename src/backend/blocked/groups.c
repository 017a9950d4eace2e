/* Grouped convolutions. Images are in blocks of channels, and groups are often smaller than a
 * block (4 of 128 channels in dla60x). So several groups that fill whole blocks are merged into
 * one dense group, with zeros between channels of different groups. Weights are stored plain and
 * small, {out, in / groups, k, k}. The dense ones are made before each use: they are tiny
 * compared with the images. */
#include <string.h>

#include "backend/blocked/blocked.h"

blocked_groups blocked_groups_of(const backend_geometry *g, int block)
{
  int64_t in = g->in / g->groups, out = g->out / g->groups, merged = 1;
  while (merged < g->groups &&
         (g->groups % merged != 0 || merged * in % block != 0 || merged * out % block != 0))
    merged++;
  return (blocked_groups){.count = g->groups / merged,
                          .merged = merged,
                          .in = merged * in,
                          .out = merged * out,
                          .part = in,
                          .part_out = out,
                          .window = g->kernel * g->kernel};
}

int64_t blocked_groups_floats(const blocked_groups *g)
{
  return g->count * g->out * g->in * g->window;
}

typedef struct spread {
  const blocked_groups *g;
  const float *from;
  float *to;
} spread;

/* The offset of an out channel's own weights in its dense row. */
static int64_t offset_of(const blocked_groups *g, int64_t out)
{
  return out / g->part_out % g->merged * g->part * g->window;
}

static void expand_rows(const void *context, dla_items *items)
{
  const spread *s = context;
  int64_t own = s->g->part * s->g->window, row = s->g->in * s->g->window;
  for (int64_t o; dla_items_next(items, &o);) {
    memset(s->to + o * row, 0, (size_t)row * sizeof *s->to);
    memcpy(s->to + o * row + offset_of(s->g, o), s->from + o * own, (size_t)own * sizeof *s->to);
  }
}

static void collect_rows(const void *context, dla_items *items)
{
  const spread *s = context;
  int64_t own = s->g->part * s->g->window, row = s->g->in * s->g->window;
  for (int64_t o; dla_items_next(items, &o);)
    memcpy(s->to + o * own, s->from + o * row + offset_of(s->g, o), (size_t)own * sizeof *s->to);
}

void blocked_groups_expand(dla_team *team, const blocked_groups *g, const float *plain,
                           float *dense)
{
  dla_team_run(team, g->count * g->out, expand_rows, &(spread){g, plain, dense});
}

void blocked_groups_collect(dla_team *team, const blocked_groups *g, const float *dense,
                            float *plain)
{
  dla_team_run(team, g->count * g->out, collect_rows, &(spread){g, dense, plain});
}

bool blocked_is_grouped(const dla_program *program, int value)
{
  for (int k = 0; k < program->instruction_count; k++) {
    const dla_instruction *i = &program->instruction[k];
    bool folded = i->op == DLA_OP_FOLD_BATCH_NORM && i->arg[DLA_ARG_SRC] == value;
    if (folded && blocked_is_grouped(program, i->arg[DLA_ARG_DST])) return true;
    if (backend_groups(i) > 1 &&
        (i->arg[DLA_ARG_WEIGHTS] == value || i->arg[DLA_ARG_DIFF_WEIGHTS] == value))
      return true;
  }
  return false;
}
