#include <stdbool.h>
#include <stdlib.h>

#include "backend/onednn/dnnl_api.h"

/* The scratchpad comes from the arena, so nothing is allocated while training. */
static dnnl_status_t make_attributes(dnnl_primitive_attr_t *attr, const dla_dnnl_problem *p)
{
  dnnl_status_t status = dnnl_primitive_attr_create(attr);
  if (status) return status;
  status = dnnl_primitive_attr_set_scratchpad_mode(*attr, dnnl_scratchpad_mode_user);
  dnnl_post_ops_t post_ops = NULL;
  if (!status) status = dnnl_post_ops_create(&post_ops);
#if DNNL_VERSION_MAJOR >= 3
  if (!status && p->accumulate)
    status = dnnl_post_ops_append_sum(post_ops, 1.0f, 0, dnnl_data_type_undef);
#else
  if (!status && p->accumulate) status = dnnl_post_ops_append_sum(post_ops, 1.0f);
#endif
  if (!status) status = dnnl_primitive_attr_set_post_ops(*attr, post_ops);
  if (post_ops) dnnl_post_ops_destroy(post_ops);
  return status;
}

static dla_md plain_of(int rank, const dnnl_dims_t dims)
{
  return dla_md_by_tag(rank, dims,
                       rank == 5   ? dnnl_abcde
                       : rank == 4 ? dnnl_abcd
                       : rank == 2 ? dnnl_ab
                                   : dnnl_a);
}

#if DNNL_VERSION_MAJOR >= 3

dla_md dla_md_plain(dla_const_md md)
{
  int rank = 0;
  const dnnl_dims_t *dims = NULL;
  if (dnnl_memory_desc_query(md, dnnl_query_ndims_s32, &rank) ||
      dnnl_memory_desc_query(md, dnnl_query_dims, &dims))
    return NULL;
  return plain_of(rank, *dims);
}

dla_md dla_md_by_tag(int rank, const dnnl_dims_t dims, dnnl_format_tag_t tag)
{
  dnnl_memory_desc_t md = NULL;
  return dnnl_memory_desc_create_with_tag(&md, rank, dims, dnnl_f32, tag) ? NULL : md;
}

dla_md dla_md_clone(dla_const_md md)
{
  dnnl_memory_desc_t copy = NULL;
  return dnnl_memory_desc_clone(&copy, md) ? NULL : copy;
}

void dla_md_free(dla_md md)
{
  if (md) dnnl_memory_desc_destroy(md);
}

static dnnl_status_t first_convolution(dnnl_primitive_desc_t *pd, dnnl_engine_t engine,
                                       const dla_dnnl_problem *p, dnnl_primitive_attr_t attr)
{
  if (p->prop == dnnl_backward_data)
    return dnnl_convolution_backward_data_primitive_desc_create(
        pd, engine, p->algorithm, p->src, p->weights, p->dst, p->stride, p->dilates,
        p->padding_left, p->padding_right, p->hint, attr);
  if (p->prop == dnnl_backward_weights)
    return dnnl_convolution_backward_weights_primitive_desc_create(
        pd, engine, p->algorithm, p->src, p->weights, p->bias, p->dst, p->stride, p->dilates,
        p->padding_left, p->padding_right, p->hint, attr);
  return dnnl_convolution_forward_primitive_desc_create(
      pd, engine, p->prop, p->algorithm, p->src, p->weights, p->bias, p->dst, p->stride, p->dilates,
      p->padding_left, p->padding_right, attr);
}

/* The implementation after the first p->skip. */
static dnnl_status_t convolution(dnnl_primitive_desc_t *pd, dnnl_engine_t engine,
                                 const dla_dnnl_problem *p, dnnl_primitive_attr_t attr)
{
  dnnl_status_t status = first_convolution(pd, engine, p, attr);
  for (int i = 0; i < p->skip && !status; i++)
    status = dnnl_primitive_desc_next_impl(*pd);
  if (status && *pd) {
    dnnl_primitive_desc_destroy(*pd);
    *pd = NULL;
  }
  return status;
}

static dnnl_status_t inner_product(dnnl_primitive_desc_t *pd, dnnl_engine_t engine,
                                   const dla_dnnl_problem *p, dnnl_primitive_attr_t attr)
{
  if (p->prop == dnnl_backward_data)
    return dnnl_inner_product_backward_data_primitive_desc_create(pd, engine, p->src, p->weights,
                                                                  p->dst, p->hint, attr);
  if (p->prop == dnnl_backward_weights)
    return dnnl_inner_product_backward_weights_primitive_desc_create(
        pd, engine, p->src, p->weights, p->bias, p->dst, p->hint, attr);
  return dnnl_inner_product_forward_primitive_desc_create(pd, engine, p->prop, p->src, p->weights,
                                                          p->bias, p->dst, attr);
}

#else /* version 2 */

dla_md dla_md_plain(dla_const_md md)
{
  return plain_of(md->ndims, md->dims);
}

dla_md dla_md_by_tag(int rank, const dnnl_dims_t dims, dnnl_format_tag_t tag)
{
  dnnl_memory_desc_t *md = malloc(sizeof *md);
  if (!md || !dnnl_memory_desc_init_by_tag(md, rank, dims, dnnl_f32, tag)) return md;
  free(md);
  return NULL;
}

dla_md dla_md_clone(dla_const_md md)
{
  dnnl_memory_desc_t *copy = malloc(sizeof *copy);
  if (copy) *copy = *md;
  return copy;
}

void dla_md_free(dla_md md)
{
  free(md);
}

/* The implementation after the first p->skip. */
static dnnl_status_t create_after(dnnl_primitive_desc_t *pd, const dnnl_convolution_desc_t *d,
                                  dnnl_primitive_attr_t attr, dnnl_engine_t engine,
                                  const dla_dnnl_problem *p)
{
  dnnl_primitive_desc_iterator_t at = NULL;
  dnnl_status_t status = dnnl_primitive_desc_iterator_create(&at, d, attr, engine, p->hint);
  for (int i = 0; i < p->skip && !status; i++)
    status = dnnl_primitive_desc_iterator_next(at);
  if (!status) *pd = dnnl_primitive_desc_iterator_fetch(at);
  if (at) dnnl_primitive_desc_iterator_destroy(at);
  return status ? status : *pd ? dnnl_success : dnnl_out_of_memory;
}

static dnnl_status_t convolution(dnnl_primitive_desc_t *pd, dnnl_engine_t engine,
                                 const dla_dnnl_problem *p, dnnl_primitive_attr_t attr)
{
  dnnl_convolution_desc_t d;
  dnnl_status_t status;
  if (p->prop == dnnl_backward_data)
    status = dnnl_dilated_convolution_backward_data_desc_init(&d, p->algorithm, p->src, p->weights,
                                                              p->dst, p->stride, p->dilates,
                                                              p->padding_left, p->padding_right);
  else if (p->prop == dnnl_backward_weights)
    status = dnnl_dilated_convolution_backward_weights_desc_init(
        &d, p->algorithm, p->src, p->weights, p->bias, p->dst, p->stride, p->dilates,
        p->padding_left, p->padding_right);
  else
    status = dnnl_dilated_convolution_forward_desc_init(
        &d, p->prop, p->algorithm, p->src, p->weights, p->bias, p->dst, p->stride, p->dilates,
        p->padding_left, p->padding_right);
  return status ? status : create_after(pd, &d, attr, engine, p);
}

static dnnl_status_t inner_product(dnnl_primitive_desc_t *pd, dnnl_engine_t engine,
                                   const dla_dnnl_problem *p, dnnl_primitive_attr_t attr)
{
  dnnl_inner_product_desc_t d;
  dnnl_status_t status;
  if (p->prop == dnnl_backward_data)
    status = dnnl_inner_product_backward_data_desc_init(&d, p->src, p->weights, p->dst);
  else if (p->prop == dnnl_backward_weights)
    status = dnnl_inner_product_backward_weights_desc_init(&d, p->src, p->weights, p->bias, p->dst);
  else
    status = dnnl_inner_product_forward_desc_init(&d, p->prop, p->src, p->weights, p->bias, p->dst);
  return status ? status : dnnl_primitive_desc_create(pd, &d, attr, engine, p->hint);
}

#endif

typedef dnnl_status_t make_fn(dnnl_primitive_desc_t *, dnnl_engine_t, const dla_dnnl_problem *,
                              dnnl_primitive_attr_t);

static dnnl_status_t with_attributes(make_fn *make, dnnl_primitive_desc_t *pd, dnnl_engine_t engine,
                                     const dla_dnnl_problem *problem)
{
  dnnl_primitive_attr_t attr = NULL;
  dnnl_status_t status = make_attributes(&attr, problem);
  if (!status) status = make(pd, engine, problem, attr);
  if (attr) dnnl_primitive_attr_destroy(attr);
  return status;
}

dnnl_status_t dla_dnnl_convolution(dnnl_primitive_desc_t *pd, dnnl_engine_t engine,
                                   const dla_dnnl_problem *problem)
{
  return with_attributes(convolution, pd, engine, problem);
}

dnnl_status_t dla_dnnl_inner_product(dnnl_primitive_desc_t *pd, dnnl_engine_t engine,
                                     const dla_dnnl_problem *problem)
{
  return with_attributes(inner_product, pd, engine, problem);
}

dnnl_status_t dla_dnnl_reorder(dnnl_primitive_t *reorder, dnnl_engine_t engine, dla_const_md from,
                               dla_const_md to)
{
  dnnl_primitive_desc_t pd = NULL;
  dnnl_status_t status = dnnl_reorder_primitive_desc_create(&pd, from, engine, to, engine, NULL);
  if (!status) status = dnnl_primitive_create(reorder, pd);
  if (pd) dnnl_primitive_desc_destroy(pd);
  return status;
}

dnnl_status_t dla_dnnl_execute_reorder(dnnl_primitive_t reorder, dnnl_stream_t stream,
                                       dnnl_memory_t from, dnnl_memory_t to)
{
  const dnnl_exec_arg_t args[] = {{DNNL_ARG_FROM, from}, {DNNL_ARG_TO, to}};
  dnnl_status_t status = dnnl_primitive_execute(reorder, stream, 2, args);
  return status ? status : dnnl_stream_wait(stream);
}

size_t dla_md_bytes(dla_const_md md)
{
  return dnnl_memory_desc_get_size(md);
}

bool dla_md_equal(dla_const_md a, dla_const_md b)
{
  return dnnl_memory_desc_equal(a, b) != 0;
}

dnnl_status_t dla_dnnl_memory(dnnl_memory_t *memory, dla_const_md md, dnnl_engine_t engine,
                              void *data)
{
  return dnnl_memory_create(memory, md, engine, data);
}

#ifdef __x86_64__
/* oneDNN's name for an instruction set. */
static dnnl_cpu_isa_t theirs(dla_isa isa)
{
  switch (isa) {
  case DLA_ISA_AVX512_BF16: /* its own kernels compute with floats */
  case DLA_ISA_AVX512:
    return dnnl_cpu_isa_avx512_core;
  case DLA_ISA_AVX2:
    return dnnl_cpu_isa_avx2;
  case DLA_ISA_GENERIC:
    return dnnl_cpu_isa_sse41; /* its lowest */
  default:
    return (dnnl_cpu_isa_t)0; /* no limit: dnnl_cpu_isa_all in version 2, dnnl_cpu_isa_default in
                               * 3 */
  }
}

dnnl_status_t dla_dnnl_hold_to(dla_isa isa)
{
  /* Set it first: asking for the instruction set fixes it. */
  dnnl_status_t status = dnnl_set_max_cpu_isa(theirs(isa));
  return dnnl_get_effective_cpu_isa() == theirs(isa) ? dnnl_success : status;
}
#else
/* On other processors the library has no instruction sets to choose from, and refuses the call. */
dnnl_status_t dla_dnnl_hold_to(dla_isa isa)
{
  (void)isa;
  return dnnl_success;
}
#endif
