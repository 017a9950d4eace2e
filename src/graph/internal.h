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
  dla_shape stored; /* what checkpoints call the same numbers; rank 0: the same shape */
  bool trainable;
  float initial;  /* the constant it starts from, where fan_in is 0 */
  int64_t fan_in; /* uniform in +-1/sqrt(fan_in) */
  bool dirac;     /* but the first filters hand one channel on each */
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

/* Appends a parameter; -1 on failure, which is kept in the graph. */
int dla_graph_add_parameter(dla_graph *graph, const dla_parameter *parameter);
/* Gives each parameter what its group changes; a pattern that fits none of them is an error. */
dla_status dla_graph_group_parameters(dla_graph *graph, const dla_parameter_groups *groups,
                                      dla_error *err);
/* Freezes the layers that one of the patterns fits: a JSON array of texts; "" or NULL: none. A
 * pattern that fits nothing is an error, as is a network of which nothing is left to train. */
dla_status dla_graph_freeze(dla_graph *graph, const char *patterns, dla_error *err);
/* How many live nodes read a tensor. */
int dla_graph_consumers(const dla_graph *graph, dla_tensor tensor);
/* Is it a dropout or a stochastic_depth? */
bool dla_graph_drops(const dla_node *node);
/* The live node that makes a tensor, or NULL for the input. */
dla_node *dla_graph_producer(const dla_graph *graph, dla_tensor tensor);

/* As dla_network_check_batch(); see ops/batch_norm.c. */
dla_status dla_graph_check_batch(const dla_graph *graph, int64_t samples, dla_error *err);
/* Rewrites that every backend profits from; see passes.c. */
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
  const dla_attribute_spec *attributes; /* up to a row without a name; NULL: none */

  /* Shape rule: checks the sources' shapes and sets *dst; may complete attributes whose default
   * depends on others. On failure says what does not fit. */
  dla_status (*infer)(dla_node *node, const dla_shape *src, dla_shape *dst, dla_error *err);
  /* Adds the op's parameters to the graph and their indices to the node; NULL: none. */
  void (*parameters)(dla_graph *graph, dla_node *node, const dla_shape *src);
  /* Emits the forward instructions. */
  dla_status (*forward)(dla_lowering *l, const dla_node *node);
  /* Emits the backward instructions: takes the gradients of the node's output, contributes to those
   * of its inputs. */
  dla_status (*backward)(dla_lowering *l, const dla_node *node);
};

const dla_op *dla_op_find(const char *name);
const dla_op *dla_op_of(dla_op_kind kind);

/* ---- Lowering: a graph becomes a program (lower.c)
 * ----------------------------------------------- */

/* Makes a program without layouts or addresses; rewrite: with dla_recompute_activations() in
 * training, dla_fold_batch_norms() in inference. Free it with dla_program_free(). */
dla_status dla_lower(const dla_graph *graph, dla_mode mode, int64_t batch, bool rewrite,
                     dla_program **program, dla_error *err);
void dla_program_free(dla_program *program);

/* For the ops' forward and backward rules. Nothing here allocates: a program is made with room for
 * the most that its graph can become. A pointer to an instruction stays valid. */
dla_instruction *dla_lower_emit(dla_lowering *l, const dla_node *node, dla_pass pass);
/* The instruction that made the node's output: it knows what the backward pass reads again. */
const dla_instruction *dla_lower_forward_of(const dla_lowering *l, const dla_node *node);
/* A new value of the given shape (batch included); its index. */
int dla_lower_value(dla_lowering *l, dla_value_kind kind, dla_shape shape, const char *name,
                    const char *suffix);
/* The value of a node's input or output; made on first use. */
int dla_lower_tensor(dla_lowering *l, dla_tensor tensor);
/* Has the node parameters that are trained? Those that are frozen have no gradient. */
bool dla_lower_trains(const dla_lowering *l, const dla_node *node);
/* The value of (a part of) parameter k of the node, or of its gradient; -1 where it has none. */
int dla_lower_parameter(dla_lowering *l, const dla_node *node, int k, int part);
int dla_lower_parameter_gradient(dla_lowering *l, const dla_node *node, int k, int part);
/* The gradient of a tensor as one value; sums what its consumers contributed. */
int dla_lower_gradient(dla_lowering *l, dla_tensor tensor);
/* The same as up to max values whose sum it is, for ops that add while reading; their number. */
int dla_lower_gradients(dla_lowering *l, dla_tensor tensor, int *values, int max);
/* A new value that becomes one summand of the tensor's gradient; -1 if it needs none. */
int dla_lower_contribution(dla_lowering *l, dla_tensor tensor);
/* Makes an existing gradient value a summand of the tensor's gradient. */
void dla_lower_contribute(dla_lowering *l, dla_tensor tensor, int value);

dla_mode dla_lower_mode(const dla_lowering *l);
int64_t dla_lower_batch(const dla_lowering *l);
const dla_graph *dla_lower_graph(const dla_lowering *l);
dla_program *dla_lower_program(const dla_lowering *l);

/* How parameters start (initialise.c): the rule of one; zeros for all that the
 * optimizer keeps. */
struct dla_network;
dla_status dla_network_clear_states(struct dla_network *network, dla_error *err);
const dla_parameter *dla_network_parameter_rule(const struct dla_network *network, int index);

/* ---- Activations computed again (recompute.c)
 * ---------------------------------------------------- */

/* Rewrites a training program so that what batch norms wrote is computed again when the backward
 * pass comes to read it, instead of being kept from the forward pass. */
dla_status dla_recompute_activations(dla_program *program, dla_error *err);

/* ---- Gradients clipped (clip.c)
 * ----------------------------------------------- */

/* Puts the instruction in front of a training program's update. */
void dla_clip_grad_norm(dla_program *program, double max_norm);

/* ---- Activations in bfloat16 (precision.c)
 * ----------------------------------------------- */

/* Gives images and their gradients the type BF16, and converts around what the backend does not
 * take (NULL: anything). The last of all rewrites. */
dla_status dla_keep_in_bf16(dla_program *program, dla_takes_bf16 *takes, const void *backend,
                            dla_error *err);

/* ---- Batch norms folded into convolutions (fold.c)
 * ----------------------------------------------- */

/* Rewrites an inference program. */
dla_status dla_fold_batch_norms(dla_program *program, dla_error *err);

/* ---- Memory plan (memory_plan.c)
 * ----------------------------------------------------------------- */

/* Sets first and last of every value, adds a scratchpad value to every instruction that wants one,
 * and places all values that are not parameters or state in one arena so that no two that are live
 * at the same time overlap. Sets program->arena_bytes. Wants bytes of every value (after the
 * backend's plan). */
dla_status dla_plan_memory(dla_program *program, dla_error *err);

#define DLA_ALIGNMENT 64 /* of every value: a cache line, an AVX-512 register */
static inline size_t dla_align(size_t bytes)
{
  return (bytes + DLA_ALIGNMENT - 1) & ~(size_t)(DLA_ALIGNMENT - 1);
}

#endif
