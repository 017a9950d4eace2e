/* Facts about a program that need no run. */
#include "dla/program.h"

#include <math.h>

const char *dla_pass_name(dla_pass pass)
{
  static const char *const name[DLA_PASS_COUNT] = {
      "prepare", "forward", "backward", "backward_data", "backward_weights", "recompute", "update"};
  return name[pass];
}

const char *dla_arg_name(dla_arg arg)
{
  static const char *const name[DLA_ARG_COUNT] = {
      [DLA_ARG_SRC] = "src",
      [DLA_ARG_SRC_1] = "src_1",
      [DLA_ARG_WEIGHTS] = "weights",
      [DLA_ARG_BIAS] = "bias",
      [DLA_ARG_RUNNING_MEAN] = "running_mean",
      [DLA_ARG_RUNNING_VARIANCE] = "running_variance",
      [DLA_ARG_MEAN] = "mean",
      [DLA_ARG_VARIANCE] = "variance",
      [DLA_ARG_LABELS] = "labels",
      [DLA_ARG_PARTNERS] = "partners",
      [DLA_ARG_WORKSPACE] = "workspace",
      [DLA_ARG_DST] = "dst",
      [DLA_ARG_DIFF_DST] = "diff_dst",
      [DLA_ARG_DIFF_DST_1] = "diff_dst_1",
      [DLA_ARG_DIFF_DST_2] = "diff_dst_2",
      [DLA_ARG_DIFF_SRC] = "diff_src",
      [DLA_ARG_DIFF_SRC_1] = "diff_src_1",
      [DLA_ARG_DIFF_WEIGHTS] = "diff_weights",
      [DLA_ARG_DIFF_BIAS] = "diff_bias",
      [DLA_ARG_SCRATCHPAD] = "scratchpad",
  };
  return name[arg];
}

static const dla_shape *shape_of(const dla_program *program, const dla_instruction *i, dla_arg a,
                                 dla_arg b)
{
  const dla_value *value = dla_program_arg(program, i, a);
  return &(value ? value : dla_program_arg(program, i, b))->shape;
}

double dla_instruction_flops(const dla_program *program, const dla_instruction *i)
{
  if (i->op != DLA_OP_CONV2D && i->op != DLA_OP_LINEAR) return 0;
  const dla_shape *weights = shape_of(program, i, DLA_ARG_WEIGHTS, DLA_ARG_DIFF_WEIGHTS);
  const dla_shape *dst = shape_of(program, i, DLA_ARG_DST, DLA_ARG_DIFF_DST);
  /* Each element of dst is a dot product, as long as the weights of one output channel. */
  return 2.0 * (double)dla_shape_count(dst) * (double)dla_shape_count(weights) /
         (double)weights->dim[0];
}

size_t dla_value_plain_bytes(const dla_value *value)
{
  return (size_t)dla_shape_count(&value->shape) * dla_dtype_size(value->dtype);
}

double dla_program_loss_divisor(const dla_program *program)
{
  return program->share.counts ? (double)program->step_samples : INFINITY;
}

/* A graph has at most some thousand layers, and a run at most 2^40 steps. */
dla_drop dla_program_drop(const dla_program *program, const dla_instruction *i, int64_t sample)
{
  const uint64_t step = (uint64_t)program->update.numbers.step & (((uint64_t)1 << 40) - 1);
  const uint64_t layer = (uint64_t)i->attr[DLA_ATTR_LAYER];
  const uint32_t place = (uint32_t)(program->first_sample + sample);
  const double p = i->attr[DLA_ATTR_P];
  return (dla_drop){
      .random = dla_random_at(program->seed, DLA_RANDOM_DROP, layer << 40 | step, place),
      .p = (float)p,
      .scale = p < 1 ? (float)(1 / (1 - p)) : 0,
  };
}

dla_update_span dla_program_update_span(const dla_program *program, int pair)
{
  const dla_update *u = &program->update;
  const dla_value *parameter = &program->value[u->pair[pair].parameter];
  float *parameters = parameter->data;
  /* A vector's gradient does not write its padding; an image's gradient writes zeros there. */
  size_t count = parameter->shape.rank == 1 ? (size_t)parameter->shape.dim[0]
                                            : parameter->bytes / dla_dtype_size(parameter->dtype);
  dla_update_span span = {.parameters = parameters,
                          .gradients = program->value[u->pair[pair].gradient].data,
                          .count = count};
  for (int k = 0; k < DLA_OPTIMIZER_STATES && u->state[k]; k++)
    span.state[k] = u->state[k] + (parameters - u->parameters);
  return span;
}

dla_update_numbers dla_program_update_numbers(const dla_program *program, int pair)
{
  const dla_update *u = &program->update;
  return dla_update_changed(u->optimizer, &u->numbers, &u->pair[pair].change);
}

double dla_instruction_bytes(const dla_program *program, const dla_instruction *i)
{
  double bytes = 0;
  /* Parameters and states are read and written, gradients only read. Clipping reads gradients
   * twice. */
  const int arrays = i->op == DLA_OP_CLIP_GRAD_NORM ? 3
                     : i->op == DLA_OP_UPDATE
                         ? 3 + 2 * dla_optimizer_state_count(program->update.optimizer)
                         : 0;
  for (int k = 0; arrays && k < program->update.count; k++)
    bytes += arrays * (double)program->value[program->update.pair[k].parameter].bytes;
  for (int k = 0; k < DLA_ARG_COUNT; k++) {
    const dla_value *value = dla_program_arg(program, i, (dla_arg)k);
    if (value && k != DLA_ARG_SCRATCHPAD) bytes += (double)value->bytes;
  }
  return bytes;
}
