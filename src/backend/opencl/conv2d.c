/* conv2d as products of matrices (kernels/convolution.cl), of as many images at once as a limit of
 * memory allows. CLBlast's own convolution would do the forward pass only, and neither bias nor
 * sums. */
#include "backend/opencl/internal.h"
#include "base/try.h"

enum { CHUNK_FLOATS = 16 << 20 }; /* of both matrices: 64 MB keep a large device busy */

typedef struct problem {
  int64_t batch, in, height, width;   /* of src */
  int64_t out, out_height, out_width; /* of dst */
  int64_t kernel, stride, padding;
  int64_t pixels, rows; /* of a dst image; what the weights of an out channel meet */
  int64_t images;       /* at once */
} problem;

static problem problem_of(const dla_program *program, const dla_instruction *i)
{
  const dla_shape *src = &opencl_either(program, i, DLA_ARG_SRC, DLA_ARG_DIFF_SRC)->shape;
  const dla_shape *dst = &opencl_either(program, i, DLA_ARG_DST, DLA_ARG_DIFF_DST)->shape;
  problem p = {
      .batch = src->dim[0],
      .in = src->dim[1],
      .height = src->dim[2],
      .width = src->dim[3],
      .out = dst->dim[1],
      .out_height = dst->dim[2],
      .out_width = dst->dim[3],
      .kernel = (int64_t)i->attr[DLA_ATTR_KERNEL],
      .stride = (int64_t)i->attr[DLA_ATTR_STRIDE],
      .padding = (int64_t)i->attr[DLA_ATTR_PADDING],
  };
  p.pixels = p.out_height * p.out_width;
  p.rows = p.in * p.kernel * p.kernel;
  p.images = CHUNK_FLOATS / ((p.rows + p.out) * p.pixels);
  if (p.images < 1) p.images = 1;
  if (p.images > p.batch) p.images = p.batch;
  return p;
}

size_t opencl_conv2d_scratchpad(const dla_program *program, const dla_instruction *i)
{
  problem p = problem_of(program, i);
  return (size_t)((p.rows + p.out) * p.images * p.pixels) * sizeof(float);
}

/* Some of the images: those of src and dst, and the matrices in the scratchpad. */
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
  int64_t rest = p->batch - first, images = rest < p->images ? rest : p->images;
  float *src = opencl_either(program, i, DLA_ARG_SRC, DLA_ARG_DIFF_SRC)->data;
  float *dst = opencl_either(program, i, DLA_ARG_DST, DLA_ARG_DIFF_DST)->data;
  float *scratchpad = opencl_data(program, i, DLA_ARG_SCRATCHPAD);
  return (chunk){
      .backend = b,
      .p = p,
      .images = images,
      .columns = images * p->pixels,
      .src = src + first * p->in * p->height * p->width,
      .dst = dst + first * p->out * p->pixels,
      .windows = scratchpad,
      .outputs = scratchpad + p->rows * images * p->pixels,
  };
}

static void give_geometry(opencl_launch *l, const chunk *c)
{
  const problem *p = c->p;
  const int64_t numbers[] = {c->columns,   p->in,     p->height, p->width,  p->out_height,
                             p->out_width, p->kernel, p->stride, p->padding};
  for (size_t k = 0; k < sizeof numbers / sizeof *numbers; k++)
    opencl_int(l, numbers[k]);
}

static dla_status make_windows(const chunk *c, dla_error *err)
{
  int64_t count = c->p->rows * c->columns;
  opencl_launch l = opencl_begin(c->backend, OPENCL_im2col);
  opencl_int(&l, count);
  give_geometry(&l, c);
  opencl_address(&l, c->src);
  opencl_address(&l, c->windows);
  return opencl_run(&l, count, err);
}

static dla_status add_windows(const chunk *c, dla_error *err)
{
  int64_t count = c->images * c->p->in * c->p->height * c->p->width;
  opencl_launch l = opencl_begin(c->backend, OPENCL_col2im);
  opencl_int(&l, count);
  give_geometry(&l, c);
  opencl_address(&l, c->windows);
  opencl_address(&l, c->src);
  return opencl_run(&l, count, err);
}

static dla_status gather_outputs(const chunk *c, dla_error *err)
{
  int64_t count = c->p->out * c->columns;
  opencl_launch l = opencl_begin(c->backend, OPENCL_gather_channels);
  opencl_int(&l, count);
  opencl_int(&l, c->columns);
  opencl_int(&l, c->p->out);
  opencl_int(&l, c->p->pixels);
  opencl_address(&l, c->dst);
  opencl_address(&l, c->outputs);
  return opencl_run(&l, count, err);
}

static dla_status store_outputs(const chunk *c, const dla_instruction *i, const void *bias,
                                dla_error *err)
{
  int64_t count = c->p->out * c->columns;
  opencl_launch l = opencl_begin(c->backend, OPENCL_store_channels);
  opencl_int(&l, count);
  opencl_int(&l, c->columns);
  opencl_int(&l, c->p->out);
  opencl_int(&l, c->p->pixels);
  opencl_int(&l, i->accumulate);
  opencl_int(&l, i->relu);
  opencl_address(&l, c->outputs);
  opencl_address(&l, bias);
  opencl_address(&l, c->dst);
  return opencl_run(&l, count, err);
}

static dla_status forward(const chunk *c, const dla_program *program, const dla_instruction *i,
                          dla_error *err)
{
  const opencl_product product = {.m = c->p->out,
                                  .n = c->columns,
                                  .k = c->p->rows,
                                  .a = opencl_data(program, i, DLA_ARG_WEIGHTS),
                                  .b = c->windows,
                                  .c = c->outputs};
  TRY(make_windows(c, err));
  TRY(opencl_multiply(c->backend, &product, err));
  return store_outputs(c, i, opencl_data(program, i, DLA_ARG_BIAS), err);
}

static dla_status backward_data(const chunk *c, const dla_program *program,
                                const dla_instruction *i, dla_error *err)
{
  const opencl_product product = {.turn_a = true,
                                  .m = c->p->rows,
                                  .n = c->columns,
                                  .k = c->p->out,
                                  .a = opencl_data(program, i, DLA_ARG_WEIGHTS),
                                  .b = c->outputs,
                                  .c = c->windows};
  TRY(gather_outputs(c, err));
  TRY(opencl_multiply(c->backend, &product, err));
  return add_windows(c, err);
}

/* The first images replace what was there, the others add. */
static dla_status backward_weights(const chunk *c, const dla_program *program,
                                   const dla_instruction *i, bool first, dla_error *err)
{
  const opencl_product product = {.turn_b = true,
                                  .m = c->p->out,
                                  .n = c->p->rows,
                                  .k = c->columns,
                                  .a = c->outputs,
                                  .b = c->windows,
                                  .beta = first ? 0 : 1,
                                  .c = opencl_data(program, i, DLA_ARG_DIFF_WEIGHTS)};
  TRY(make_windows(c, err));
  TRY(gather_outputs(c, err));
  return opencl_multiply(c->backend, &product, err);
}

static dla_status backward_bias(const opencl_backend *b, const dla_program *program,
                                const dla_instruction *i, const problem *p, dla_error *err)
{
  opencl_launch l = opencl_begin(b, OPENCL_channel_sums);
  opencl_int(&l, p->batch);
  opencl_int(&l, p->out);
  opencl_int(&l, p->pixels);
  opencl_value(&l, program, i, DLA_ARG_DIFF_DST);
  opencl_value(&l, program, i, DLA_ARG_DIFF_BIAS);
  return opencl_run_groups(&l, p->out, err);
}

dla_status opencl_conv2d(const opencl_backend *b, const dla_program *program,
                         const dla_instruction *i, dla_error *err)
{
  problem p = problem_of(program, i);
  for (int64_t first = 0; first < p.batch; first += p.images) {
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
