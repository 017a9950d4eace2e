/* Shared by the backends on blocked images (kernels.h: nChw16c, nChw8c): the instructions that
 * src/kernels executes whole. They need a program whose values all have data. */
#ifndef DLA_BLOCKED_H
#define DLA_BLOCKED_H

#include "backend/instruction.h"
#include "dla/backend.h"
#include "kernels/leaf.h"

/* Winograd's smallest batch, in pixels: 4 images of CIFAR's size, one of 64 x 64. In smaller
 * ones, transforming the weights costs more than it saves. */
#define BLOCKED_WINOGRAD_PIXELS (4 * 32 * 32)

typedef struct blocked_options {
  dla_convolution convolution;
  int64_t winograd_pixels; /* Winograd's smallest batch; default BLOCKED_WINOGRAD_PIXELS */
  dla_isa isa;
  const dla_leaf_kernels *leaf; /* the kernels of the instruction set */
  const dla_leaf_kernels *half; /* the same for images of BF16 */
  int block;                    /* channels in a block of leaf */
  dla_team *team;
} blocked_options;

blocked_options blocked_options_of(const dla_backend_options *options);

int64_t blocked_pixels(const dla_program *program); /* in a batch of the program's images */

/* The kernels for the instruction's images. */
const dla_leaf_kernels *blocked_leaf(const blocked_options *b, const dla_program *program,
                                     const dla_instruction *i);
/* bf16.c: dla_takes_bf16 of both backends. */
bool blocked_takes_bf16(const blocked_options *b, const dla_program *program,
                        const dla_instruction *i);

/* layout.c */
/* Is the value a convolution's weights: a parameter, its gradient, or folded weights? */
bool blocked_is_weights(const dla_program *program, int value);
/* Bytes of a per-channel array, padded like the channels. */
size_t blocked_channel_bytes(const dla_value *value, int block);

/* groups.c: grouped convolutions, merged into fewer and larger groups that fill whole blocks. */
typedef struct blocked_groups {
  int64_t count;    /* number of merged groups */
  int64_t merged;   /* original groups in each; 1: nothing is merged */
  int64_t in, out;  /* channels of a merged group: whole blocks, or all channels */
  int64_t part;     /* in channels of an original group */
  int64_t part_out; /* out channels of an original group */
  int64_t window;   /* kernel * kernel */
} blocked_groups;
blocked_groups blocked_groups_of(const backend_geometry *g, int block);
/* Expands plain weights to dense ones [count][out][in][window]; collect does the inverse. */
int64_t blocked_groups_floats(const blocked_groups *g);
void blocked_groups_expand(dla_team *team, const blocked_groups *g, const float *plain,
                           float *dense);
void blocked_groups_collect(dla_team *team, const blocked_groups *g, const float *dense,
                            float *plain);
/* Is the value weights of a grouped convolution, their gradient, or folded ones? These are plain
 * OIHW. */
bool blocked_is_grouped(const dla_program *program, int value);

/* vector.c: ops that are bound by memory. Sets the instruction's scratchpad. */
dla_status blocked_plan_vector(const blocked_options *b, const dla_program *program,
                               dla_instruction *i, dla_error *err);
void blocked_execute_vector(const blocked_options *b, const dla_program *program,
                            const dla_instruction *i);

/* convolution.c: the project's own convolution kernels, on weights in blocks of both channels
 * (OIhw16i16o, OIhw8i8o). */
typedef enum blocked_own {
  BLOCKED_OTHERS,   /* none of them */
  BLOCKED_WINOGRAD, /* kernels/winograd.h */
  BLOCKED_POINTWISE /* kernels/pointwise.h */
} blocked_own;
blocked_own blocked_own_kernel(const blocked_options *b, const dla_program *program,
                               const dla_instruction *i);
/* "winograd:avx2", or "winograd:avx2, bf16" if BF16 images are multiplied as floats */
enum { BLOCKED_NAME = 32 };
void blocked_own_name(const dla_leaf_kernels *leaf, blocked_own kernel, char name[BLOCKED_NAME]);
/* Only for an instruction that one of these kernels executes: */
size_t blocked_own_scratchpad(const blocked_options *b, const dla_program *program,
                              const dla_instruction *i);
void blocked_own_execute(const blocked_options *b, const dla_program *program,
                         const dla_instruction *i);

/* The windows of a convolution or a pool. */
static inline dla_window blocked_window(const backend_geometry *g)
{
  return (dla_window){.height = g->height,
                      .width = g->width,
                      .out_height = g->out_height,
                      .out_width = g->out_width,
                      .kernel_height = g->kernel,
                      .kernel_width = g->kernel,
                      .stride = g->stride,
                      .padding = g->padding,
                      .dilation = g->dilation};
}

/* fold.c: fold_batch_norm. Does the instruction fold the bias? Else it folds weights. */
bool blocked_folds_bias(const dla_program *program, const dla_instruction *i);
void blocked_fold_bias(const dla_program *program, const dla_instruction *i);
/* Folds the weights of a grouped convolution. */
void blocked_fold_plain(const dla_program *program, const dla_instruction *i);
/* The factor on the weights of an output channel. */
float blocked_fold_scale(const dla_program *program, const dla_instruction *i, int64_t channel);

#endif
