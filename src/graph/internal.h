/* What src/graph shares within itself: the graph's data, the op table, and lowering. */
#ifndef DLA_GRAPH_INTERNAL_H
#define DLA_GRAPH_INTERNAL_H

#include "dla/backend.h"
#include "dla/graph.h"
#include "dla/parameter_groups.h"
#include "dla/program.h"

#define DLA_MAX_PARAMETERS 4 /* of one op */

typedef struct dla_op dla_op;

typedef struct dla_node {
  const dla_op *op;
  char name[DLA_NAME_SIZE];
  double attr[DLA_MAX_ATTRIBUTES];
  dla_tensor input[DLA_MAX_INPUTS];
  int input_count;
  dla_tensor output;
  int parameter[DLA_MAX_PARAMETERS]; /* index into the graph's parameters, or -1 */
  bool dead;                         /* fused into another node, or without effect on the loss */
} dla_node;

typedef struct dla_parameter {
  char name[DLA_NAME_SIZE];
  dla_shape shape;
  dla_shape stored; /* the shape in checkpoints; rank 0: the same shape */
  bool trainable;
  float initial;  /* the initial constant, if fan_in is 0 */
  int64_t fan_in; /* else: uniform in +-1/sqrt(fan_in) */
  bool dirac;     /* the first filters start as the identity instead, one channel each */
  bool whitens;
  dla_update_change change; /* of its update */
} dla_parameter;

struct dla_graph {
  dla_node *node;
  int node_count, node_capacity;
  dla_shape *tensor;
  int tensor_count, tensor_capacity;
  dla_parameter *parameter;
  int parameter_count, parameter_capacity;
  dla_tensor input, logits;
  bool finished;
  dla_error error; /* the first failure */
};

/* Appends a parameter. Returns -1 on failure and keeps the failure in the graph. */
int dla_graph_add_parameter(dla_graph *graph, const dla_parameter *parameter);
/* Applies the parameter groups. A pattern that matches no parameter is an error. */
dla_status dla_graph_group_parameters(dla_graph *graph, const dla_parameter_groups *groups,
                                      dla_error *err);
/* Freezes the layers that match one of the patterns: a JSON array of strings; "" or NULL: none. A
 * pattern that matches nothing is an error, and so is a network with nothing left to train. */
dla_status dla_graph_freeze(dla_graph *graph, const char *patterns, dla_error *err);
/* How many live nodes read a tensor. */
int dla_graph_consumers(const dla_graph *graph, dla_tensor tensor);
/* Is it a dropout or a stochastic_depth? */
bool dla_graph_drops(const dla_node *node);
/* The live node that writes a tensor, or NULL for the input. */
dla_node *dla_graph_producer(const dla_graph *graph, dla_tensor tensor);

/* As dla_network_check_batch(); see ops/batch_norm.c. */
dla_status dla_graph_check_batch(const dla_graph *graph, int64_t samples, dla_error *err);
/* Rewrites that help every backend; see passes.c. */
void dla_graph_optimise(dla_graph *graph);

/* ---- The op table ------------------------------------------------------------------------------
 */

typedef struct dla_attribute_spec {
  const char *name;
  double initial; /* NAN: must be given */
  double min, max;
  bool integer;
} dla_attribute_spec;

typedef struct dla_lowering dla_lowering;

/* One row of the table; docs/add-an-op.md walks through one. */
struct dla_op {
  const char *name;
  dla_op_kind kind;
  int min_inputs, max_inputs;
  const dla_attribute_spec *attributes; /* ends with a row without a name; NULL: none */

  /* Shape rule: checks the sources' shapes and sets *dst. It may complete attributes whose
   * default depends on others. On failure the error says what does not fit. */
  dla_status (*infer)(dla_node *node, const dla_shape *src, dla_shape *dst, dla_error *err);
  /* Adds the op's parameters to the graph and their indices to the node; NULL: none. */
  void (*parameters)(dla_graph *graph, dla_node *node, const dla_shape *src);
  /* Emits the forward instructions. */
  dla_status (*forward)(dla_lowering *l, const dla_node *node);
  /* Emits the backward instructions: they read the gradient of the node's output and contribute
   * to the gradients of its inputs. */
  dla_status (*backward)(dla_lowering *l, const dla_node *node);
};

const dla_op *dla_op_find(const char *name);

/* ---- Lowering: a graph becomes a program (lower.c)
 * ----------------------------------------------- */

/* Makes a program without layouts or addresses. rewrite: also run dla_recompute_activations() in
 * training, dla_fold_batch_norms() in inference. Free it with dla_program_free(). */
dla_status dla_lower(const dla_graph *graph, dla_mode mode, int64_t batch, bool rewrite,
                     dla_program **program, dla_error *err);
void dla_program_free(dla_program *program);

/* For the ops' forward and backward rules. Nothing here allocates: the program has room for
 * everything its graph can become. So a pointer to an instruction stays valid. */
dla_instruction *dla_lower_emit(dla_lowering *l, const dla_node *node, dla_pass pass);
/* The instruction that wrote the node's output. It names what the backward pass reads again. */
const dla_instruction *dla_lower_forward_of(const dla_lowering *l, const dla_node *node);
/* Adds a value of the given shape (batch included). Returns its index. */
int dla_lower_value(dla_lowering *l, dla_value_kind kind, dla_shape shape, const char *name,
                    const char *suffix);
/* The value of a node's input or output; added on first use. */
int dla_lower_tensor(dla_lowering *l, dla_tensor tensor);
/* Does the node have parameters that are trained? Frozen ones have no gradient. */
bool dla_lower_trains(const dla_lowering *l, const dla_node *node);
/* The value of parameter k of the node (or of a part of it), or of its gradient; -1: none. */
int dla_lower_parameter(dla_lowering *l, const dla_node *node, int k, int part);
int dla_lower_parameter_gradient(dla_lowering *l, const dla_node *node, int k, int part);
/* The gradient of a tensor as one value; sums what its consumers contributed. */
int dla_lower_gradient(dla_lowering *l, dla_tensor tensor);
/* The gradient of a tensor as up to max values to be summed, for ops that add while reading.
 * Returns their number. */
int dla_lower_gradients(dla_lowering *l, dla_tensor tensor, int *values, int max);
/* Adds a value that is one summand of the tensor's gradient. Returns -1 if it needs none. */
int dla_lower_contribution(dla_lowering *l, dla_tensor tensor);
/* Makes an existing gradient value a summand of the tensor's gradient. */
void dla_lower_contribute(dla_lowering *l, dla_tensor tensor, int value);

dla_mode dla_lower_mode(const dla_lowering *l);
int64_t dla_lower_batch(const dla_lowering *l);
const dla_graph *dla_lower_graph(const dla_lowering *l);
dla_program *dla_lower_program(const dla_lowering *l);

/* Initial values (initialise.c): a parameter's by its rule; zeros for the optimizer's states. */
struct dla_network;
dla_status dla_network_clear_states(struct dla_network *network, dla_error *err);
const dla_parameter *dla_network_parameter_rule(const struct dla_network *network, int index);

/* ---- Activations computed again (recompute.c)
 * ---------------------------------------------------- */

/* Recomputation: a training program computes outputs of batch norms again in the backward pass
 * instead of keeping them from the forward pass. */
dla_status dla_recompute_activations(dla_program *program, dla_error *err);

/* ---- Gradients clipped (clip.c)
 * ----------------------------------------------- */

/* Inserts the instruction before a training program's update. */
void dla_clip_grad_norm(dla_program *program, double max_norm);

/* ---- Activations in bfloat16 (precision.c)
 * ----------------------------------------------- */

/* Gives images and their gradients the type BF16. Adds conversions around instructions that the
 * backend cannot execute in BF16 (takes NULL: it can execute all). Must be the last rewrite. */
dla_status dla_keep_in_bf16(dla_program *program, dla_takes_bf16 *takes, const void *backend,
                            dla_error *err);

/* ---- Batch norms folded into convolutions (fold.c)
 * ----------------------------------------------- */

/* Rewrites an inference program. */
dla_status dla_fold_batch_norms(dla_program *program, dla_error *err);

/* ---- Memory plan (memory_plan.c)
 * ----------------------------------------------------------------- */

/* Plans the arena, after the backend's plan has set bytes of every value. Sets first and last of
 * every value, adds a scratchpad value to every instruction that wants one, and places every
 * value that is not a parameter or state. Values that are live at the same time do not overlap.
 * Sets program->arena_bytes. */
dla_status dla_plan_memory(dla_program *program, dla_error *err);

#define DLA_ALIGNMENT 64 /* of every value: a cache line, an AVX-512 register */
static inline size_t dla_align(size_t bytes)
{
  return (bytes + DLA_ALIGNMENT - 1) & ~(size_t)(DLA_ALIGNMENT - 1);
}

#endif
