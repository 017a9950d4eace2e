/* conv2d as products of matrices (kernels/convolution.cl), of as many images at a time as the
 * memory limit allows. CLBlast's own convolution has only the forward pass, without bias or
 * accumulation. */
#include "backend/opencl/internal.h"
#include "base/try.h"

enum { CHUNK_FLOATS = 16 << 20 }; /* of both matrices: 64 MB keep a large device busy */

typedef struct problem {
  backend_geometry g;
  int64_t pixels, rows; /* pixels of a dst image; rows of windows, of all groups */
  int64_t images;       /* at a time */
} problem;

static problem problem_of(const dla_program *program, const dla_instruction *i)
{
  backend_geometry g = backend_geometry_of(program, i);
  problem p = {.g = g, .pixels = g.out_height * g.out_width, .rows = g.in * g.kernel * g.kernel};
  p.images = CHUNK_FLOATS / ((p.rows + g.out) * p.pixels);
  if (p.images < 1) p.images = 1;
  if (p.images > g.batch) p.images = g.batch;
  return p;
}

size_t opencl_conv2d_scratchpad(const dla_program *program, const dla_instruction *i)
{
  problem p = problem_of(program, i);
  return (size_t)((p.rows + p.g.out) * p.images * p.pixels) * sizeof(float);
}

/* Some of the images of src and dst, and the matrices in the scratchpad. */
typedef struct chunk {
  const opencl_backend *backend;
  const problem *p;
  int64_t images, columns;
  float *src, *dst;         /* or their gradients */
  float *windows, *outputs; /* {rows, columns}, {out, columns} */
} chunk;

static chunk chunk_of(const opencl_backend *b, const dla_program *program, const dla_instruction *i,
                      const problem *p, int64_t first)
{
  int64_t rest = p->g.batch - first, images = rest < p->images ? rest : p->images;
  float *src = backend_src(program, i)->data, *dst = backend_dst(program, i)->data;
  float *scratchpad = backend_data(program, i, DLA_ARG_SCRATCHPAD);
  return (chunk){
      .backend = b,
      .p = p,
      .images = images,
      .columns = images * p->pixels,
      .src = src + first * p->g.in * p->g.height * p->g.width,
      .dst = dst + first * p->g.out * p->pixels,
      .windows = scratchpad,
      .outputs = scratchpad + p->rows * images * p->pixels,
  };
}

static dla_status make_windows(const chunk *c, dla_error *err)
{
  int64_t count = c->p->rows * c->columns;
  opencl_launch l = opencl_begin(c->backend, OPENCL_im2col);
  opencl_int(&l, count);
  opencl_int(&l, c->columns);
  opencl_int(&l, c->p->g.in);
  opencl_geometry(&l, &c->p->g);
  opencl_int(&l, c->p->g.dilation);
  opencl_address(&l, c->src);
  opencl_address(&l, c->windows);
  return opencl_run(&l, count, err);
}

static dla_status add_windows(const chunk *c, dla_error *err)
{
  int64_t count = c->images * c->p->g.in * c->p->g.height * c->p->g.width;
  opencl_launch l = opencl_begin(c->backend, OPENCL_col2im);
  opencl_int(&l, count);
  opencl_int(&l, c->columns);
  opencl_int(&l, c->p->g.in);
  opencl_geometry(&l, &c->p->g);
  opencl_int(&l, c->p->g.dilation);
  opencl_address(&l, c->windows);
  opencl_address(&l, c->src);
  return opencl_run(&l, count, err);
}

static dla_status gather_outputs(const chunk *c, dla_error *err)
{
  int64_t count = c->p->g.out * c->columns;
  opencl_launch l = opencl_begin(c->backend, OPENCL_gather_channels);
  opencl_int(&l, count);
  opencl_int(&l, c->columns);
  opencl_int(&l, c->p->g.out);
  opencl_int(&l, c->p->pixels);
  opencl_address(&l, c->dst);
  opencl_address(&l, c->outputs);
  return opencl_run(&l, count, err);
}

static dla_status store_outputs(const chunk *c, const dla_instruction *i, const void *bias,
                                dla_error *err)
{
  int64_t count = c->p->g.out * c->columns;
  opencl_launch l = opencl_begin(c->backend, OPENCL_store_channels);
  opencl_int(&l, count);
  opencl_int(&l, c->columns);
  opencl_int(&l, c->p->g.out);
  opencl_int(&l, c->p->pixels);
  opencl_int(&l, i->accumulate);
  opencl_int(&l, i->relu);
  opencl_address(&l, c->outputs);
  opencl_address(&l, bias);
  opencl_address(&l, c->dst);
  return opencl_run(&l, count, err);
}

/* Group k: its rows of both matrices, and its weights. */
typedef struct part {
  int64_t rows, out;
  float *windows, *outputs;
  int64_t weights; /* offset of its weights */
} part;

static part part_of(const chunk *c, int64_t k)
{
  int64_t groups = c->p->g.groups, rows = c->p->rows / groups, out = c->p->g.out / groups;
  return (part){.rows = rows,
                .out = out,
                .windows = c->windows + k * rows * c->columns,
                .outputs = c->outputs + k * out * c->columns,
                .weights = k * out * rows};
}

static dla_status forward(const chunk *c, const dla_program *program, const dla_instruction *i,
                          dla_error *err)
{
  TRY(make_windows(c, err));
  for (int64_t k = 0; k < c->p->g.groups; k++) {
    part g = part_of(c, k);
    const opencl_product product = {.m = g.out,
                                    .n = c->columns,
                                    .k = g.rows,
                                    .a = backend_data(program, i, DLA_ARG_WEIGHTS) + g.weights,
                                    .b = g.windows,
                                    .c = g.outputs};
    TRY(opencl_multiply(c->backend, &product, err));
  }
  return store_outputs(c, i, backend_data(program, i, DLA_ARG_BIAS), err);
}

static dla_status backward_data(const chunk *c, const dla_program *program,
                                const dla_instruction *i, dla_error *err)
{
  TRY(gather_outputs(c, err));
  for (int64_t k = 0; k < c->p->g.groups; k++) {
    part g = part_of(c, k);
    const opencl_product product = {.turn_a = true,
                                    .m = g.rows,
                                    .n = c->columns,
                                    .k = g.out,
                                    .a = backend_data(program, i, DLA_ARG_WEIGHTS) + g.weights,
                                    .b = g.outputs,
                                    .c = g.windows};
    TRY(opencl_multiply(c->backend, &product, err));
  }
  return add_windows(c, err);
}

/* The first chunk replaces the gradient, the others add to it. */
static dla_status backward_weights(const chunk *c, const dla_program *program,
                                   const dla_instruction *i, bool first, dla_error *err)
{
  TRY(make_windows(c, err));
  TRY(gather_outputs(c, err));
  for (int64_t k = 0; k < c->p->g.groups; k++) {
    part g = part_of(c, k);
    const opencl_product product = {.turn_b = true,
                                    .m = g.out,
                                    .n = g.rows,
                                    .k = c->columns,
                                    .a = g.outputs,
                                    .b = g.windows,
                                    .beta = first ? 0 : 1,
                                    .c =
                                        backend_data(program, i, DLA_ARG_DIFF_WEIGHTS) + g.weights};
    TRY(opencl_multiply(c->backend, &product, err));
  }
  return DLA_OK;
}

static dla_status backward_bias(const opencl_backend *b, const dla_program *program,
                                const dla_instruction *i, const problem *p, dla_error *err)
{
  opencl_launch l = opencl_begin(b, OPENCL_channel_sums);
  opencl_int(&l, p->g.batch);
  opencl_int(&l, p->g.out);
  opencl_int(&l, p->pixels);
  opencl_value(&l, program, i, DLA_ARG_DIFF_DST);
  opencl_value(&l, program, i, DLA_ARG_DIFF_BIAS);
  return opencl_run_groups(&l, p->g.out, err);
}

dla_status opencl_conv2d(const opencl_backend *b, const dla_program *program,
                         const dla_instruction *i, dla_error *err)
{
  problem p = problem_of(program, i);
  for (int64_t first = 0; first < p.g.batch; first += p.images) {
    chunk c = chunk_of(b, program, i, &p, first);
    if (i->pass == DLA_PASS_FORWARD)
      TRY(forward(&c, program, i, err));
    else if (i->pass == DLA_PASS_BACKWARD_DATA)
      TRY(backward_data(&c, program, i, err));
    else
      TRY(backward_weights(&c, program, i, first == 0, err));
  }
  bool with_bias = i->pass == DLA_PASS_BACKWARD_WEIGHTS && i->arg[DLA_ARG_DIFF_BIAS] >= 0;
  return with_bias ? backward_bias(b, program, i, &p, err) : DLA_OK;
}
