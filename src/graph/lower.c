/* Lowering: walks the graph forwards, then backwards (automatic differentiation). Each op's rules
 * append their instructions to a flat program. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "graph/internal.h"

#define MAX_SUMMANDS 4 /* of a gradient, kept apart; when full, two are added */

typedef struct gradient {
  int summand[MAX_SUMMANDS];
  int count;
} gradient;

struct dla_lowering {
  const dla_graph *graph;
  dla_program *program;
  int *tensor;                         /* value of each graph tensor, or -1 */
  bool *needs_gradient;                /* of each graph tensor */
  gradient *gradient;                  /* of each graph tensor */
  int *parameter, *parameter_gradient; /* [parameter][part], or -1 */
};

dla_mode dla_lower_mode(const dla_lowering *l)
{
  return l->program->mode;
}

int64_t dla_lower_batch(const dla_lowering *l)
{
  return l->program->batch;
}

const dla_graph *dla_lower_graph(const dla_lowering *l)
{
  return l->graph;
}

dla_program *dla_lower_program(const dla_lowering *l)
{
  return l->program;
}

int dla_lower_value(dla_lowering *l, dla_value_kind kind, dla_shape shape, const char *name,
                    const char *suffix)
{
  dla_program *program = l->program;
  dla_value *value = &program->value[program->value_count];
  *value = (dla_value){.kind = kind,
                       .dtype = kind == DLA_VALUE_LABELS ? DLA_I32 : DLA_F32,
                       .shape = shape,
                       .parameter = -1,
                       .view_of = -1,
                       .first = -1};
  snprintf(value->name, sizeof value->name, "%.*s%s", DLA_NAME_SIZE - 24, name, suffix);
  return program->value_count++;
}

static dla_instruction *emit(dla_program *program, dla_op_kind op, dla_pass pass, const char *name)
{
  dla_instruction *i = &program->instruction[program->instruction_count++];
  *i = (dla_instruction){.op = op, .pass = pass};
  snprintf(i->name, sizeof i->name, "%s", name);
  for (int k = 0; k < DLA_ARG_COUNT; k++)
    i->arg[k] = -1;
  return i;
}

dla_instruction *dla_lower_emit(dla_lowering *l, const dla_node *node, dla_pass pass)
{
  dla_instruction *i = emit(l->program, node->op->kind, pass, node->name);
  memcpy(i->attr, node->attr, sizeof i->attr);
  return i;
}

const dla_instruction *dla_lower_forward_of(const dla_lowering *l, const dla_node *node)
{
  const dla_instruction *i = l->program->instruction;
  while (i->arg[DLA_ARG_DST] != l->tensor[node->output])
    i++;
  return i;
}

static const char *tensor_name(const dla_lowering *l, dla_tensor tensor)
{
  const dla_node *node = dla_graph_producer(l->graph, tensor);
  return node ? node->name : "input";
}

/* Dead nodes, and dropout in evaluation, have no instruction: their output is their source. */
static bool is_left_out(const dla_lowering *l, const dla_node *node)
{
  return node->dead || (dla_graph_drops(node) && l->program->mode == DLA_MODE_INFERENCE);
}

/* The tensor that holds the value, past nodes that are left out. */
static dla_tensor source_of(const dla_lowering *l, dla_tensor tensor)
{
  const dla_node *node = dla_graph_producer(l->graph, tensor);
  return node && is_left_out(l, node) ? source_of(l, node->input[0]) : tensor;
}

int dla_lower_tensor(dla_lowering *l, dla_tensor tensor)
{
  tensor = source_of(l, tensor);
  if (l->tensor[tensor] < 0) {
    dla_shape shape = dla_shape_batched(&l->graph->tensor[tensor], l->program->batch);
    const bool logits = tensor == source_of(l, l->graph->logits);
    dla_value_kind kind = logits ? DLA_VALUE_LOGITS : DLA_VALUE_DATA;
    l->tensor[tensor] = dla_lower_value(l, kind, shape, tensor_name(l, tensor), "");
  }
  return l->tensor[tensor];
}

/* The value of a parameter. A node with several sources has one part of the weights per source. */
static int parameter_value(dla_lowering *l, int *table, dla_value_kind kind, const dla_node *node,
                           int k, int part, const char *suffix)
{
  int parameter = node->parameter[k];
  if (parameter < 0) return -1;
  int *known = &table[parameter * DLA_MAX_INPUTS + part];
  if (*known >= 0) return *known;
  const dla_parameter *p = &l->graph->parameter[parameter];
  dla_shape shape = p->shape;
  char end[24] = "";
  if (node->input_count > 1 && node->op->kind == DLA_OP_CONV2D && k == 0) {
    shape.dim[1] = l->graph->tensor[node->input[part]].dim[0];
    snprintf(end, sizeof end, "[%d]", part);
  }
  strncat(end, suffix, sizeof end - strlen(end) - 1);
  *known = dla_lower_value(l, kind, shape, p->name, end);
  l->program->value[*known].parameter = parameter;
  l->program->value[*known].part = part;
  return *known;
}

int dla_lower_parameter(dla_lowering *l, const dla_node *node, int k, int part)
{
  if (node->parameter[k] < 0) return -1;
  bool trainable = l->graph->parameter[node->parameter[k]].trainable;
  return parameter_value(l, l->parameter, trainable ? DLA_VALUE_PARAMETER : DLA_VALUE_STATE, node,
                         k, part, "");
}

bool dla_lower_trains(const dla_lowering *l, const dla_node *node)
{
  return l->graph->parameter[node->parameter[0]].trainable;
}

int dla_lower_parameter_gradient(dla_lowering *l, const dla_node *node, int k, int part)
{
  if (!dla_lower_trains(l, node)) return -1;
  return parameter_value(l, l->parameter_gradient, DLA_VALUE_PARAMETER_GRADIENT, node, k, part,
                         ".grad");
}

/* Adds two gradients. Returns the value of their sum. */
static int sum(dla_lowering *l, dla_tensor tensor, int a, int b)
{
  dla_program *program = l->program;
  const char *name = tensor_name(l, tensor);
  int dst = dla_lower_value(l, DLA_VALUE_GRADIENT, program->value[a].shape, name, ".grad");
  dla_instruction *i = emit(program, DLA_OP_ADD, DLA_PASS_BACKWARD, name);
  i->arg[DLA_ARG_SRC] = a;
  i->arg[DLA_ARG_SRC_1] = b;
  i->arg[DLA_ARG_DST] = dst;
  return dst;
}

int dla_lower_gradients(dla_lowering *l, dla_tensor tensor, int *values, int max)
{
  gradient *g = &l->gradient[tensor];
  while (g->count > max) {
    int last = g->summand[g->count - 1], before = g->summand[g->count - 2];
    g->count--;
    g->summand[g->count - 1] = sum(l, tensor, before, last);
  }
  memcpy(values, g->summand, (size_t)g->count * sizeof *values);
  return g->count;
}

int dla_lower_gradient(dla_lowering *l, dla_tensor tensor)
{
  int value = -1;
  dla_lower_gradients(l, tensor, &value, 1);
  return value;
}

void dla_lower_contribute(dla_lowering *l, dla_tensor tensor, int value)
{
  gradient *g = &l->gradient[tensor];
  if (!l->needs_gradient[tensor]) return;
  if (g->count == MAX_SUMMANDS) {
    int values[MAX_SUMMANDS];
    dla_lower_gradients(l, tensor, values, MAX_SUMMANDS - 1);
  }
  g->summand[g->count++] = value;
}

int dla_lower_contribution(dla_lowering *l, dla_tensor tensor)
{
  if (!l->needs_gradient[tensor]) return -1;
  dla_shape shape = dla_shape_batched(&l->graph->tensor[tensor], l->program->batch);
  int value = dla_lower_value(l, DLA_VALUE_GRADIENT, shape, tensor_name(l, tensor), ".grad");
  dla_lower_contribute(l, tensor, value);
  return value;
}

static void find_what_needs_gradient(dla_lowering *l)
{
  const dla_graph *graph = l->graph;
  for (int i = 0; i < graph->node_count; i++) {
    const dla_node *node = &graph->node[i];
    bool needs = false;
    for (int k = 0; k < DLA_MAX_PARAMETERS; k++)
      needs |= node->parameter[k] >= 0 && graph->parameter[node->parameter[k]].trainable;
    for (int k = 0; k < node->input_count; k++)
      needs |= l->needs_gradient[node->input[k]];
    if (!node->dead) l->needs_gradient[node->output] = needs;
  }
}

static void lower_ends(dla_lowering *l)
{
  dla_program *program = l->program;
  dla_shape image = dla_shape_batched(&l->graph->tensor[l->graph->input], program->batch);
  program->input = dla_lower_value(l, DLA_VALUE_INPUT, image, "input", "");
  l->tensor[l->graph->input] = program->input;
  program->labels = dla_lower_value(l, DLA_VALUE_LABELS, DLA_SHAPE1(program->batch), "labels", "");
  program->loss = dla_lower_value(l, DLA_VALUE_LOSS, DLA_SHAPE1(2), "loss", "");
  program->logits = dla_lower_tensor(l, l->graph->logits);
}

/* Does the loss depend on a parameter through this node? If no later node left a gradient, it does
 * not (dla_graph_optimise() would have dropped the node). */
static bool has_backward(const dla_lowering *l, const dla_node *node)
{
  bool reached =
      node->op->kind == DLA_OP_SOFTMAX_CROSS_ENTROPY || l->gradient[node->output].count > 0;
  return !node->dead && l->needs_gradient[node->output] && reached;
}

static void lower_update(dla_lowering *l)
{
  dla_update *update = &l->program->update;
  for (int k = 0; k < l->graph->parameter_count * DLA_MAX_INPUTS; k++)
    if (l->parameter_gradient[k] >= 0)
      update->pair[update->count++] = (dla_update_pair){
          .parameter = l->parameter[k],
          .gradient = l->parameter_gradient[k],
          .change = l->graph->parameter[k / DLA_MAX_INPUTS].change,
      };
  emit(l->program, DLA_OP_UPDATE, DLA_PASS_UPDATE, "parameters");
}

static dla_status walk(dla_lowering *l)
{
  const dla_graph *graph = l->graph;
  lower_ends(l);
  for (int i = 0; i < graph->node_count; i++) {
    const dla_node *node = &graph->node[i];
    dla_status status = is_left_out(l, node) ? DLA_OK : node->op->forward(l, node);
    if (status) return status;
  }
  if (l->program->mode == DLA_MODE_INFERENCE) return DLA_OK;
  find_what_needs_gradient(l);
  for (int i = graph->node_count - 1; i >= 0; i--) {
    const dla_node *node = &graph->node[i];
    dla_status status = has_backward(l, node) ? node->op->backward(l, node) : DLA_OK;
    if (status) return status;
  }
  lower_update(l);
  return DLA_OK;
}

static int *filled_with_minus_one(size_t count)
{
  int *array = malloc((count ? count : 1) * sizeof *array);
  for (size_t i = 0; array && i < count; i++)
    array[i] = -1;
  return array;
}

/* Room for the largest program of a graph: three instructions and three values for each node and
 * source, and one more of each for every gradient's sum and every recomputed activation. */
static dla_program *make_program(const dla_graph *graph, dla_mode mode, int64_t batch)
{
  size_t nodes = (size_t)graph->node_count + 1, parameters = (size_t)graph->parameter_count;
  size_t instructions = nodes * (5 * DLA_MAX_INPUTS + 2) + 1;
  size_t values = 2 * parameters * DLA_MAX_INPUTS + 2 * instructions + 8;
  dla_program *program = calloc(1, sizeof *program);
  if (!program) return NULL;
  program->mode = mode;
  program->batch = batch;
  program->grad_norm = -1;
  program->share = (dla_batch_share){true, batch};
  program->step_samples = batch;
  program->partners = -1;
  program->lambda = 1;
  program->update.optimizer = dla_optimizer_at(0);
  program->instruction = calloc(instructions, sizeof *program->instruction);
  program->value = calloc(values, sizeof *program->value);
  program->update.pair = calloc(parameters * DLA_MAX_INPUTS + 1, sizeof *program->update.pair);
  if (program->instruction && program->value && program->update.pair) return program;
  dla_program_free(program);
  return NULL;
}

static dla_status lower(const dla_graph *graph, dla_mode mode, int64_t batch, dla_program **program,
                        dla_error *err)
{
  size_t tensors = (size_t)graph->tensor_count;
  size_t parts = (size_t)graph->parameter_count * DLA_MAX_INPUTS;
  dla_lowering l = {
      .graph = graph,
      .program = make_program(graph, mode, batch),
      .tensor = filled_with_minus_one(tensors),
      .needs_gradient = calloc(tensors, sizeof *l.needs_gradient),
      .gradient = calloc(tensors, sizeof *l.gradient),
      .parameter = filled_with_minus_one(parts),
      .parameter_gradient = filled_with_minus_one(parts),
  };
  bool made = l.program && l.tensor && l.needs_gradient && l.gradient && l.parameter &&
              l.parameter_gradient;
  dla_status status = made ? walk(&l) : dla_fail_memory(err, "the program");
  free(l.tensor);
  free(l.needs_gradient);
  free(l.gradient);
  free(l.parameter);
  free(l.parameter_gradient);
  if (status)
    dla_program_free(l.program);
  else
    *program = l.program;
  return status;
}

dla_status dla_lower(const dla_graph *graph, dla_mode mode, int64_t batch, bool rewrite,
                     dla_program **program, dla_error *err)
{
  dla_status status = lower(graph, mode, batch, program, err);
  if (status || !rewrite) return status;
  status = mode == DLA_MODE_TRAINING ? dla_recompute_activations(*program, err)
                                     : dla_fold_batch_norms(*program, err);
  if (!status) return DLA_OK;
  dla_program_free(*program);
  *program = NULL;
  return status;
}

void dla_program_free(dla_program *program)
{
  if (!program) return;
  free(program->instruction);
  free(program->value);
  free(program->update.pair);
  free(program);
}
