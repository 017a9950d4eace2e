#include <string.h>

#include "graph/ops/ops.h"

static const dla_op *const table[] = {
    &dla_op_conv2d,
    &dla_op_batch_norm,
    &dla_op_relu,
    &dla_op_add,
    &dla_op_concat,
    &dla_op_avg_pool,
    &dla_op_max_pool,
    &dla_op_linear,
    &dla_op_dropout,
    &dla_op_stochastic_depth,
    &dla_op_softmax_cross_entropy,
};

const dla_op *dla_op_find(const char *name)
{
  for (size_t i = 0; i < sizeof table / sizeof table[0]; i++)
    if (strcmp(table[i]->name, name) == 0) return table[i];
  return NULL;
}

/* The last row is the loss, which is not a layer. */
const char *dla_op_at(int index)
{
  int count = (int)(sizeof table / sizeof table[0]) - 1;
  return index < 0 || index >= count ? NULL : table[index]->name;
}

/* The last attribute of a batch norm is its ReLU, which only the fusion pass sets. */
const char *dla_op_attribute_at(const char *name, int index)
{
  const dla_op *op = dla_op_find(name);
  if (!op || !op->attributes) return NULL;
  if (op->kind == DLA_OP_BATCH_NORM && index >= DLA_ATTR_RELU) return NULL;
  return op->attributes[index].name;
}

const char *dla_op_name(dla_op_kind kind)
{
  for (size_t i = 0; i < sizeof table / sizeof table[0]; i++)
    if (table[i]->kind == kind) return table[i]->name;
  if (kind == DLA_OP_CONVERT) return "convert";
  if (kind == DLA_OP_CLIP_GRAD_NORM) return "clip_grad_norm"; /* an instruction without a layer */
  return kind == DLA_OP_UPDATE ? "update" : "fold_batch_norm";
}
