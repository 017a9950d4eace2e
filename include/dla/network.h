/* A network ready to run: a graph, its parameters, a backend, and one program for each mode and
 * batch size in use. All programs share the parameters and one arena. Not thread-safe. */
#ifndef DLA_NETWORK_H
#define DLA_NETWORK_H

#include "dla/convolution.h"
#include "dla/dist.h"
#include "dla/graph.h"
#include "dla/parameter_groups.h"
#include "dla/precision.h"
#include "dla/step.h"

typedef struct dla_network dla_network;
typedef struct dla_program dla_program; /* dla/program.h: its instructions */
typedef struct dla_tuning dla_tuning;   /* dla/tuning.h */

typedef struct dla_network_options {
  const char *backend; /* NULL: the default */
  const char *device;  /* as in dla_backend_options */
  int threads;         /* to compute on; at least 1 */
  int64_t batch;       /* the batch size to choose layouts for */
  /* The same network for images of other sizes, for steps on those. */
  dla_graph *const *other_sizes;
  int other_size_count;
  bool training;                  /* for steps, too, not only for evaluation */
  const dla_optimizer *optimizer; /* NULL: the default */
  /* As in dla_parameter_groups_create(). */
  const char *groups;
  /* Frozen layers: a JSON array of patterns; "" or NULL: none. */
  const char *freeze;
  dla_no_decay no_decay;
  bool average;           /* keep an average of the weights: dla_network_average() */
  double clip_grad_norm;  /* the largest norm of a step's gradients; 0: no limit */
  double label_smoothing; /* in training: dla_graph_smooth_labels() */
  bool mixed_labels;      /* in training: dla_graph_mix_labels() */
  uint64_t seed;          /* of the layers' dropout */
  int accumulate;         /* parts of a step; 0: one */
  dla_precision precision;
  bool recompute; /* recompute activations: less memory, more time, the same bits */
  dla_dist *dist; /* the ranks that train together; NULL: this process alone */
  bool sync_bn;   /* batch norms use the statistics of all ranks, instead of each its own */
  dla_convolution convolution;
  const char *tuning; /* text of a tuning table to begin with ("": an empty one); NULL:
                       * implementations are not timed */
} dla_network_options;

/* Takes ownership of the finished graph and those of other sizes, also on failure. */
dla_status dla_network_create(dla_graph *graph, const dla_network_options *options,
                              dla_network **network, dla_error *err);
void dla_network_free(dla_network *network);

/* Makes the program for a mode and batch size if there is none. The network owns *program, which
 * may be NULL. With accumulation, it is the program of the step's largest part. Steps call this
 * themselves; an early call moves the cost. */
dla_status dla_network_prepare(dla_network *network, dla_mode mode, int64_t batch,
                               const dla_program **program, dla_error *err);
/* From now on, steps and newly prepared training programs use images of this height and width:
 * the graph's, or one of other_sizes. Evaluation does not change. */
dla_status dla_network_resize_steps(dla_network *network, int64_t side, dla_error *err);
/* Refuses to train on so many samples if a batch norm would see a single value per channel, which
 * has no variance. The error names the batch norm. samples counts all ranks if their batch norms
 * share statistics. */
dla_status dla_network_check_batch(const dla_network *network, int64_t samples, dla_error *err);
const char *dla_network_implementation(const dla_network *network, const dla_program *program,
                                       int instruction);

/* Initialises every parameter as PyTorch does. Conv2d and Linear: kaiming_uniform(a = sqrt 5),
 * that is uniform in +-1/sqrt(fan_in), also for the bias. Batch norm: weight 1, bias 0, running
 * mean 0, variance 1. The optimizer's states are 0. The values depend only on the seed and each
 * parameter's name. */
dla_status dla_network_initialise(dla_network *network, uint64_t seed, dla_error *err);

typedef struct dla_result {
  double loss;      /* mean over the batch */
  int64_t correct;  /* samples whose largest logit is their label's */
  double grad_norm; /* of a step's gradients before clipping; -1: no clipping */
} dla_result;

/* One optimizer step on images [count][C][H][W] and labels [count]. */
dla_status dla_network_train(dla_network *network, const float *images, const int32_t *labels,
                             int64_t count, const dla_update_numbers *numbers, dla_result *result,
                             dla_error *err);
/* The same with a rank's share of the step's samples. Gradients are summed over the ranks during
 * the backward pass. result is for this rank's share. Only a network with mixed_labels takes
 * partners.
 *
 * With accumulation the share is computed in parts, one after another, and their gradients are
 * summed. The result is the same, except that batch norms see one part at a time. */
dla_status dla_network_train_share(dla_network *network, const float *images,
                                   const dla_batch_labels *labels, int64_t count,
                                   const dla_batch_share *share, const dla_update_numbers *numbers,
                                   dla_result *result, dla_error *err);
/* Forward only, with the running statistics. logits: [count][classes], or NULL. */
dla_status dla_network_evaluate(dla_network *network, const float *images, const int32_t *labels,
                                int64_t count, float *logits, dla_result *result, dla_error *err);

/* Times of an instruction, in seconds of CLOCK_MONOTONIC. */
typedef struct dla_timing {
  double total;       /* of all steps */
  double start, last; /* in the last step: when it began, and its duration */
} dla_timing;

/* From now on, times each instruction of a program; NULL: stops. The array has
 * program->instruction_count entries, starts as zeros, and belongs to the caller. */
void dla_network_profile(dla_network *network, const dla_program *program, dla_timing *timing);

/* Parameters and running statistics, in the order of the graph, under PyTorch's names. */
typedef struct dla_parameter_info {
  const char *name;
  dla_shape shape;
  bool trainable; /* has a gradient and optimizer states */
  bool whitens;   /* filters that whiten the images: dla_whiten() sets them */
} dla_parameter_info;

/* An array of a parameter: its values or, in a training network, an optimizer state:
 * DLA_PARAMETER_STATE + k is the k-th. Only trainable parameters have states. A network with an
 * average has one of each value. */
typedef int dla_parameter_array;
enum {
  DLA_PARAMETER_VALUE,
  DLA_PARAMETER_STATE,
  DLA_PARAMETER_AVERAGE = DLA_PARAMETER_STATE + DLA_OPTIMIZER_STATES
};

/* ---- The average of the weights, for networks created with one ----
 *
 * An exponential moving average of parameters and running statistics (Polyak and Juditsky, 1992;
 * torch.optim.swa_utils.AveragedModel with use_buffers). */

bool dla_network_averages(const dla_network *network);
/* Starts the average at the present weights. */
void dla_network_average_begin(dla_network *network);
/* average += (1 - decay) (weights - average) */
void dla_network_average(dla_network *network, double decay);
/* Swaps the weights and their average: to evaluate the average, and back. */
void dla_network_average_swap(dla_network *network);

bool dla_network_is_training(const dla_network *network);
/* NULL: the network only evaluates. */
const dla_optimizer *dla_network_optimizer(const dla_network *network);
/* NULL: the network only evaluates. Owned by the network. */
const dla_parameter_groups *dla_network_groups(const dla_network *network);
int dla_network_parameter_count(const dla_network *network);
dla_parameter_info dla_network_parameter(const dla_network *network, int index);
/* Copy plain f32 (OIHW for convolutions), dla_shape_count() values. */
dla_status dla_network_read(dla_network *network, int index, dla_parameter_array array,
                            float *plain, dla_error *err);
dla_status dla_network_write(dla_network *network, int index, dla_parameter_array array,
                             const float *plain, dla_error *err);

/* Copies rank 0's parameters and optimizer state, or only its running statistics, to all ranks.
 * Collective. DLA_E_UNSUPPORTED, on all ranks: processors differ, so the layouts do. */
dla_status dla_network_share_parameters(dla_network *network, dla_error *err);
void dla_network_share_statistics(dla_network *network);

/* Shape of the images {C,H,W} and number of classes. */
dla_shape dla_network_input_shape(const dla_network *network);
int64_t dla_network_classes(const dla_network *network);

/* The fastest implementations so far; NULL: they are not timed. Owned by the network. */
const dla_tuning *dla_network_tuning(const dla_network *network);

/* The threads that compute (base/team.h). Owned by the network. */
struct dla_team *dla_network_team(dla_network *network);

/* Bytes: parameters with their optimizer states; the arena that all programs share. */
size_t dla_network_parameter_bytes(const dla_network *network);
size_t dla_network_arena_bytes(const dla_network *network);

#endif
