/* Activation recomputation. Most of a training step's memory holds activations that the forward
 * pass keeps for the backward pass. A batch norm's dst (with its residual and ReLU) is one cheap
 * pass over its src. Its own backward pass reads src, so src is kept in any case. So dst is
 * computed again just before the backward pass first reads it, with the same bits (Chen et al.,
 * "Training Deep Nets with Sublinear Memory Cost", 2016, limited to what is cheapest to
 * recompute). */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "graph/internal.h"

/* Recomputing an activation may first need its residual, which needs its own residual, and so on.
 * At this length of chain an activation is kept; else the whole chain would be in memory at
 * once. */
enum { LONGEST_CHAIN = 3 };

typedef struct activation {
  const dla_instruction *producer; /* the forward instruction to repeat; NULL: the value is kept */
  int chain;                       /* how many activations are recomputed for it, itself included */
  int again;                       /* the value that replaces it; -1: none yet */
} activation;

typedef struct recomputation {
  dla_program *program;
  dla_instruction *old; /* the program as it was */
  int old_count;
  activation *activation; /* of each value */
} recomputation;

static int chain_of(const recomputation *r, int value)
{
  return value < 0 ? 0 : r->activation[value].chain;
}

static void find_activations(recomputation *r)
{
  for (int i = 0; i < r->old_count && r->old[i].pass == DLA_PASS_FORWARD; i++) {
    const dla_instruction *norm = &r->old[i];
    if (norm->op != DLA_OP_BATCH_NORM) continue;
    int src = chain_of(r, norm->arg[DLA_ARG_SRC]), residual = chain_of(r, norm->arg[DLA_ARG_SRC_1]);
    int chain = 1 + (src > residual ? src : residual);
    if (chain <= LONGEST_CHAIN)
      r->activation[norm->arg[DLA_ARG_DST]] = (activation){norm, chain, -1};
  }
}

/* The value for the backward pass to read instead of `value`. Appends its instruction once. */
static int again(recomputation *r, int value)
{
  activation *a = value < 0 ? NULL : &r->activation[value];
  if (!a || !a->producer) return value;
  if (a->again >= 0) return a->again;
  dla_instruction i = *a->producer;
  i.pass = DLA_PASS_RECOMPUTE;
  i.arg[DLA_ARG_SRC] = again(r, i.arg[DLA_ARG_SRC]);
  i.arg[DLA_ARG_SRC_1] = again(r, i.arg[DLA_ARG_SRC_1]);
  i.arg[DLA_ARG_RUNNING_MEAN] = i.arg[DLA_ARG_RUNNING_VARIANCE] = -1;
  dla_program *program = r->program;
  dla_value *copy = &program->value[program->value_count];
  *copy = program->value[value];
  snprintf(copy->name + strnlen(copy->name, DLA_NAME_SIZE - 24), 24, ".again");
  a->again = i.arg[DLA_ARG_DST] = program->value_count++;
  program->instruction[program->instruction_count++] = i;
  return a->again;
}

static void rewrite(recomputation *r)
{
  dla_program *program = r->program;
  program->instruction_count = 0;
  for (int i = 0; i < r->old_count; i++) {
    dla_instruction instruction = r->old[i];
    for (int k = 0; instruction.pass != DLA_PASS_FORWARD && k < DLA_ARG_COUNT; k++)
      instruction.arg[k] = again(r, instruction.arg[k]);
    program->instruction[program->instruction_count++] = instruction;
  }
}

dla_status dla_recompute_activations(dla_program *program, dla_error *err)
{
  recomputation r = {.program = program, .old_count = program->instruction_count};
  r.old = malloc(((size_t)r.old_count + 1) * sizeof *r.old);
  r.activation = calloc((size_t)program->value_count + 1, sizeof *r.activation);
  bool made = r.old && r.activation;
  if (made) {
    memcpy(r.old, program->instruction, (size_t)r.old_count * sizeof *r.old);
    find_activations(&r);
    rewrite(&r);
  }
  free(r.old);
  free(r.activation);
  return made ? DLA_OK : dla_fail_memory(err, "the program");
}
