#include "backend/opencl/internal.h"
#include "base/try.h"

typedef struct sizes {
  int64_t batch, channels, pixels, count;
} sizes;

static void give_values(opencl_launch *l, const dla_program *program, const dla_instruction *i,
                        const dla_arg *args, size_t count)
{
  for (size_t k = 0; k < count; k++)
    opencl_value(l, program, i, args[k]);
}

#define GIVE(l, program, i, args) give_values(l, program, i, args, sizeof args / sizeof *args)

static dla_status statistics(const opencl_backend *b, const dla_program *program,
                             const dla_instruction *i, const sizes *s, dla_error *err)
{
  static const dla_arg args[] = {DLA_ARG_SRC, DLA_ARG_MEAN, DLA_ARG_VARIANCE, DLA_ARG_RUNNING_MEAN,
                                 DLA_ARG_RUNNING_VARIANCE};
  opencl_launch l = opencl_begin(b, OPENCL_batch_norm_statistics);
  opencl_int(&l, s->batch);
  opencl_int(&l, s->channels);
  opencl_int(&l, s->pixels);
  opencl_float(&l, i->attr[DLA_ATTR_MOMENTUM]);
  GIVE(&l, program, i, args);
  return opencl_run_groups(&l, s->channels, err);
}

/* With the statistics of the batch, or the running ones. */
static dla_status apply(const opencl_backend *b, const dla_program *program,
                        const dla_instruction *i, const sizes *s, dla_error *err)
{
  bool of_batch = program->mode == DLA_MODE_TRAINING;
  const dla_arg args[] = {DLA_ARG_SRC,
                          DLA_ARG_SRC_1,
                          of_batch ? DLA_ARG_MEAN : DLA_ARG_RUNNING_MEAN,
                          of_batch ? DLA_ARG_VARIANCE : DLA_ARG_RUNNING_VARIANCE,
                          DLA_ARG_WEIGHTS,
                          DLA_ARG_BIAS,
                          DLA_ARG_DST};
  opencl_launch l = opencl_begin(b, OPENCL_batch_norm_apply);
  opencl_int(&l, s->count);
  opencl_int(&l, s->channels);
  opencl_int(&l, s->pixels);
  opencl_float(&l, i->attr[DLA_ATTR_EPS]);
  opencl_int(&l, i->attr[DLA_ATTR_RELU] != 0);
  GIVE(&l, program, i, args);
  return opencl_run(&l, s->count, err);
}

static void give_backward(opencl_launch *l, const dla_program *program, const dla_instruction *i,
                          const sizes *s)
{
  static const dla_arg args[] = {DLA_ARG_SRC,          DLA_ARG_DST,        DLA_ARG_MEAN,
                                 DLA_ARG_VARIANCE,     DLA_ARG_WEIGHTS,    DLA_ARG_BIAS,
                                 DLA_ARG_DIFF_DST,     DLA_ARG_DIFF_DST_1, DLA_ARG_DIFF_DST_2,
                                 DLA_ARG_DIFF_WEIGHTS, DLA_ARG_DIFF_BIAS};
  opencl_int(l, s->batch);
  opencl_int(l, s->channels);
  opencl_int(l, s->pixels);
  opencl_float(l, i->attr[DLA_ATTR_EPS]);
  opencl_int(l, i->attr[DLA_ATTR_RELU] != 0);
  GIVE(l, program, i, args);
}

static dla_status backward(const opencl_backend *b, const dla_program *program,
                           const dla_instruction *i, const sizes *s, dla_error *err)
{
  if (i->arg[DLA_ARG_DIFF_WEIGHTS] >= 0) {
    opencl_launch sums = opencl_begin(b, OPENCL_batch_norm_sums);
    give_backward(&sums, program, i, s);
    TRY(opencl_run_groups(&sums, s->channels, err));
  }
  opencl_launch rest = opencl_begin(b, OPENCL_batch_norm_backward);
  opencl_int(&rest, s->count);
  give_backward(&rest, program, i, s);
  opencl_value(&rest, program, i, DLA_ARG_DIFF_SRC);
  opencl_value(&rest, program, i, DLA_ARG_DIFF_SRC_1);
  return opencl_run(&rest, s->count, err);
}

dla_status opencl_batch_norm(const opencl_backend *b, const dla_program *program,
                             const dla_instruction *i, dla_error *err)
{
  const dla_shape *shape = &dla_program_arg(program, i, DLA_ARG_SRC)->shape;
  sizes s = {shape->dim[0], shape->dim[1], shape->dim[2] * shape->dim[3], dla_shape_count(shape)};
  if (i->pass == DLA_PASS_BACKWARD) return backward(b, program, i, &s, err);
  if (i->pass == DLA_PASS_FORWARD && program->mode == DLA_MODE_TRAINING &&
      i->arg[DLA_ARG_RUNNING_MEAN] >= 0)
    TRY(statistics(b, program, i, &s, err));
  return apply(b, program, i, &s, err);
}
