/* linear: products of plain matrices; each thread computes some of the columns. An image is copied
 * to a plain matrix in front, its gradient behind. */
#include <string.h>

#include "backend/openblas/internal.h"
#include "backend/openblas/layout.h"

typedef struct problem {
  openblas_sgemm *sgemm;
  int batch, in, out, threads;
} problem;

static problem problem_of(const openblas_backend *b, const dla_program *program,
                          const dla_instruction *i)
{
  const dla_shape *src = &backend_src(program, i)->shape;
  return (problem){.sgemm = b->library.sgemm,
                   .batch = (int)src->dim[0],
                   .in = (int)(dla_shape_count(src) / src->dim[0]),
                   .out = (int)backend_dst(program, i)->shape.dim[1],
                   .threads = b->blocked.threads};
}

/* Thread k's part of a number of columns. */
static int first_of(const problem *p, int columns, int k)
{
  return (int)((int64_t)columns * k / p->threads);
}

static void forward(const problem *p, const float *src, const float *weights, const float *bias,
                    float *dst)
{
#pragma omp parallel for schedule(dynamic) num_threads(p->threads)
  for (int k = 0; k < p->threads; k++) {
    int first = first_of(p, p->out, k), count = first_of(p, p->out, k + 1) - first;
    if (count == 0) continue;
    for (int64_t n = 0; n < p->batch; n++)
      for (int o = first; o < first + count; o++)
        dst[n * p->out + o] = bias ? bias[o] : 0;
    p->sgemm(OPENBLAS_ROW_MAJOR, OPENBLAS_PLAIN, OPENBLAS_TRANSPOSED, p->batch, count, p->in, 1,
             src, p->in, weights + (int64_t)first * p->in, p->in, 1, dst + first, p->out);
  }
}

static void backward_data(const problem *p, const float *diff_dst, const float *weights,
                          float *diff_src)
{
#pragma omp parallel for schedule(dynamic) num_threads(p->threads)
  for (int k = 0; k < p->threads; k++) {
    int first = first_of(p, p->in, k), count = first_of(p, p->in, k + 1) - first;
    if (count == 0) continue;
    p->sgemm(OPENBLAS_ROW_MAJOR, OPENBLAS_PLAIN, OPENBLAS_PLAIN, p->batch, count, p->out, 1,
             diff_dst, p->out, weights + first, p->in, 0, diff_src + first, p->in);
  }
}

static void backward_weights(const problem *p, const float *src, const float *diff_dst,
                             float *diff_weights)
{
#pragma omp parallel for schedule(dynamic) num_threads(p->threads)
  for (int k = 0; k < p->threads; k++) {
    int first = first_of(p, p->in, k), count = first_of(p, p->in, k + 1) - first;
    if (count == 0) continue;
    p->sgemm(OPENBLAS_ROW_MAJOR, OPENBLAS_TRANSPOSED, OPENBLAS_PLAIN, p->out, count, p->batch, 1,
             diff_dst, p->out, src + first, p->in, 0, diff_weights + first, p->in);
  }
}

static void backward_bias(const problem *p, const float *diff_dst, float *diff_bias)
{
  for (int o = 0; o < p->out; o++) {
    double sum = 0;
    for (int64_t n = 0; n < p->batch; n++)
      sum += diff_dst[n * p->out + o];
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
  const float *weights = backend_data(program, i, DLA_ARG_WEIGHTS);
  const float *diff_dst = backend_data(program, i, DLA_ARG_DIFF_DST);
  float *diff_bias = backend_data(program, i, DLA_ARG_DIFF_BIAS);
  if (i->pass == DLA_PASS_BACKWARD_DATA) {
    backward_data(&p, diff_dst, weights, plain);
    if (plain != image->data)
      openblas_image_write(&image->shape, b->blocked.block, plain, image->data);
    return;
  }
  if (plain != image->data)
    openblas_image_read(&image->shape, b->blocked.block, image->data, plain);
  if (i->pass == DLA_PASS_FORWARD) {
    forward(&p, plain, weights, backend_data(program, i, DLA_ARG_BIAS),
            backend_data(program, i, DLA_ARG_DST));
  } else {
    backward_weights(&p, plain, diff_dst, backend_data(program, i, DLA_ARG_DIFF_WEIGHTS));
    if (diff_bias) backward_bias(&p, diff_dst, diff_bias);
  }
}
