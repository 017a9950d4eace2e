/* A network ready to run: a graph, its parameters, a backend, and one program for each mode and
 * batch size that was asked for; all programs share the parameters and one arena. Not thread-safe.
 */
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
  const char *device;  /* dla_backend_options' */
  int threads;         /* that compute; at least 1 */
  int64_t batch;       /* the batch size that the layouts are chosen for */
  /* The same network for images of other sizes, with which steps may be done, too. */
  dla_graph *const *other_sizes;
  int other_size_count;
  bool training;                  /* for steps too, not only for evaluation */
  const dla_optimizer *optimizer; /* of the steps; NULL: the default */
  /* Of the steps, too: dla_parameter_groups_create()'s. */
  const char *groups;
  /* The layers that they leave alone: a JSON array of patterns; "" or NULL: none. */
  const char *freeze;
  dla_no_decay no_decay;
  bool average;           /* keep one of the weights: dla_network_average() */
  double clip_grad_norm;  /* the most that the norm of a step's gradients may be; 0: anything */
  double label_smoothing; /* of the loss in training: dla_graph_smooth_labels() */
  bool mixed_labels;      /* likewise: dla_graph_mix_labels() */
  uint64_t seed;          /* of what layers drop */
  int accumulate;         /* parts that a step is computed in; 0: one */
  dla_precision precision;
  bool recompute; /* activations: less memory for more time; results are the same bits */
  dla_dist *dist; /* the ranks that train it together; NULL: only this */
  bool sync_bn;   /* their batches are one to a batch norm, instead of each its own */
  dla_convolution convolution;
  const char *tuning; /* a tuning table's text to begin with ("": nothing is known yet); NULL:
                         implementations are not timed */
} dla_network_options;

/* Takes the finished graph and those of other sizes, also on failure. */
dla_status dla_network_create(dla_graph *graph, const dla_network_options *options,
                              dla_network **network, dla_error *err);
void dla_network_free(dla_network *network);

/* Makes the program for a mode and batch size unless it is there already; *program (may be NULL)
 * stays the network's. Of a step in parts, it is that of the largest part. Steps do this by
 * themselves; calling it early moves the cost. */
dla_status dla_network_prepare(dla_network *network, dla_mode mode, int64_t batch,
                               const dla_program **program, dla_error *err);
/* Steps that follow, and their programs that are prepared, are of images of so many pixels in
 * height and width: of the graph, or of one of other_sizes. Evaluations stay as they are. */
dla_status dla_network_resize_steps(dla_network *network, int64_t side, dla_error *err);
/* Refuses to train on batches of so many samples if a batch norm would then have a single value of
 * a channel, whose variance is none; the error names it. The samples are those of all ranks where
 * they are one batch to it. */
dla_status dla_network_check_batch(const dla_network *network, int64_t samples, dla_error *err);
const char *dla_network_implementation(const dla_network *network, const dla_program *program,
                                       int instruction);

/* Sets every parameter as PyTorch does: Conv2d and Linear kaiming_uniform(a = sqrt 5), that is
 * uniform in +-1/sqrt(fan_in), bias likewise; batch norm weight 1, bias 0, running mean 0, variance
 * 1; what the optimizer keeps 0. A function of the seed and each parameter's name. */
dla_status dla_network_initialise(dla_network *network, uint64_t seed, dla_error *err);

typedef struct dla_result {
  double loss;      /* mean over the batch */
  int64_t correct;  /* samples whose largest logit is the label's */
  double grad_norm; /* of a step's gradients before they were clipped; -1: they are not */
} dla_result;

/* One optimizer step on images [count][C][H][W] and labels [count]. */
dla_status dla_network_train(dla_network *network, const float *images, const int32_t *labels,
                             int64_t count, const dla_update_numbers *numbers, dla_result *result,
                             dla_error *err);
/* The same with a rank's share of the step's samples: gradients are summed over the ranks while the
 * backward pass goes on. result is this rank's. Only a network with mixed_labels takes partners.
 *
 * A network that accumulates computes the share in parts, one after another: their gradients are
 * summed, and only batch norms, which see one part at a time, can tell. */
dla_status dla_network_train_share(dla_network *network, const float *images,
                                   const dla_batch_labels *labels, int64_t count,
                                   const dla_batch_share *share, const dla_update_numbers *numbers,
                                   dla_result *result, dla_error *err);
/* Forward only, with the running statistics. logits: [count][classes], or NULL. */
dla_status dla_network_evaluate(dla_network *network, const float *images, const int32_t *labels,
                                int64_t count, float *logits, dla_result *result, dla_error *err);

/* When an instruction ran, in seconds of CLOCK_MONOTONIC. */
typedef struct dla_timing {
  double total;       /* of all steps */
  double start, last; /* in the last step: when it began, and how long it took */
} dla_timing;

/* Times each instruction of a program in its steps from now on; NULL stops. The array has
 * program->instruction_count entries, starts as zeros, and stays the caller's. */
void dla_network_profile(dla_network *network, const dla_program *program, dla_timing *timing);

/* Parameters and running statistics, in the order of the graph, under PyTorch's names. */
typedef struct dla_parameter_info {
  const char *name;
  dla_shape shape;
  bool trainable; /* has a gradient and what the optimizer keeps */
  bool whitens;   /* filters that are to whiten the images: dla_whiten() sets them */
} dla_parameter_info;

/* A parameter's values, or what the optimizer keeps of it: DLA_PARAMETER_STATE + k is its k-th
 * state array. Trainable parameters of a training network have those. A network that averages has
 * the average of each value. */
typedef int dla_parameter_array;
enum {
  DLA_PARAMETER_VALUE,
  DLA_PARAMETER_STATE,
  DLA_PARAMETER_AVERAGE = DLA_PARAMETER_STATE + DLA_OPTIMIZER_STATES
};

/* ---- The average of the weights, of a network that was created with one ----
 *
 * An exponential moving average of parameters and running statistics (Polyak and Juditsky, 1992;
 * torch.optim.swa_utils.AveragedModel with use_buffers). */

bool dla_network_averages(const dla_network *network);
/* Begins it with the weights as they are. */
void dla_network_average_begin(dla_network *network);
/* average += (1 - decay) (weights - average) */
void dla_network_average(dla_network *network, double decay);
/* The weights and their average change places: to evaluate the average, and back. */
void dla_network_average_swap(dla_network *network);

bool dla_network_is_training(const dla_network *network);
/* NULL: it is only for evaluation. */
const dla_optimizer *dla_network_optimizer(const dla_network *network);
/* NULL likewise. The network's. */
const dla_parameter_groups *dla_network_groups(const dla_network *network);
int dla_network_parameter_count(const dla_network *network);
dla_parameter_info dla_network_parameter(const dla_network *network, int index);
/* Plain f32 (OIHW for convolutions), dla_shape_count() of them. */
dla_status dla_network_read(dla_network *network, int index, dla_parameter_array array,
                            float *plain, dla_error *err);
dla_status dla_network_write(dla_network *network, int index, dla_parameter_array array,
                             const float *plain, dla_error *err);

/* Rank 0's parameters and optimizer state, or only its running statistics, become every rank's.
 * Collective; DLA_E_UNSUPPORTED, on all ranks, where processors of several kinds lay them out
 * otherwise. */
dla_status dla_network_share_parameters(dla_network *network, dla_error *err);
void dla_network_share_statistics(dla_network *network);

/* Shape of the images {C,H,W} and number of classes. */
dla_shape dla_network_input_shape(const dla_network *network);
int64_t dla_network_classes(const dla_network *network);

/* Which implementations were found fastest so far; NULL where they are not timed. The network's. */
const dla_tuning *dla_network_tuning(const dla_network *network);

/* The threads that compute (base/team.h). The network's. */
struct dla_team *dla_network_team(dla_network *network);

/* Bytes: parameters with what the optimizer keeps of them; the arena that all programs share so
 * far. */
size_t dla_network_parameter_bytes(const dla_network *network);
size_t dla_network_arena_bytes(const dla_network *network);

#endif
