/* The rows of the op table, and functions that several of them share. */
#ifndef DLA_GRAPH_OPS_H
#define DLA_GRAPH_OPS_H

#include "graph/internal.h"

extern const dla_op dla_op_conv2d;
extern const dla_op dla_op_batch_norm;
extern const dla_op dla_op_relu;
extern const dla_op dla_op_add;
extern const dla_op dla_op_concat;
extern const dla_op dla_op_avg_pool;
extern const dla_op dla_op_max_pool;
extern const dla_op dla_op_linear;
extern const dla_op dla_op_dropout;
extern const dla_op dla_op_stochastic_depth;
extern const dla_op dla_op_softmax_cross_entropy;

/* Shape rule of ops that keep their source's shape. */
dla_status dla_infer_same(dla_node *node, const dla_shape *src, dla_shape *dst, dla_error *err);
/* Shape rule of ops that slide a kernel over an image. The number of channels stays. */
dla_status dla_infer_window(const dla_node *node, const dla_shape *src, dla_shape *dst,
                            dla_error *err);
/* Adds parameter "<node>.<suffix>". Returns its index, or -1. With fan_in 0 it starts as
 * `initial`. */
int dla_add_trainable(dla_graph *graph, const dla_node *node, const char *suffix, dla_shape shape,
                      int64_t fan_in, float initial);
int dla_add_state(dla_graph *graph, const dla_node *node, const char *suffix, dla_shape shape,
                  float initial);
/* Emits the forward instruction of an op with one source and one destination. */
dla_instruction *dla_emit_unary(dla_lowering *l, const dla_node *node);
/* The same as a forward rule, for ops that need nothing else. */
dla_status dla_lower_unary(dla_lowering *l, const dla_node *node);
/* Likewise the backward instruction of such an op, which reads the gradient of dst. */
dla_instruction *dla_emit_backward(dla_lowering *l, const dla_node *node);
dla_status dla_lower_backward(dla_lowering *l, const dla_node *node);
/* The backward rule of ops with weights, and perhaps a bias. */
dla_status dla_lower_backward_weighted(dla_lowering *l, const dla_node *node);

#endif
