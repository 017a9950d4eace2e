/* Places every value of a program in one arena by its live interval: two values may share bytes
 * if no instruction needs both. Greedy by size: largest first, each at the lowest offset that is
 * free while it lives (Pisarchyk and Lee, "Efficient Memory Management for Deep Neural Net
 * Inference", 2020, section 5). */
#include <stdlib.h>

#include "graph/internal.h"

static bool in_arena(const dla_program *program, const dla_value *value)
{
  switch (value->kind) {
  case DLA_VALUE_PARAMETER_GRADIENT:
    return !program->gradients_apart && value->first >= 0;
  case DLA_VALUE_PARAMETER:
  case DLA_VALUE_STATE:
    return false;
  default:
    return value->view_of < 0 && value->first >= 0;
  }
}

static void find_intervals(dla_program *program)
{
  int end = program->instruction_count - 1;
  for (int i = 0; i <= end; i++)
    for (int k = 0; k < DLA_ARG_COUNT; k++) {
      int index = program->instruction[i].arg[k];
      if (index < 0) continue;
      dla_value *value = &program->value[index];
      if (value->view_of >= 0) value = &program->value[value->view_of];
      if (value->first < 0) value->first = i;
      value->last = i;
    }
  /* The input and the labels are written before the first instruction, the results read after the
   * last. */
  program->value[program->input].first = program->value[program->labels].first = 0;
  if (program->partners >= 0) program->value[program->partners].first = 0;
  program->value[program->logits].last = program->value[program->loss].last = end;
  if (program->grad_norm >= 0) program->value[program->grad_norm].last = end;
  for (int i = 0; i <= end && program->instruction[i].pass == DLA_PASS_PREPARE; i++)
    program->value[program->instruction[i].arg[DLA_ARG_DST]].last = end;
  for (int k = 0; k < program->update.count; k++)
    program->value[program->update.pair[k].gradient].last = end;
}

static void add_scratchpads(dla_program *program)
{
  for (int i = 0; i < program->instruction_count; i++) {
    dla_instruction *instruction = &program->instruction[i];
    if (instruction->scratchpad_bytes == 0) continue;
    instruction->arg[DLA_ARG_SCRATCHPAD] = program->value_count;
    program->value[program->value_count++] = (dla_value){
        .name = "scratchpad",
        .kind = DLA_VALUE_SCRATCH,
        .shape = DLA_SHAPE1((int64_t)((instruction->scratchpad_bytes + 3) / 4)),
        .parameter = -1,
        .view_of = -1,
        .bytes = instruction->scratchpad_bytes,
        .layout = "bytes",
        .first = -1,
    };
  }
}

static int by_size(const void *a, const void *b)
{
  const dla_value *x = *(dla_value *const *)a, *y = *(dla_value *const *)b;
  if (x->bytes != y->bytes) return x->bytes < y->bytes ? 1 : -1;
  return x < y ? -1 : x > y; /* qsort is not stable, but the plan must be the same every time */
}

static int by_offset(const void *a, const void *b)
{
  const dla_value *x = *(dla_value *const *)a, *y = *(dla_value *const *)b;
  if (x->offset != y->offset) return x->offset < y->offset ? -1 : 1;
  return x < y ? -1 : x > y;
}

/* The lowest offset at which `value` overlaps none of `others`. Those are placed and live with
 * it. */
static size_t lowest_gap(const dla_value *value, dla_value **others, size_t count)
{
  size_t offset = 0;
  qsort(others, count, sizeof *others, by_offset);
  for (size_t i = 0; i < count; i++) {
    if (offset + dla_align(value->bytes) <= others[i]->offset) break;
    size_t end = others[i]->offset + dla_align(others[i]->bytes);
    if (end > offset) offset = end;
  }
  return offset;
}

dla_status dla_plan_memory(dla_program *program, dla_error *err)
{
  add_scratchpads(program);
  find_intervals(program);
  size_t count = 0, values = (size_t)program->value_count;
  dla_value **order = malloc(2 * (values + 1) * sizeof *order);
  if (!order) return dla_fail_memory(err, "the memory plan");
  dla_value **others = order + values;
  for (size_t i = 0; i < values; i++)
    if (in_arena(program, &program->value[i])) order[count++] = &program->value[i];
  qsort(order, count, sizeof *order, by_size);
  for (size_t i = 0; i < count; i++) {
    size_t live = 0;
    for (size_t k = 0; k < i; k++)
      if (order[k]->first <= order[i]->last && order[i]->first <= order[k]->last)
        others[live++] = order[k];
    order[i]->offset = lowest_gap(order[i], others, live);
    size_t end = order[i]->offset + dla_align(order[i]->bytes);
    if (end > program->arena_bytes) program->arena_bytes = end;
  }
  free(order);
  return DLA_OK;
}
