/* What the files of the oneDNN backend share. */
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
  char cpu[DLA_CPU_NAME]; /* where there is a tuning table */
  /* Layouts of the weights, chosen by the first plan: [parameter][part]. */
  dla_md *weights;
  size_t weights_capacity;
} onednn_backend;

/* The primitive that executes an instruction; what has none is executed by src/kernels. */
typedef struct onednn_kernel {
  bool own; /* one of ours: there is no primitive */
  dnnl_primitive_t primitive;
  dnnl_primitive_desc_t pd;
  int count;
  int arg[MAX_PRIMITIVE_ARGS]; /* DNNL_ARG_... */
  int value[MAX_PRIMITIVE_ARGS];
  dla_md md[MAX_PRIMITIVE_ARGS]; /* owned */
  dnnl_memory_t memory[MAX_PRIMITIVE_ARGS];
  dnnl_exec_arg_t exec[MAX_PRIMITIVE_ARGS];
  /* Where backward_data wants the weights in another layout: a reorder into the scratchpad, in
   * front of the primitive's own part of it. */
  dnnl_primitive_t reorder; /* fold_batch_norm: to the plain copy that is scaled */
  dnnl_memory_t reorder_from, reorder_to;
  size_t reorder_bytes;
  bool grouped; /* a convolution in groups: see grouped.c */
  blocked_groups groups;
  dla_md dense;            /* owned */
  size_t dense_bytes;      /* of the scratchpad, behind reorder_bytes; 0: none are merged */
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

/* Copies a shape's dimensions; how many. */
static inline int onednn_dims(const dla_shape *shape, dnnl_dims_t dims)
{
  for (int i = 0; i < shape->rank; i++)
    dims[i] = shape->dim[i];
  return shape->rank;
}

/* weights.c: the layout of a parameter's value that is settled; NULL: none yet. Borrowed. */
dla_md onednn_stored_weights(const onednn_backend *backend, const dla_value *value);
/* The layout in which a parameter is stored, in all programs: the one that is asked for
 * first; that of folded weights is each program's own. */
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

/* autotune.c: dla_dnnl_convolution() of the fastest implementation, by the backend's tuning table.
 */
dnnl_status_t onednn_tuned_convolution(dnnl_primitive_desc_t *pd, const onednn_plan *plan,
                                       const dla_program *program, const dla_instruction *i,
                                       const dla_dnnl_problem *problem);

/* own.c: convolutions by our own kernels. Are a convolution's weights not yet stored, or as these
 * want them? True of what is no convolution. */
bool onednn_may_own(const onednn_backend *backend, const dla_program *program,
                    const dla_instruction *i);
/* Sets kernel->own where one fits, unless the weights are
 * already stored in another layout. */
dla_status onednn_plan_own(onednn_plan *plan, dla_program *program, int instruction,
                           dla_error *err);

/* grouped.c: weights of convolutions in groups. Their dimensions to oneDNN, and how many: */
int onednn_grouped_dims(const blocked_groups *g, int64_t kernel, dnnl_dims_t dims);
/* chosen: the layout in which the primitive wants them. Sets what it takes of the scratchpad. */
dla_status onednn_plan_groups(onednn_plan *plan, const dla_program *program, int instruction,
                              dla_const_md chosen, dla_error *err);
dnnl_status_t onednn_bind_groups(onednn_plan *plan, int instruction);
/* Before the reorder in front of the primitive; and behind it, where it computes the gradient. */
void onednn_expand_weights(const onednn_plan *plan, int instruction);
dnnl_status_t onednn_collect_gradient(const onednn_plan *plan, int instruction);

/* fold.c: fold_batch_norm. The layouts of the folded weights are known when all is planned. */
dla_status onednn_plan_fold(onednn_plan *plan, dla_program *program, int instruction,
                            dla_error *err);
dla_status onednn_bind_fold(onednn_plan *plan, int instruction, dla_error *err);
dla_status onednn_execute_fold(onednn_plan *plan, int instruction, dla_error *err);

/* fail.c: why oneDNN refused to do `what`. */
dla_status onednn_fail(dla_error *err, const char *where, dnnl_status_t status, const char *what);

#endif
