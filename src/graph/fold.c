/* Evaluation without batch norms. With running statistics a batch norm is one multiply and one
 * add per channel. The convolution before it can do both with its weights and bias:
 *
 *    weights' = weights scale
 *    bias'    = (bias - mean) scale + shift
 *    scale    = weight / sqrt(variance + eps), shift = the batch norm's bias
 *
 * ReLU joins the convolution, too. So does a residual that nobody reads afterwards: the
 * convolution adds to it in place. Instructions at the beginning of the program compute the
 * folded weights. They run only after the parameters have changed. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "graph/internal.h"

typedef struct folding {
  dla_program *program;
  dla_instruction *old; /* the program as it was */
  int old_count;
  int *reads, *last_read; /* of each value */
  int *alias;             /* of each value: the value that replaces it */
  int *norm; /* of each convolution: the instruction of the batch norm folded into it, or -1 */
} folding;

/* The batch norm that reads a convolution's output, if it is the only reader. */
static int only_norm(const folding *f, int conv)
{
  int dst = f->old[conv].arg[DLA_ARG_DST];
  for (int i = conv + 1; i < f->old_count; i++)
    for (int k = 0; k < DLA_ARG_DST; k++)
      if (f->old[i].arg[k] == dst)
        return f->old[i].op == DLA_OP_BATCH_NORM && k == DLA_ARG_SRC && f->reads[dst] == 1 ? i : -1;
  return -1;
}

/* Counts readers. A convolution that may be folded reads where its batch norm stands. */
static void find_reads(folding *f)
{
  for (int i = 0; i < f->old_count; i++)
    for (int k = 0; k < DLA_ARG_DST; k++)
      if (f->old[i].arg[k] >= 0) f->reads[f->old[i].arg[k]]++;
  for (int i = 0; i < f->old_count; i++) {
    f->norm[i] = f->old[i].op == DLA_OP_CONV2D ? only_norm(f, i) : -1;
    int at = f->norm[i] < 0 ? i : f->norm[i];
    for (int k = 0; k < DLA_ARG_DST; k++) {
      int value = f->old[i].arg[k];
      if (value >= 0 && f->last_read[value] < at) f->last_read[value] = at;
    }
  }
}

static bool has_view(const dla_program *program, int value)
{
  for (int i = 0; i < program->value_count; i++)
    if (program->value[i].view_of == value) return true;
  return program->value[value].view_of >= 0;
}

/* Can the convolutions add to the residual in place? */
static bool is_free(const folding *f, int norm, int residual)
{
  if (f->last_read[residual] != norm || f->program->value[residual].kind != DLA_VALUE_DATA ||
      has_view(f->program, residual))
    return false;
  for (int i = 0; i < norm; i++)
    if (f->norm[i] == norm && f->old[i].arg[DLA_ARG_SRC] == residual) return false;
  return true;
}

/* Leaves a batch norm unfolded if its residual is still needed. */
static void choose(folding *f)
{
  for (int norm = 0; norm < f->old_count; norm++) {
    int residual = f->old[norm].arg[DLA_ARG_SRC_1];
    if (f->old[norm].op != DLA_OP_BATCH_NORM || residual < 0 || is_free(f, norm, residual))
      continue;
    for (int i = 0; i < norm; i++)
      if (f->norm[i] == norm) f->norm[i] = -1;
  }
}

/* Appends the instruction that computes a folded value. Returns the value's index. */
static int fold_value(folding *f, const dla_instruction *norm, int src, dla_shape shape,
                      const char *name)
{
  dla_program *program = f->program;
  dla_value *value = &program->value[program->value_count];
  *value = (dla_value){
      .kind = DLA_VALUE_DATA, .shape = shape, .parameter = -1, .view_of = -1, .first = -1};
  snprintf(value->name, sizeof value->name, "%.*s.folded", DLA_NAME_SIZE - 24, name);
  dla_instruction *i = &program->instruction[program->instruction_count++];
  *i = *norm;
  i->op = DLA_OP_FOLD_BATCH_NORM;
  i->pass = DLA_PASS_PREPARE;
  i->arg[DLA_ARG_SRC] = src;
  i->arg[DLA_ARG_SRC_1] = -1;
  i->arg[DLA_ARG_DST] = program->value_count;
  return program->value_count++;
}

/* Puts all PREPARE instructions first, in the order of the program. */
static void prepare(folding *f)
{
  dla_program *program = f->program;
  for (int i = 0; i < f->old_count; i++) {
    if (f->norm[i] < 0) continue;
    const dla_instruction *norm = &f->old[f->norm[i]];
    dla_instruction *conv = &f->old[i];
    const dla_value *weights = &program->value[conv->arg[DLA_ARG_WEIGHTS]];
    int bias = conv->arg[DLA_ARG_BIAS];
    if (!conv->accumulate) {
      dla_shape channels = program->value[norm->arg[DLA_ARG_WEIGHTS]].shape;
      conv->arg[DLA_ARG_BIAS] = fold_value(f, norm, bias, channels, norm->name);
    }
    conv->arg[DLA_ARG_WEIGHTS] =
        fold_value(f, norm, conv->arg[DLA_ARG_WEIGHTS], weights->shape, weights->name);
  }
}

static int now(const folding *f, int value)
{
  while (value >= 0 && f->alias[value] >= 0)
    value = f->alias[value];
  return value;
}

static void append(folding *f, const dla_instruction *instruction)
{
  dla_instruction *i = &f->program->instruction[f->program->instruction_count++];
  *i = *instruction;
  for (int k = 0; k < DLA_ARG_COUNT; k++)
    i->arg[k] = now(f, i->arg[k]);
}

/* Appends the convolutions in the place of their batch norm. Returns false if it has none. */
static bool append_folded(folding *f, int norm)
{
  const dla_instruction *n = &f->old[norm];
  int residual = n->arg[DLA_ARG_SRC_1], last = -1;
  for (int i = 0; i < norm; i++)
    if (f->norm[i] == norm) last = i;
  if (last < 0) return false;
  f->alias[n->arg[DLA_ARG_SRC]] = n->arg[DLA_ARG_DST];
  if (residual >= 0) f->alias[n->arg[DLA_ARG_DST]] = residual;
  for (int i = 0; i <= last; i++) {
    if (f->norm[i] != norm) continue;
    dla_instruction conv = f->old[i];
    conv.accumulate |= residual >= 0;
    conv.relu = i == last && n->attr[DLA_ATTR_RELU] != 0;
    append(f, &conv);
  }
  return true;
}

static void rewrite(folding *f)
{
  f->program->instruction_count = 0;
  prepare(f);
  for (int i = 0; i < f->old_count; i++)
    if (f->norm[i] < 0 && !append_folded(f, i)) append(f, &f->old[i]);
}

static bool allocate(folding *f)
{
  size_t values = (size_t)f->program->value_count + 1, instructions = (size_t)f->old_count + 1;
  f->old = malloc(instructions * sizeof *f->old);
  f->norm = malloc(instructions * sizeof *f->norm);
  f->reads = calloc(values, sizeof *f->reads);
  f->last_read = calloc(values, sizeof *f->last_read);
  /* Twice the room, for the folded values. */
  f->alias = malloc(2 * values * sizeof *f->alias);
  if (!f->old || !f->norm || !f->reads || !f->last_read || !f->alias) return false;
  memcpy(f->old, f->program->instruction, (size_t)f->old_count * sizeof *f->old);
  for (size_t i = 0; i < 2 * values; i++)
    f->alias[i] = -1;
  return true;
}

dla_status dla_fold_batch_norms(dla_program *program, dla_error *err)
{
  folding f = {.program = program, .old_count = program->instruction_count};
  bool made = allocate(&f);
  if (made) {
    find_reads(&f);
    choose(&f);
    rewrite(&f);
  }
  free(f.old);
  free(f.norm);
  free(f.reads);
  free(f.last_read);
  free(f.alias);
  return made ? DLA_OK : dla_fail_memory(err, "the program");
}
