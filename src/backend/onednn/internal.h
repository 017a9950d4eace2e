/* Shared by the files of the oneDNN backend. */
#ifndef DLA_ONEDNN_INTERNAL_H
#define DLA_ONEDNN_INTERNAL_H

#include "backend/blocked/blocked.h"
#include "backend/onednn/dnnl_api.h"
#include "base/cpu.h"
#include "dla/backend.h"

#define MAX_PRIMITIVE_ARGS 8

typedef struct onednn_backend {
  dnnl_engine_t engine;
  dnnl_stream_t stream;
  blocked_options blocked;
  dla_tuning *tuning;
  char cpu[DLA_CPU_NAME]; /* set if there is a tuning table */
  /* Layouts of the weights, [parameter][part]. The first plan chooses them. */
  dla_md *weights;
  size_t weights_capacity;
} onednn_backend;

/* The primitive that executes an instruction. Without one, src/kernels executes it. */
typedef struct onednn_kernel {
  bool own; /* our own convolution kernel, not a primitive */
  dnnl_primitive_t primitive;
  dnnl_primitive_desc_t pd;
  int count;
  int arg[MAX_PRIMITIVE_ARGS]; /* DNNL_ARG_... */
  int value[MAX_PRIMITIVE_ARGS];
  dla_md md[MAX_PRIMITIVE_ARGS]; /* owned */
  dnnl_memory_t memory[MAX_PRIMITIVE_ARGS];
  dnnl_exec_arg_t exec[MAX_PRIMITIVE_ARGS];
  /* Only if backward_data needs the weights in another layout: a reorder into the scratchpad,
   * before the primitive's own part of it. */
  dnnl_primitive_t reorder; /* fold_batch_norm: a reorder to the plain copy, which is then scaled */
  dnnl_memory_t reorder_from, reorder_to;
  size_t reorder_bytes;
  bool grouped; /* a grouped convolution: see grouped.c */
  blocked_groups groups;
  dla_md dense;            /* owned */
  size_t dense_bytes;      /* in the scratchpad, after reorder_bytes; 0: no groups are merged */
  char implementation[64]; /* at least BLOCKED_NAME */
} onednn_kernel;

typedef struct onednn_plan {
  onednn_backend *backend;
  const dla_program *program;
  dla_md *md;  /* of every value */
  bool *plain; /* of every value: is md's layout that of a plain array? */
  int values;
  onednn_kernel *kernel; /* of every instruction */
  int instructions;
} onednn_plan;

/* Copies a shape's dimensions. Returns their number. */
static inline int onednn_dims(const dla_shape *shape, dnnl_dims_t dims)
{
  for (int i = 0; i < shape->rank; i++)
    dims[i] = shape->dim[i];
  return shape->rank;
}

/* weights.c: the layout of a stored parameter; NULL: not chosen yet. Borrowed. */
dla_md onednn_stored_weights(const onednn_backend *backend, const dla_value *value);
/* Sets the layout of a parameter, which all programs share: the first one asked for stays. Folded
 * weights have a layout per program. */
dla_status onednn_settle_weights(onednn_plan *plan, dla_program *program, int value,
                                 dla_const_md chosen, dla_error *err);

/* plan_primitive.c: conv2d, linear. Sets the layouts of weights and workspaces that the
 * primitives choose, and the instruction's scratchpad. */
dla_status onednn_plan_primitive(onednn_plan *plan, dla_program *program, int instruction,
                                 dla_error *err);
bool onednn_has_primitive(dla_op_kind op);
dla_status onednn_bind_primitive(onednn_plan *plan, int instruction, dla_error *err);
dla_status onednn_execute_primitive(onednn_plan *plan, int instruction, dla_error *err);
void onednn_free_kernel(onednn_kernel *kernel);

/* autotune.c: dla_dnnl_convolution() with the fastest implementation in the backend's tuning
 * table. */
dnnl_status_t onednn_tuned_convolution(dnnl_primitive_desc_t *pd, const onednn_plan *plan,
                                       const dla_program *program, const dla_instruction *i,
                                       const dla_dnnl_problem *problem);

/* own.c: our own convolution kernels. Could they execute the instruction? False if it is a
 * convolution whose weights are already stored in another layout. */
bool onednn_may_own(const onednn_backend *backend, const dla_program *program,
                    const dla_instruction *i);
/* Sets kernel->own if one of them fits, unless the weights are already stored in another layout. */
dla_status onednn_plan_own(onednn_plan *plan, dla_program *program, int instruction,
                           dla_error *err);

/* grouped.c: weights of grouped convolutions. Sets their dimensions for oneDNN, and returns the
 * rank. */
int onednn_grouped_dims(const blocked_groups *g, int64_t kernel, dnnl_dims_t dims);
/* chosen: the primitive's layout of the weights. Sets the sizes in the scratchpad. */
dla_status onednn_plan_groups(onednn_plan *plan, const dla_program *program, int instruction,
                              dla_const_md chosen, dla_error *err);
dnnl_status_t onednn_bind_groups(onednn_plan *plan, int instruction);
/* Call before the reorder and the primitive. The second: after a primitive that computes the
 * gradient. */
void onednn_expand_weights(const onednn_plan *plan, int instruction);
dnnl_status_t onednn_collect_gradient(const onednn_plan *plan, int instruction);

/* fold.c: fold_batch_norm. Planned last, when the layouts of the folded weights are known. */
dla_status onednn_plan_fold(onednn_plan *plan, dla_program *program, int instruction,
                            dla_error *err);
dla_status onednn_bind_fold(onednn_plan *plan, int instruction, dla_error *err);
dla_status onednn_execute_fold(onednn_plan *plan, int instruction, dla_error *err);

/* fail.c: an error that says why oneDNN refused to do `what`. */
dla_status onednn_fail(dla_error *err, const char *where, dnnl_status_t status, const char *what);

#endif
