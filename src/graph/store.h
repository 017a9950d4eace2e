/* Storage of the parameters: flat arrays of parameters, optimizer states and, with several ranks,
 * gradients. A parameter, or a part of one, has the same place in each. The running statistics
 * have an array of their own. */
#ifndef DLA_GRAPH_STORE_H
#define DLA_GRAPH_STORE_H

#include "dla/network.h"
#include "graph/internal.h"
#include "graph/memory.h"

typedef struct dla_slot {
  int parameter, part;
  size_t offset, bytes;
  bool trainable;
} dla_slot;

typedef struct dla_store {
  dla_slot *slot;
  int count;
  size_t trainable_bytes, state_bytes;
  dla_pages parameters, state;
  dla_pages optimizer[DLA_OPTIMIZER_STATES]; /* only for training */
  int states;                                /* of the optimizer */
  bool averaged;                             /* set before the first program is placed */
  dla_pages average, average_state;          /* of parameters and state; only if averaged */
  bool accumulates;                          /* set before the first program is placed */
  dla_pages sums;                            /* of the gradients of a step's parts so far */
  dla_pages gradients;                       /* only if the programs keep gradients apart */
  /* Parameters that no program has, such as those of a dead layer: each one's plain values, then
   * its states. Nothing computes with them, but checkpoints hold them. NULL: the parameter has
   * slots. */
  float **apart;
  int apart_count; /* the number of all parameters */
} dla_store;

/* The first program decides the places and allocates. The others must have the same sizes.
 * optimizer: NULL if nothing is trained. */
dla_status dla_store_place(dla_store *store, const dla_engine *engine, const dla_graph *graph,
                           const dla_program *program, const dla_optimizer *optimizer,
                           dla_error *err);
/* Sets data of the program's parameters and state, and its update arrays. */
void dla_store_bind(const dla_store *store, dla_program *program);
/* Returns the index of the program's value for a parameter's part, or -1 if there is no such
 * part. Its data points into `array`. */
int dla_store_find(const dla_store *store, const dla_program *program, int parameter, int part,
                   dla_parameter_array array, dla_value *value);
/* The plain values of a parameter that no program has; NULL: use dla_store_find(). */
float *dla_store_apart(const dla_store *store, const dla_graph *graph, int parameter,
                       dla_parameter_array array);
/* Sets the optimizer's states to zero. */
dla_status dla_store_clear_states(dla_store *store, const dla_engine *engine,
                                  const dla_graph *graph, dla_error *err);
/* A hash of the layout. It is equal on two machines only if the bytes mean the same on both. */
uint64_t dla_store_layout(const dla_store *store, const dla_program *program);
size_t dla_store_bytes(const dla_store *store);
void dla_store_free(dla_store *store, const dla_engine *engine);

#endif
