/* linear: products of plain matrices. An item is a part of the columns. A blocked image is copied
 * to a plain matrix before, its gradient back after. */
#include <string.h>

#include "backend/openblas/internal.h"
#include "backend/openblas/layout.h"

typedef struct problem {
  openblas_sgemm *sgemm;
  dla_team *team;
  int batch, in, out;
  const float *src, *weights, *bias, *diff_dst;
  float *dst, *diff_src, *diff_weights;
} problem;

static problem problem_of(const openblas_backend *b, const dla_program *program,
                          const dla_instruction *i)
{
  const dla_shape *src = &backend_src(program, i)->shape;
  return (problem){.sgemm = b->library.sgemm,
                   .team = b->blocked.team,
                   .batch = (int)src->dim[0],
                   .in = (int)(dla_shape_count(src) / src->dim[0]),
                   .out = (int)backend_dst(program, i)->shape.dim[1],
                   .weights = backend_data(program, i, DLA_ARG_WEIGHTS),
                   .bias = backend_data(program, i, DLA_ARG_BIAS),
                   .diff_dst = backend_data(program, i, DLA_ARG_DIFF_DST),
                   .dst = backend_data(program, i, DLA_ARG_DST),
                   .diff_weights = backend_data(program, i, DLA_ARG_DIFF_WEIGHTS)};
}

/* Part k of the columns: there are as many parts as threads. */
typedef struct columns {
  int first, count;
} columns;

static columns columns_of(const problem *p, int all, int64_t k)
{
  int64_t parts = dla_team_threads(p->team);
  int first = (int)(all * k / parts), end = (int)(all * (k + 1) / parts);
  return (columns){first, end - first};
}

static void forward_columns(const problem *p, columns c)
{
  for (int64_t n = 0; n < p->batch; n++)
    for (int o = c.first; o < c.first + c.count; o++)
      p->dst[n * p->out + o] = p->bias ? p->bias[o] : 0;
  p->sgemm(OPENBLAS_ROW_MAJOR, OPENBLAS_PLAIN, OPENBLAS_TRANSPOSED, p->batch, c.count, p->in, 1,
           p->src, p->in, p->weights + (int64_t)c.first * p->in, p->in, 1, p->dst + c.first,
           p->out);
}

static void forward(const void *context, dla_items *items)
{
  const problem *p = context;
  for (int64_t k; dla_items_next(items, &k);) {
    columns c = columns_of(p, p->out, k);
    if (c.count) forward_columns(p, c);
  }
}

static void backward_data(const void *context, dla_items *items)
{
  const problem *p = context;
  for (int64_t k; dla_items_next(items, &k);) {
    columns c = columns_of(p, p->in, k);
    if (c.count)
      p->sgemm(OPENBLAS_ROW_MAJOR, OPENBLAS_PLAIN, OPENBLAS_PLAIN, p->batch, c.count, p->out, 1,
               p->diff_dst, p->out, p->weights + c.first, p->in, 0, p->diff_src + c.first, p->in);
  }
}

static void backward_weights(const void *context, dla_items *items)
{
  const problem *p = context;
  for (int64_t k; dla_items_next(items, &k);) {
    columns c = columns_of(p, p->in, k);
    if (c.count)
      p->sgemm(OPENBLAS_ROW_MAJOR, OPENBLAS_TRANSPOSED, OPENBLAS_PLAIN, p->out, c.count, p->batch,
               1, p->diff_dst, p->out, p->src + c.first, p->in, 0, p->diff_weights + c.first,
               p->in);
  }
}

static void backward_bias(const problem *p, float *diff_bias)
{
  for (int o = 0; o < p->out; o++) {
    double sum = 0;
    for (int64_t n = 0; n < p->batch; n++)
      sum += p->diff_dst[n * p->out + o];
    diff_bias[o] = (float)sum;
  }
}

size_t openblas_linear_scratchpad(const dla_program *program, const dla_instruction *i)
{
  const dla_shape *src = &backend_src(program, i)->shape;
  return src->rank == 4 ? (size_t)dla_shape_count(src) * sizeof(float) : 0;
}

void openblas_linear(const openblas_backend *b, const dla_program *program,
                     const dla_instruction *i)
{
  problem p = problem_of(b, program, i);
  const dla_value *image = backend_src(program, i);
  float *plain =
      image->shape.rank == 4 ? backend_data(program, i, DLA_ARG_SCRATCHPAD) : (float *)image->data;
  float *diff_bias = backend_data(program, i, DLA_ARG_DIFF_BIAS);
  int64_t parts = dla_team_threads(p.team);
  p.src = p.diff_src = plain;
  if (i->pass == DLA_PASS_BACKWARD_DATA) {
    dla_team_run(p.team, parts, backward_data, &p);
    if (plain != image->data)
      openblas_image_write(p.team, &image->shape, b->blocked.block, plain, image->data);
    return;
  }
  if (plain != image->data)
    openblas_image_read(p.team, &image->shape, b->blocked.block, image->data, plain);
  dla_team_run(p.team, parts, i->pass == DLA_PASS_FORWARD ? forward : backward_weights, &p);
  if (i->pass != DLA_PASS_FORWARD && diff_bias) backward_bias(&p, diff_bias);
}
