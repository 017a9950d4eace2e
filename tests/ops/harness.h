/* Runs a graph's program on one backend with memory of the test's own. */
#ifndef DLA_TEST_HARNESS_H
#define DLA_TEST_HARNESS_H

#include "dla/backend.h"
#include "graph/internal.h"
#include "graph/memory.h"

typedef struct harness {
  const dla_graph *graph;
  dla_engine engine;
  void *plan;
  dla_program *program;
  dla_pages arena; /* every value's bytes, or the planned arena */
  /* In one order, as the update wants them. */
  dla_pages parameters, optimizer[DLA_OPTIMIZER_STATES];
  dla_pages running; /* running statistics */
} harness;

typedef struct harness_options {
  dla_mode mode;
  int64_t batch;
  bool share; /* values share memory as the memory plan says; otherwise each has its own */
  dla_convolution convolution;
  bool rewrite; /* dla_lower()'s */
  bool bf16;    /* images are BF16 */
  bool convert; /* with bf16: around every instruction, whatever the backend takes */
} harness_options;

/* Plans, allocates, binds, and fills input, labels, parameters and state with a fixed pattern that
 * depends only on names. What is not filled is NaN. Close it whatever it returned. */
dla_status harness_open(harness *h, const dla_graph *graph, const dla_backend *backend,
                        harness_options options, dla_error *err);
void harness_close(harness *h);

/* A group's teardown: a device stays open until then. */
int harness_end(void **state);

/* All instructions of the passes in the mask (1 << DLA_PASS_...). */
dla_status harness_run(harness *h, unsigned passes, dla_error *err);
/* Where a backend computes on devices, the first is as good as any. */
#define TEST_DEVICE "0"

#define HARNESS_FORWARD   (1u << DLA_PASS_FORWARD)
#define HARNESS_UPDATE    (1u << DLA_PASS_UPDATE)
#define HARNESS_GRADIENTS (((1u << DLA_PASS_COUNT) - 1) & ~HARNESS_UPDATE)

/* A whole parameter (or its gradient: kind) in plain order, whatever parts the program has it in.
 */
dla_status harness_read(harness *h, dla_value_kind kind, int parameter, float *plain,
                        dla_error *err);
dla_status harness_write(harness *h, dla_value_kind kind, int parameter, const float *plain,
                         dla_error *err);

/* The elements of a value (float, or int32 as they are), to be freed; ends the test on failure. */
void *harness_elements(const harness *h, const dla_value *value);

/* The mean loss in double, from the logits: float is too coarse for differences. */
double harness_loss(const harness *h);

/* Pseudo-random, uniform in [-1, 1), of a name and an index. */
float harness_pattern(const char *name, size_t index);

/* malloc() at a multiple of 64; every byte is `fill`. Ends the test when there is no memory. */
void *harness_memory(size_t bytes, int fill);

#endif
