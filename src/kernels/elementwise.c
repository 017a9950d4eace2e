/* Elementwise kernels: an item is a run of whole cache lines. */
#include <string.h>

#include "kernels/kernels.h"
#include "kernels/leaf.h"

enum { RUN = 1 << 14 }; /* floats; 64 KiB, so that all arrays of a run fit the second-level cache */

static size_t run_at(size_t i, size_t count)
{
  return count - i < RUN ? count - i : RUN;
}

typedef struct elementwise {
  const dla_leaf_kernels *leaf;
  const void *a, *b;
  void *to;
  size_t count;
} elementwise;

static const void *from(const elementwise *e, const void *images, size_t i)
{
  return dla_number(e->leaf, images, (int64_t)i);
}

static void *to(const elementwise *e, size_t i)
{
  return dla_number_to(e->leaf, e->to, (int64_t)i);
}

static void run_over(dla_team *team, dla_loop *loop, elementwise e)
{
  dla_team_run(team, (int64_t)((e.count + RUN - 1) / RUN), loop, &e);
}

static void add(const void *context, dla_items *items)
{
  const elementwise *e = context;
  for (int64_t run; dla_items_next(items, &run);) {
    size_t i = (size_t)run * RUN;
    e->leaf->add(from(e, e->a, i), from(e, e->b, i), to(e, i), run_at(i, e->count));
  }
}

static void relu(const void *context, dla_items *items)
{
  const elementwise *e = context;
  for (int64_t run; dla_items_next(items, &run);) {
    size_t i = (size_t)run * RUN;
    e->leaf->relu(from(e, e->a, i), to(e, i), run_at(i, e->count));
  }
}

static void relu_backward(const void *context, dla_items *items)
{
  const elementwise *e = context;
  for (int64_t run; dla_items_next(items, &run);) {
    size_t i = (size_t)run * RUN;
    e->leaf->relu_backward(from(e, e->a, i), from(e, e->b, i), to(e, i), run_at(i, e->count));
  }
}

void dla_add_kernel(dla_team *team, const dla_leaf_kernels *leaf, const void *a, const void *b,
                    void *dst, size_t count)
{
  run_over(team, add, (elementwise){leaf, a, b, dst, count});
}

void dla_relu_kernel(dla_team *team, const dla_leaf_kernels *leaf, const void *src, void *dst,
                     size_t count)
{
  run_over(team, relu, (elementwise){leaf, src, NULL, dst, count});
}

void dla_relu_backward_kernel(dla_team *team, const dla_leaf_kernels *leaf, const void *dst,
                              const void *diff_dst, void *diff_src, size_t count)
{
  run_over(team, relu_backward, (elementwise){leaf, dst, diff_dst, diff_src, count});
}

static void narrow(const void *context, dla_items *items)
{
  const elementwise *e = context;
  for (int64_t run; dla_items_next(items, &run);) {
    size_t i = (size_t)run * RUN;
    e->leaf->narrow((const float *)e->a + i, (uint16_t *)e->to + i, run_at(i, e->count));
  }
}

static void widen(const void *context, dla_items *items)
{
  const elementwise *e = context;
  for (int64_t run; dla_items_next(items, &run);) {
    size_t i = (size_t)run * RUN;
    e->leaf->widen((const uint16_t *)e->a + i, (float *)e->to + i, run_at(i, e->count));
  }
}

void dla_narrow_kernel(dla_team *team, const dla_leaf_kernels *leaf, const float *src,
                       uint16_t *dst, size_t count)
{
  run_over(team, narrow, (elementwise){leaf, src, NULL, dst, count});
}

void dla_widen_kernel(dla_team *team, const dla_leaf_kernels *leaf, const uint16_t *src, float *dst,
                      size_t count)
{
  run_over(team, widen, (elementwise){leaf, src, NULL, dst, count});
}

typedef struct update {
  dla_update_kernel *kernel;
  const dla_program *program;
} update;

static int64_t runs_of(dla_update_span span)
{
  return (int64_t)((span.count + RUN - 1) / RUN);
}

static dla_update_span part_of(const dla_update_span *span, size_t first)
{
  dla_update_span part = {.parameters = span->parameters + first,
                          .gradients = span->gradients + first,
                          .count = run_at(first, span->count)};
  for (int k = 0; k < DLA_OPTIMIZER_STATES && span->state[k]; k++)
    part.state[k] = span->state[k] + first;
  return part;
}

static void update_runs(const void *context, dla_items *items)
{
  const update *u = context;
  int pair = -1;
  int64_t before = 0, here = 0; /* runs before the pair, and runs of the pair */
  dla_update_span span = {0};
  dla_update_numbers numbers = {0};
  for (int64_t run; dla_items_next(items, &run);) {
    if (run < before)
      pair = -1, before = here = 0; /* start over: a run taken from another
                                     * thread's share */
    for (; run >= before + here; here = runs_of(span)) {
      before += here;
      span = dla_program_update_span(u->program, ++pair);
      numbers = dla_program_update_numbers(u->program, pair);
    }
    dla_update_span part = part_of(&span, (size_t)(run - before) * RUN);
    u->kernel(&part, &numbers);
  }
}

/* All pairs share one loop: most parameters are smaller than a run. */
void dla_update_parameters(dla_team *team, dla_isa isa, const dla_program *program)
{
  dla_update_kernel *const *kernel = program->update.optimizer->kernel;
  update u = {kernel[isa] ? kernel[isa] : kernel[DLA_ISA_GENERIC], program};
  int64_t runs = 0;
  for (int k = 0; k < program->update.count; k++)
    runs += runs_of(dla_program_update_span(program, k));
  dla_team_run(team, runs, update_runs, &u);
}

/* The offset of pixel 0 of a channel in a blocked image. */
static size_t channel_at(int64_t channel, const dla_blocked *b)
{
  return (size_t)(channel / b->block * b->pixels * b->block + channel % b->block);
}

/* An item is an image. Copies from the part or from the whole. */
typedef struct slice_copy {
  const dla_blocked *part;
  const float *part_read, *whole_read;
  float *part_write, *whole_write;
  int64_t whole_channels, channel;
} slice_copy;

static void copy_pixels(const slice_copy *s, size_t part, size_t whole)
{
  size_t step = (size_t)s->part->block;
  for (int64_t i = 0; i < s->part->pixels; i++, part += step, whole += step)
    if (s->part_write)
      s->part_write[part] = s->whole_read[whole];
    else
      s->whole_write[whole] = s->part_read[part];
}

static void copy_slice(const void *context, dla_items *items)
{
  const slice_copy *s = context;
  dla_blocked whole = *s->part;
  whole.channels = s->whole_channels;
  size_t whole_image = (size_t)(dla_blocked_padded(&whole) * whole.pixels);
  size_t part_image = (size_t)(dla_blocked_padded(s->part) * whole.pixels);
  for (int64_t n; dla_items_next(items, &n);)
    for (int64_t c = 0; c < s->part->channels; c++)
      copy_pixels(s, (size_t)n * part_image + channel_at(c, s->part),
                  (size_t)n * whole_image + channel_at(s->channel + c, s->part));
}

void dla_slice_read(dla_team *team, const dla_blocked *shape, const float *whole,
                    int64_t whole_channels, int64_t channel, float *part)
{
  if (shape->channels % shape->block) /* padded channels stay zero */
    memset(part, 0,
           (size_t)(shape->batch * dla_blocked_padded(shape) * shape->pixels) * sizeof *part);
  slice_copy s = {.part = shape,
                  .part_write = part,
                  .whole_read = whole,
                  .whole_channels = whole_channels,
                  .channel = channel};
  dla_team_run(team, shape->batch, copy_slice, &s);
}

/* Zeros the channels after the last one, up to the end of its block. */
static void clear_padding(const dla_blocked *whole, float *images)
{
  size_t image = (size_t)(dla_blocked_padded(whole) * whole->pixels);
  for (int64_t n = 0; n < whole->batch; n++)
    for (int64_t c = whole->channels; c < dla_blocked_padded(whole); c++)
      for (int64_t i = 0; i < whole->pixels; i++)
        images[(size_t)n * image + channel_at(c, whole) + (size_t)(i * whole->block)] = 0;
}

void dla_slice_write(dla_team *team, const dla_blocked *shape, const float *part, float *whole,
                     int64_t whole_channels, int64_t channel)
{
  slice_copy s = {.part = shape,
                  .part_read = part,
                  .whole_write = whole,
                  .whole_channels = whole_channels,
                  .channel = channel};
  dla_team_run(team, shape->batch, copy_slice, &s);
  const dla_blocked all = {shape->batch, whole_channels, shape->pixels, shape->block};
  if (channel + shape->channels == whole_channels) clear_padding(&all, whole);
}
