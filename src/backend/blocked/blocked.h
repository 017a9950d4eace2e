/* What the backends on blocked images (kernels.h: nChw16c, nChw8c) share: the instructions that
 * src/kernels executes whole, given a program whose values all have data. */
#ifndef DLA_BLOCKED_H
#define DLA_BLOCKED_H

#include "backend/instruction.h"
#include "dla/backend.h"
#include "kernels/leaf.h"

/* In smaller batches transforming the weights costs more than it saves. In pixels of the images:
 * 4 of CIFAR's, one of 64 x 64. */
#define BLOCKED_WINOGRAD_PIXELS (4 * 32 * 32)

typedef struct blocked_options {
  dla_convolution convolution;
  int64_t winograd_pixels; /* of the smallest batch that Winograd is for, unless told otherwise */
  dla_isa isa;
  const dla_leaf_kernels *leaf; /* of the instruction set */
  const dla_leaf_kernels *half; /* the same for images of BF16 */
  int block;                    /* the leaf's */
  dla_team *team;
} blocked_options;

blocked_options blocked_options_of(const dla_backend_options *options);

int64_t blocked_pixels(const dla_program *program); /* of a batch of its images */

/* Those for the instruction's images. */
const dla_leaf_kernels *blocked_leaf(const blocked_options *b, const dla_program *program,
                                     const dla_instruction *i);
/* bf16.c: dla_takes_bf16 of both backends. */
bool blocked_takes_bf16(const blocked_options *b, const dla_program *program,
                        const dla_instruction *i);

/* layout.c */
/* Weights of a convolution: a parameter's, its gradient's, or folded. */
bool blocked_is_weights(const dla_program *program, int value);
/* Bytes of an array per channel, which is padded like the channels. */
size_t blocked_channel_bytes(const dla_value *value, int block);

/* groups.c: convolutions in groups, as fewer and larger ones that fill whole blocks. */
typedef struct blocked_groups {
  int64_t count;    /* of these larger groups */
  int64_t merged;   /* groups in each; 1: they are the convolution's own */
  int64_t in, out;  /* channels of a larger group: of whole blocks, or all there are */
  int64_t part;     /* in channels of an own group */
  int64_t part_out; /* its out channels */
  int64_t window;   /* kernel * kernel */
} blocked_groups;
blocked_groups blocked_groups_of(const backend_geometry *g, int block);
/* Dense weights [count][out][in][window], and back: */
int64_t blocked_groups_floats(const blocked_groups *g);
void blocked_groups_expand(dla_team *team, const blocked_groups *g, const float *plain,
                           float *dense);
void blocked_groups_collect(dla_team *team, const blocked_groups *g, const float *dense,
                            float *plain);
/* Weights of a convolution in groups, their gradient, or what they are folded into: plain, OIHW. */
bool blocked_is_grouped(const dla_program *program, int value);

/* vector.c: what moves memory rather than computes. Sets the instruction's scratchpad. */
dla_status blocked_plan_vector(const blocked_options *b, const dla_program *program,
                               dla_instruction *i, dla_error *err);
void blocked_execute_vector(const blocked_options *b, const dla_program *program,
                            const dla_instruction *i);

/* convolution.c: convolutions of our own, on weights in blocks of both channels (OIhw16i16o,
 * OIhw8i8o). Which kernel executes an instruction: */
typedef enum blocked_own {
  BLOCKED_OTHERS,   /* none of ours */
  BLOCKED_WINOGRAD, /* kernels/winograd.h */
  BLOCKED_POINTWISE /* kernels/pointwise.h */
} blocked_own;
blocked_own blocked_own_kernel(const blocked_options *b, const dla_program *program,
                               const dla_instruction *i);
/* "winograd:avx2"; with images of BF16 that are floats to the processor, "winograd:avx2, bf16" */
enum { BLOCKED_NAME = 32 };
void blocked_own_name(const dla_leaf_kernels *leaf, blocked_own kernel, char name[BLOCKED_NAME]);
/* Of those that one of ours executes: */
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

/* fold.c: fold_batch_norm. Is it of a bias? Then of nothing else: */
bool blocked_folds_bias(const dla_program *program, const dla_instruction *i);
void blocked_fold_bias(const dla_program *program, const dla_instruction *i);
/* The weights of a convolution in groups. */
void blocked_fold_plain(const dla_program *program, const dla_instruction *i);
/* By what the weights of an output channel are multiplied. */
float blocked_fold_scale(const dla_program *program, const dla_instruction *i, int64_t channel);

#endif
