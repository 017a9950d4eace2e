/* A program: the flat list of instructions of a graph, for one batch size and one mode, and the
 * values they work on. src/graph makes it. A backend gives its values layouts and executes it;
 * the memory plan gives them addresses. Plain data, so that it can be read and printed. */
#ifndef DLA_PROGRAM_H
#define DLA_PROGRAM_H

#include "base/philox.h"
#include "dla/dtype.h"
#include "dla/status.h"
#include "dla/step.h"
#include "dla/tensor.h"
#include "dla/update_rule.h"

#define DLA_MAX_ATTRIBUTES 10
#define DLA_NAME_SIZE      96

/* The operation of an instruction. */
typedef enum dla_op_kind {
  DLA_OP_CONV2D,
  DLA_OP_BATCH_NORM, /* with residual and ReLU if they were fused */
  DLA_OP_RELU,
  DLA_OP_ADD,
  DLA_OP_CONCAT, /* a copy of one source into its channels of dst, or back */
  DLA_OP_AVG_POOL,
  DLA_OP_MAX_POOL,
  DLA_OP_LINEAR,
  DLA_OP_DROPOUT,
  DLA_OP_STOCHASTIC_DEPTH,
  DLA_OP_SOFTMAX_CROSS_ENTROPY,
  DLA_OP_CLIP_GRAD_NORM,  /* scales all parameters' gradients so that their norm is at most
                           * DLA_ATTR_MAX_NORM; dst: the norm before that */
  DLA_OP_UPDATE,          /* one pass over all parameters, by the program's optimizer */
  DLA_OP_CONVERT,         /* dst is src in another type, F32 or BF16 */
  DLA_OP_FOLD_BATCH_NORM, /* a convolution's weights or bias (src) with a batch norm folded in
                             (dst); src may be missing for a bias that is zero */
  DLA_OP_COUNT
} dla_op_kind;

/* Attributes, by op. */
enum {
  DLA_ATTR_KERNEL = 0, /* conv2d, avg_pool, max_pool */
  DLA_ATTR_STRIDE = 1,
  DLA_ATTR_PADDING = 2,
  DLA_ATTR_OUT_CHANNELS = 3,    /* conv2d */
  DLA_ATTR_CONV_BIAS = 4,       /* conv2d: 0 or 1 */
  DLA_ATTR_GROUPS = 5,          /* conv2d */
  DLA_ATTR_DILATION = 6,        /* conv2d */
  DLA_ATTR_DIRAC = 7,           /* conv2d: 0 or 1; how its weights start */
  DLA_ATTR_WHITEN = 8,          /* conv2d: 0 or 1; how its weights start */
  DLA_ATTR_OUT_FEATURES = 0,    /* linear */
  DLA_ATTR_LINEAR_BIAS = 1,     /* linear: 0 or 1 */
  DLA_ATTR_AS_CONV2D = 2,       /* linear: 0 or 1; the weight's shape in checkpoints */
  DLA_ATTR_P = 0,               /* dropout, stochastic_depth */
  DLA_ATTR_LAYER = 1,           /* dropout, stochastic_depth: selects the random numbers; set by
                                 * lowering */
  DLA_ATTR_LABEL_SMOOTHING = 0, /* softmax_cross_entropy; 0 in evaluation */
  DLA_ATTR_MIXED_LABELS = 1,    /* softmax_cross_entropy: 0 or 1; 0 in evaluation */
  DLA_ATTR_MAX_NORM = 0,        /* clip_grad_norm */
  DLA_ATTR_EPS = 0,             /* batch_norm */
  DLA_ATTR_MOMENTUM = 1,
  DLA_ATTR_RELU = 2, /* batch_norm: 0 or 1, set by the fusion pass */
};

typedef enum dla_pass {
  DLA_PASS_PREPARE, /* only after the parameters have changed; dst is kept between steps */
  DLA_PASS_FORWARD,
  DLA_PASS_BACKWARD,         /* everything at once */
  DLA_PASS_BACKWARD_DATA,    /* diff_src */
  DLA_PASS_BACKWARD_WEIGHTS, /* diff_weights, diff_bias */
  DLA_PASS_RECOMPUTE,        /* dst again, from what the forward pass kept */
  DLA_PASS_UPDATE,
  DLA_PASS_COUNT
} dla_pass;

/* Roles of an instruction's values, with oneDNN's names. */
typedef enum dla_arg {
  DLA_ARG_SRC,
  DLA_ARG_SRC_1, /* batch_norm: the residual; add: the second addend */
  DLA_ARG_WEIGHTS,
  DLA_ARG_BIAS,
  DLA_ARG_RUNNING_MEAN,
  DLA_ARG_RUNNING_VARIANCE,
  DLA_ARG_MEAN, /* of the batch, kept for the backward pass; without running_mean, an input of the
                 * forward pass, too */
  DLA_ARG_VARIANCE, /* likewise; the population variance (divided by n) */
  DLA_ARG_LABELS,
  DLA_ARG_PARTNERS,  /* softmax_cross_entropy: the labels of the images mixed in */
  DLA_ARG_WORKSPACE, /* max_pool: the maxima's places */
  DLA_ARG_DST,
  DLA_ARG_DIFF_DST, /* batch_norm backward: the gradient is the sum of up to three */
  DLA_ARG_DIFF_DST_1,
  DLA_ARG_DIFF_DST_2,
  DLA_ARG_DIFF_SRC,
  DLA_ARG_DIFF_SRC_1, /* batch_norm: the residual's gradient */
  DLA_ARG_DIFF_WEIGHTS,
  DLA_ARG_DIFF_BIAS,
  DLA_ARG_SCRATCHPAD,
  DLA_ARG_COUNT
} dla_arg;

typedef enum dla_value_kind {
  DLA_VALUE_INPUT,              /* the images, plain NCHW */
  DLA_VALUE_LABELS,             /* int32 {N} */
  DLA_VALUE_DATA,               /* activations, and other data kept for the backward pass */
  DLA_VALUE_GRADIENT,           /* of DLA_VALUE_DATA */
  DLA_VALUE_PARAMETER,          /* trainable */
  DLA_VALUE_PARAMETER_GRADIENT, /* kept until the update */
  DLA_VALUE_STATE,              /* running statistics, and frozen parameters */
  DLA_VALUE_LOGITS,             /* plain {N, classes} */
  DLA_VALUE_LOSS,               /* {2}: mean loss, correct predictions */
  DLA_VALUE_NORM,               /* {1}: of all parameters' gradients */
  DLA_VALUE_SCRATCH,            /* of one instruction */
} dla_value_kind;

typedef struct dla_value {
  char name[DLA_NAME_SIZE];
  dla_value_kind kind;
  dla_dtype dtype; /* F32; I32 for labels; BF16 for images with DLA_PRECISION_BF16 */
  dla_shape shape;
  int parameter; /* index into the network's parameters, or -1 */
  int part;      /* which part of that parameter (see dla_parameter_part) */
  int view_of;   /* channels [view_channel, + shape.dim[1]) of that value, or -1; only concat uses
                  * views */
  int64_t view_channel;
  /* Set by the backend's plan: */
  size_t bytes;    /* padding included */
  char layout[24]; /* for people: "nchw", "nChw16c" */
  /* Set by the memory plan: */
  int first, last; /* first and last instruction that needs it; first -1: unused */
  size_t offset;   /* in the arena, or in the parameter store */
  /* Set by the network: */
  void *data;
} dla_value;

typedef struct dla_instruction {
  dla_op_kind op;
  dla_pass pass;
  bool accumulate; /* conv2d: add to dst instead of replacing it */
  bool relu;       /* conv2d: then max(dst, 0) */
  char name[DLA_NAME_SIZE];
  double attr[DLA_MAX_ATTRIBUTES];
  int arg[DLA_ARG_COUNT];  /* value, or -1 */
  size_t scratchpad_bytes; /* set by the backend's plan */
} dla_instruction;

/* What the update instruction goes through once: a parameter (or a part of one), and its
 * gradient. */
typedef struct dla_update_pair {
  int parameter, gradient; /* values */
  dla_update_change change;
} dla_update_pair;

typedef struct dla_update {
  dla_update_pair *pair;
  int count;
  /* Flat arrays. A parameter and its states have the same place in each. */
  float *parameters, *state[DLA_OPTIMIZER_STATES];
  const dla_optimizer *optimizer;
  dla_update_numbers numbers; /* of the step */
} dla_update;

typedef struct dla_program {
  dla_mode mode;
  int64_t batch;
  dla_value *value;
  int value_count;
  dla_instruction *instruction;
  int instruction_count;
  int input, labels, partners, logits, loss; /* values; partners -1: images are not mixed */
  int grad_norm;                             /* value; -1: gradients are not clipped */
  size_t arena_bytes; /* planned peak of all values that are not parameters */
  dla_update update;  /* training only */
  /* For several ranks: */
  bool gradients_apart; /* gradients of parameters lie in an array of their own, not in the arena */
  struct dla_dist *sync_bn; /* the ranks whose batch norms share statistics; NULL: each rank has its
                             * own */
  dla_batch_share share;    /* of one run: a step, or a part of one */
  int64_t step_samples;     /* of all ranks and parts of the step; the loss is a mean over them */
  double lambda;            /* of the step, as in dla_batch_labels */
  uint64_t seed;            /* of random numbers */
  int64_t first_sample;     /* its first sample's place in the step's batch of all ranks */
} dla_program;

const char *dla_op_name(dla_op_kind op);
/* The ops that can be layers, and the attributes that a layer can have; NULL past the last. */
const char *dla_op_at(int index);
const char *dla_op_attribute_at(const char *op, int index);
const char *dla_pass_name(dla_pass pass);
const char *dla_arg_name(dla_arg arg);

/* The value in a role; NULL: the instruction has none. */
static inline const dla_value *dla_program_arg(const dla_program *program,
                                               const dla_instruction *instruction, dla_arg arg)
{
  int value = instruction->arg[arg];
  return value < 0 ? NULL : &program->value[value];
}

/* Bytes of a value's numbers, without the padding of any layout. */
size_t dla_value_plain_bytes(const dla_value *value);

/* The divisor of the gradients of a sample's logits; infinite if the samples do not count. */
double dla_program_loss_divisor(const dla_program *program);

/* The mask of dropout for an element of a sample, or of stochastic depth for a sample: 0 if the
 * random number is below p, else scale. The stream has one number per element, in the order of a
 * plain tensor. It is a function of seed, step, layer and the sample's place in the batch of all
 * ranks. */
typedef struct dla_drop {
  dla_random random;
  float p, scale;
} dla_drop;
dla_drop dla_program_drop(const dla_program *program, const dla_instruction *i, int64_t sample);

/* The arrays of one pair, without padding at the end. */
dla_update_span dla_program_update_span(const dla_program *program, int pair);
/* The numbers of its update in this step. */
dla_update_numbers dla_program_update_numbers(const dla_program *program, int pair);

/* Floating point operations of an instruction (a multiply-add is two), padding not counted, as if a
 * convolution were computed directly; 0 for those that only move memory. */
double dla_instruction_flops(const dla_program *program, const dla_instruction *instruction);
/* Bytes of all the values it reads and writes. */
double dla_instruction_bytes(const dla_program *program, const dla_instruction *instruction);

#endif
