/* Shared by the files of the OpenCL backend. */
#ifndef DLA_OPENCL_INTERNAL_H
#define DLA_OPENCL_INTERNAL_H

#include "backend/instruction.h"
#include "backend/opencl/device.h"
#include "dla/backend.h"

/* The functions in kernels/. */
#define OPENCL_KERNELS(K)                                                                          \
  K(add)                                                                                           \
  K(relu)                                                                                          \
  K(relu_backward)                                                                                 \
  K(concat_copy)                                                                                   \
  K(narrow)                                                                                        \
  K(widen)                                                                                         \
  K(dropout)                                                                                       \
  K(sgd)                                                                                           \
  K(adam)                                                                                          \
  K(lion)                                                                                          \
  K(fold_weights)                                                                                  \
  K(fold_bias)                                                                                     \
  K(batch_norm_statistics)                                                                         \
  K(batch_norm_apply)                                                                              \
  K(batch_norm_sums)                                                                               \
  K(batch_norm_backward)                                                                           \
  K(im2col)                                                                                        \
  K(col2im)                                                                                        \
  K(gather_channels)                                                                               \
  K(store_channels)                                                                                \
  K(channel_sums)                                                                                  \
  K(fill_rows)                                                                                     \
  K(avg_pool)                                                                                      \
  K(max_pool)                                                                                      \
  K(avg_pool_backward)                                                                             \
  K(max_pool_backward)                                                                             \
  K(cross_entropy)                                                                                 \
  K(cross_entropy_backward)

typedef enum opencl_kernel {
#define OPENCL_ENUM(name) OPENCL_##name,
  OPENCL_KERNELS(OPENCL_ENUM)
#undef OPENCL_ENUM
      OPENCL_KERNEL_COUNT
} opencl_kernel;

extern const char *const opencl_kernel_names[OPENCL_KERNEL_COUNT];

/* A block of device memory: `bytes` of the buffer, at addresses of reserved, unreadable memory. */
typedef struct opencl_block {
  char *address; /* NULL: free */
  size_t bytes;
  cl_mem buffer;
} opencl_block;

/* the arena, parameters, statistics, the optimizer's states, and some to spare */
enum { OPENCL_BLOCKS = 5 + DLA_OPTIMIZER_STATES };

typedef struct opencl_backend {
  opencl_api api;
  opencl_device device;
  cl_context context;
  cl_command_queue queue; /* in order */
  cl_program program;
  cl_kernel kernel[OPENCL_KERNEL_COUNT];
  opencl_block block[OPENCL_BLOCKS];
} opencl_backend;

/* ---- memory.c ----------------------------------------------------------------------------------
 */

extern const dla_backend_memory opencl_memory;

/* The buffer of an address, and the offset in it, in floats. A NULL address gives a NULL buffer. */
typedef struct opencl_place {
  cl_mem buffer;
  cl_ulong floats;
} opencl_place;

opencl_place opencl_find(const opencl_backend *b, const void *address);

/* ---- launch.c ----------------------------------------------------------------------------------
 */

/* A kernel launch whose arguments are set one by one. It keeps the first failure. */
typedef struct opencl_launch {
  const opencl_backend *backend;
  opencl_kernel kernel;
  cl_uint arguments;
  cl_int code;
} opencl_launch;

opencl_launch opencl_begin(const opencl_backend *b, opencl_kernel kernel);
void opencl_int(opencl_launch *l, int64_t value);
void opencl_float(opencl_launch *l, double value);
void opencl_address(opencl_launch *l, const void *address);
/* The value in a role of an instruction; may be missing. */
void opencl_value(opencl_launch *l, const dla_program *program, const dla_instruction *i,
                  dla_arg arg);
/* Heights and widths of src and dst, and the kernel's size, stride and padding. */
void opencl_geometry(opencl_launch *l, const backend_geometry *g);
/* Enqueues the kernel with one work item, or one work group, for each of count elements. */
dla_status opencl_run(opencl_launch *l, int64_t count, dla_error *err);
dla_status opencl_run_groups(opencl_launch *l, int64_t count, dla_error *err);

/* c {m, n} = a {m, k} b {k, n} + beta c, row-major. turn_a, turn_b: a or b is stored transposed,
 * {k, m} or {n, k}. */
typedef struct opencl_product {
  bool turn_a, turn_b;
  int64_t m, n, k;
  const void *a, *b;
  float beta;
  void *c;
} opencl_product;

dla_status opencl_multiply(const opencl_backend *b, const opencl_product *p, dla_error *err);

/* ---- The ops, each in the file of its name -----------------------------------------------------
 */

typedef dla_status opencl_op(const opencl_backend *b, const dla_program *program,
                             const dla_instruction *i, dla_error *err);

opencl_op opencl_conv2d, opencl_batch_norm, opencl_relu, opencl_add, opencl_concat, opencl_convert,
    opencl_pool, opencl_linear, opencl_dropout, opencl_softmax_cross_entropy, opencl_update,
    opencl_fold_batch_norm;

/* Refuses a program if the backend has no kernel for its optimizer. */
dla_status opencl_check_optimizer(const dla_program *program, dla_error *err);

size_t opencl_conv2d_scratchpad(const dla_program *program, const dla_instruction *i);

#endif
