/* linear: src, whatever its shape, is a matrix {batch, in}; the weights are {out, in}. */
#include "backend/opencl/internal.h"
#include "base/try.h"

static dla_status forward(const opencl_backend *b, const dla_program *program,
                          const dla_instruction *i, opencl_product product, dla_error *err)
{
  const void *bias = backend_data(program, i, DLA_ARG_BIAS);
  if (bias) {
    opencl_launch l = opencl_begin(b, OPENCL_fill_rows);
    opencl_int(&l, product.m * product.n);
    opencl_int(&l, product.n);
    opencl_address(&l, bias);
    opencl_address(&l, product.c);
    TRY(opencl_run(&l, product.m * product.n, err));
    product.beta = 1;
  }
  return opencl_multiply(b, &product, err);
}

static dla_status backward_bias(const opencl_backend *b, const dla_program *program,
                                const dla_instruction *i, int64_t batch, int64_t out,
                                dla_error *err)
{
  opencl_launch l = opencl_begin(b, OPENCL_channel_sums);
  opencl_int(&l, batch);
  opencl_int(&l, out);
  opencl_int(&l, 1);
  opencl_value(&l, program, i, DLA_ARG_DIFF_DST);
  opencl_value(&l, program, i, DLA_ARG_DIFF_BIAS);
  return opencl_run_groups(&l, out, err);
}

dla_status opencl_linear(const opencl_backend *b, const dla_program *program,
                         const dla_instruction *i, dla_error *err)
{
  const dla_value *src = backend_src(program, i), *dst = backend_dst(program, i);
  const void *weights = backend_data(program, i, DLA_ARG_WEIGHTS);
  int64_t batch = src->shape.dim[0], in = dla_shape_count(&src->shape) / batch;
  int64_t out = dst->shape.dim[1];
  if (i->pass == DLA_PASS_FORWARD)
    return forward(b, program, i,
                   (opencl_product){.turn_b = true,
                                    .m = batch,
                                    .n = out,
                                    .k = in,
                                    .a = src->data,
                                    .b = weights,
                                    .c = dst->data},
                   err);
  if (i->pass == DLA_PASS_BACKWARD_DATA)
    return opencl_multiply(
        b,
        &(opencl_product){
            .m = batch, .n = in, .k = out, .a = dst->data, .b = weights, .c = src->data},
        err);
  if (i->arg[DLA_ARG_DIFF_BIAS] >= 0) TRY(backward_bias(b, program, i, batch, out, err));
  return opencl_multiply(b,
                         &(opencl_product){.turn_a = true,
                                           .m = out,
                                           .n = in,
                                           .k = batch,
                                           .a = dst->data,
                                           .b = src->data,
                                           .c = backend_data(program, i, DLA_ARG_DIFF_WEIGHTS)},
                         err);
}
