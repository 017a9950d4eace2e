/* Activations and their gradients in bfloat16 (Kalamkar et al., "A Study of BFLOAT16 for Deep
 * Learning Training", 2019): chooses the values, and adds conversions around instructions that
 * the backend cannot execute in bfloat16.
 *
 * Images of more than one pixel become BF16. What follows the last pool stays F32: it is small,
 * and the logits come from it. The input image and the views of concat stay F32, too. The choice
 * does not depend on the backend: every backend rounds each value once, when it writes it. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "graph/internal.h"

static bool is_image(const dla_value *value)
{
  return (value->kind == DLA_VALUE_DATA || value->kind == DLA_VALUE_GRADIENT) &&
         value->dtype == DLA_F32 && value->shape.rank == 4 &&
         value->shape.dim[2] * value->shape.dim[3] > 1;
}

static void choose_values(dla_program *program)
{
  for (int v = 0; v < program->value_count; v++)
    if (is_image(&program->value[v])) program->value[v].dtype = DLA_BF16;
  for (int i = 0; i < program->instruction_count; i++) { /* the maxima's places */
    const int workspace = program->instruction[i].arg[DLA_ARG_WORKSPACE];
    if (workspace >= 0) program->value[workspace].dtype = DLA_F32;
  }
  for (int v = 0; v < program->value_count; v++)
    if (program->value[v].view_of >= 0)
      program->value[v].dtype = program->value[program->value[v].view_of].dtype = DLA_F32;
}

/* The backward pass reads dst for ReLU's mask. But a backward add adds gradients. */
static bool writes(const dla_instruction *i, dla_arg arg)
{
  const bool forward =
      i->pass == DLA_PASS_FORWARD || i->pass == DLA_PASS_RECOMPUTE || i->op == DLA_OP_ADD;
  return arg == DLA_ARG_DST ? forward : arg == DLA_ARG_DIFF_SRC || arg == DLA_ARG_DIFF_SRC_1;
}

static bool reads(const dla_instruction *i, dla_arg arg)
{
  return !writes(i, arg) || i->accumulate;
}

/* Counts an instruction's BF16 values; *all: are all of its images BF16? */
static int count_halves(const dla_program *program, const dla_instruction *i, bool *all)
{
  int halves = 0;
  *all = true;
  for (int a = 0; a < DLA_ARG_COUNT; a++) {
    const dla_value *value = dla_program_arg(program, i, (dla_arg)a);
    if (!value) continue;
    halves += value->dtype == DLA_BF16;
    const bool data = value->kind == DLA_VALUE_DATA || value->kind == DLA_VALUE_GRADIENT ||
                      value->kind == DLA_VALUE_INPUT;
    if (data && value->shape.rank == 4 && value->dtype == DLA_F32 && a != DLA_ARG_WORKSPACE)
      *all = false;
  }
  return halves;
}

static void convert(dla_program *program, const dla_instruction *around, int from, int to)
{
  dla_instruction *i = &program->instruction[program->instruction_count++];
  *i = (dla_instruction){.op = DLA_OP_CONVERT, .pass = around->pass};
  memcpy(i->name, around->name, sizeof i->name);
  for (int k = 0; k < DLA_ARG_COUNT; k++)
    i->arg[k] = -1;
  i->arg[DLA_ARG_SRC] = from;
  i->arg[DLA_ARG_DST] = to;
}

/* A copy of the value as F32. */
static int widened(dla_program *program, int value)
{
  dla_value *copy = &program->value[program->value_count];
  *copy = program->value[value];
  copy->dtype = DLA_F32;
  snprintf(copy->name + strnlen(copy->name, DLA_NAME_SIZE - 24), 24, ".f32");
  return program->value_count++;
}

/* Appends the instruction with F32 in place of BF16. A value in two roles is converted once. */
static void append_around(dla_program *program, const dla_instruction *old)
{
  dla_instruction i = *old;
  for (int a = 0; a < DLA_ARG_COUNT; a++) {
    const int value = old->arg[a];
    if (value < 0 || program->value[value].dtype != DLA_BF16) continue;
    for (int before = 0; before < a; before++)
      if (old->arg[before] == value) i.arg[a] = i.arg[before];
    if (i.arg[a] != value) continue;
    i.arg[a] = widened(program, value);
    if (reads(old, (dla_arg)a)) convert(program, old, value, i.arg[a]);
  }
  program->instruction[program->instruction_count++] = i;
  for (int a = 0; a < DLA_ARG_COUNT; a++)
    if (i.arg[a] != old->arg[a] && writes(old, (dla_arg)a))
      convert(program, old, i.arg[a], old->arg[a]);
}

/* Makes room for the conversions of all of an instruction's values. */
static bool make_room(dla_program *program, const dla_instruction *old, int count)
{
  int halves = 0;
  bool all;
  for (int i = 0; i < count; i++)
    halves += count_halves(program, &old[i], &all);
  /* Each value may be read and written, and every instruction may get a scratchpad. */
  const size_t instructions = (size_t)(count + 2 * halves);
  const size_t values = (size_t)program->value_count + (size_t)halves + instructions;
  dla_instruction *more = realloc(program->instruction, instructions * sizeof *more);
  if (more) program->instruction = more;
  dla_value *wider = realloc(program->value, values * sizeof *wider);
  if (wider) program->value = wider;
  return more && wider;
}

dla_status dla_keep_in_bf16(dla_program *program, dla_takes_bf16 *takes, const void *backend,
                            dla_error *err)
{
  const int count = program->instruction_count;
  dla_instruction *old = malloc(((size_t)count + 1) * sizeof *old);
  if (!old) return dla_fail_memory(err, "the program");
  memcpy(old, program->instruction, (size_t)count * sizeof *old);
  choose_values(program);
  const bool made = make_room(program, old, count);
  program->instruction_count = made ? 0 : count;
  for (int i = 0; made && i < count; i++) {
    bool all = false;
    if (count_halves(program, &old[i], &all) == 0 ||
        (all && takes && takes(backend, program, &old[i])))
      program->instruction[program->instruction_count++] = old[i];
    else
      append_around(program, &old[i]);
  }
  free(old);
  return made ? DLA_OK : dla_fail_memory(err, "the program");
}
