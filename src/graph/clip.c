/* Clipping by norm (torch.nn.utils.clip_grad_norm_): one instruction between the backward pass
 * and the update. It reads and scales the gradients of all parameters. */
#include <stdio.h>
#include <string.h>

#include "graph/internal.h"

/* The configuration key. A backend that cannot clip names it in its error. */
static const char name[] = "optimizer.clip_grad_norm";

static int add_norm(dla_program *program)
{
  dla_value *value = &program->value[program->value_count];
  *value = (dla_value){.kind = DLA_VALUE_NORM,
                       .dtype = DLA_F32,
                       .shape = DLA_SHAPE1(1),
                       .parameter = -1,
                       .view_of = -1,
                       .first = -1};
  snprintf(value->name, sizeof value->name, "grad_norm");
  return program->value_count++;
}

void dla_clip_grad_norm(dla_program *program, double max_norm)
{
  int at = 0;
  while (program->instruction[at].pass != DLA_PASS_UPDATE)
    at++;
  dla_instruction *clip = &program->instruction[at];
  memmove(clip + 1, clip, (size_t)(program->instruction_count++ - at) * sizeof *clip);
  *clip = (dla_instruction){.op = DLA_OP_CLIP_GRAD_NORM, .pass = DLA_PASS_UPDATE};
  snprintf(clip->name, sizeof clip->name, "%s", name);
  for (int k = 0; k < DLA_ARG_COUNT; k++)
    clip->arg[k] = -1;
  clip->attr[DLA_ATTR_MAX_NORM] = max_norm;
  clip->arg[DLA_ARG_DST] = program->grad_norm = add_norm(program);
}
