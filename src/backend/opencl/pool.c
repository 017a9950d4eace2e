#include "backend/opencl/internal.h"

static opencl_kernel kernel_of(const dla_instruction *i)
{
  bool forward = i->pass == DLA_PASS_FORWARD;
  if (i->op == DLA_OP_AVG_POOL) return forward ? OPENCL_avg_pool : OPENCL_avg_pool_backward;
  return forward ? OPENCL_max_pool : OPENCL_max_pool_backward;
}

dla_status opencl_pool(const opencl_backend *b, const dla_program *program,
                       const dla_instruction *i, dla_error *err)
{
  bool forward = i->pass == DLA_PASS_FORWARD, largest = i->op == DLA_OP_MAX_POOL;
  const dla_value *src = backend_src(program, i), *dst = backend_dst(program, i);
  const backend_geometry g = backend_geometry_of(program, i);
  const int64_t count = dla_shape_count(forward ? &dst->shape : &src->shape);
  opencl_launch l = opencl_begin(b, kernel_of(i));
  opencl_int(&l, count);
  opencl_geometry(&l, &g);
  opencl_address(&l, forward ? src->data : dst->data);
  if (!forward && largest) opencl_value(&l, program, i, DLA_ARG_WORKSPACE);
  opencl_address(&l, forward ? dst->data : src->data);
  if (forward && largest) opencl_value(&l, program, i, DLA_ARG_WORKSPACE);
  return opencl_run(&l, count, err);
}
