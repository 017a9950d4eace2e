/* One interface to oneDNN's C API, version 2 (2.6, Debian 12) or 3 (3.7, Debian 13). Only
 * dnnl_api.c knows the version. In version 2 a memory descriptor is a struct, and a primitive
 * descriptor is made in two steps. In version 3 a memory descriptor is a handle, and a primitive
 * descriptor takes one call. */
#ifndef DLA_DNNL_API_H
#define DLA_DNNL_API_H

#include <stdbool.h>
#include <stddef.h>

#include <oneapi/dnnl/dnnl.h>

#include "base/isa.h"
#include "dla/status.h"

#if DNNL_VERSION_MAJOR >= 3
typedef dnnl_memory_desc_t dla_md;
typedef const_dnnl_memory_desc_t dla_const_md;
#else
typedef dnnl_memory_desc_t *dla_md;
typedef const dnnl_memory_desc_t *dla_const_md;
#endif

/* Each returns an owned descriptor, or NULL. */
dla_md dla_md_by_tag(int rank, const dnnl_dims_t dims, dnnl_format_tag_t tag);
dla_md dla_md_clone(dla_const_md md);
dla_md dla_md_plain(dla_const_md md); /* the same shape, dense, the first dimension slowest */
void dla_md_free(dla_md md);
size_t dla_md_bytes(dla_const_md md);
bool dla_md_equal(dla_const_md a, dla_const_md b);

dnnl_status_t dla_dnnl_memory(dnnl_memory_t *memory, dla_const_md md, dnnl_engine_t engine,
                              void *data);

/* The descriptors of a primitive. In a backward pass, a gradient's descriptor takes the place of
 * its forward counterpart (diff_src in src, and so on). bias and hint may be NULL. */
typedef struct dla_dnnl_problem {
  dnnl_prop_kind_t prop;
  dnnl_alg_kind_t algorithm;
  dla_const_md src, weights, bias, dst;
  dnnl_dims_t stride, padding_left, padding_right;
  dnnl_dims_t dilates;              /* dilation - 1 */
  const_dnnl_primitive_desc_t hint; /* the forward primitive, for backward ones */
  bool accumulate;                  /* dst += */
  int skip;                         /* convolution: number of implementations to skip */
} dla_dnnl_problem;

dnnl_status_t dla_dnnl_convolution(dnnl_primitive_desc_t *pd, dnnl_engine_t engine,
                                   const dla_dnnl_problem *problem);
dnnl_status_t dla_dnnl_inner_product(dnnl_primitive_desc_t *pd, dnnl_engine_t engine,
                                     const dla_dnnl_problem *problem);

/* Limits the library to an instruction set, for the whole process. This works only once, before
 * the first primitive is created. */
dnnl_status_t dla_dnnl_hold_to(dla_isa isa);

/* A primitive that copies from one layout to another; and one such copy, which blocks until it is
 * done. */
dnnl_status_t dla_dnnl_reorder(dnnl_primitive_t *reorder, dnnl_engine_t engine, dla_const_md from,
                               dla_const_md to);
dnnl_status_t dla_dnnl_execute_reorder(dnnl_primitive_t reorder, dnnl_stream_t stream,
                                       dnnl_memory_t from, dnnl_memory_t to);

#endif
