/* Where parameters live: flat arrays of all parameters, of their momentum, and where several ranks
 * train, of their gradients, in which a parameter (or a part of it) has the same place; and one of
 * the running statistics. */
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
  dla_pages momentum;  /* only for training */
  dla_pages gradients; /* only where the programs' gradients are apart */
  /* Of each parameter that no program has, as of a dead layer: its plain values, then its momentum.
   * Nothing computes with them, but checkpoints hold them. NULL: it has slots. */
  float **apart;
  int apart_count; /* all parameters */
} dla_store;

/* The first program decides the places and allocates; the others must have the same sizes. */
dla_status dla_store_place(dla_store *store, const dla_engine *engine, const dla_graph *graph,
                           const dla_program *program, bool training, dla_error *err);
/* Sets data of the program's parameters and state, and its update arrays. */
void dla_store_bind(const dla_store *store, dla_program *program);
/* The program's value of a parameter's part (its index is returned, -1: no such part), with data
 * where `array` has it. */
int dla_store_find(const dla_store *store, const dla_program *program, int parameter, int part,
                   dla_parameter_array array, dla_value *value);
/* The plain values of a parameter that no program has; NULL: dla_store_find() has it. */
float *dla_store_apart(const dla_store *store, const dla_graph *graph, int parameter,
                       dla_parameter_array array);
/* Makes momentum of those zeros. */
void dla_store_clear_apart(dla_store *store, const dla_graph *graph);
/* The same number on two machines only if a copy of the arrays' bytes means the same on both. */
uint64_t dla_store_layout(const dla_store *store, const dla_program *program);
size_t dla_store_bytes(const dla_store *store);
void dla_store_free(dla_store *store, const dla_engine *engine);

#endif
