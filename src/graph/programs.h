/* What the files of a network share: the network itself, and its programs. */
#ifndef DLA_GRAPH_PROGRAMS_H
#define DLA_GRAPH_PROGRAMS_H

#include "dla/network.h"
#include "graph/exchange.h"
#include "graph/memory.h"
#include "graph/store.h"

/* A program with its backend's plan. */
typedef struct dla_compiled {
  const dla_graph *graph;
  dla_program *program;
  void *plan;
  bool bound;            /* to the arena at its present address */
  dla_timing *timing;    /* by instruction; only while profiling */
  dla_exchange exchange; /* of gradients with other ranks */
} dla_compiled;

struct dla_network {
  dla_graph *graph;
  dla_graph **other_sizes; /* the same parameters for images of other sizes */
  int other_size_count;
  const dla_graph *steps; /* the graph of the training steps: one of these */
  dla_engine engine;
  dla_tuning *tuning;             /* NULL: no tuning */
  const dla_optimizer *optimizer; /* NULL: only for evaluation */
  dla_parameter_groups *groups;   /* likewise */
  double clip_grad_norm;          /* 0: gradients stay as they are */
  uint64_t seed;                  /* of the layers' dropout */
  int accumulate;                 /* parts of a step; at least 1 */
  dla_precision precision;
  bool recompute, sync_bn;
  dla_dist *dist; /* NULL: this process trains alone */
  dla_compiled *compiled;
  int count;
  dla_store store;
  dla_pages arena;
  /* The program that ran last, if the results of its DLA_PASS_PREPARE instructions are still in
   * the arena and up to date. */
  const dla_program *prepared;
};

/* The program of a mode and batch size; NULL: not compiled. */
dla_compiled *dla_network_find(const dla_network *net, dla_mode mode, int64_t batch);

/* Compiles the program for so many samples at once, unless it exists. */
dla_status dla_network_compile(dla_network *net, dla_mode mode, int64_t batch, dla_error *err);

/* Gives all of the program's values their data. Makes the arena large enough. */
dla_status dla_network_bind(dla_network *net, dla_compiled *compiled, dla_error *err);

#endif
