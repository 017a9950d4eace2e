/* How fast training or evaluation is, measured on synthetic images. */
#ifndef DLA_BENCHMARK_H
#define DLA_BENCHMARK_H

#include "base/isa.h"
#include "config/config.h"
#include "dla/dist.h"
#include "dla/network.h"

typedef struct dla_benchmark {
  dla_mode mode;
  int64_t batch, total; /* images in a step, of this rank and of all */
  int threads, steps, ranks;
  char backend[DLA_BACKEND_VERSION]; /* its version */
  double start;                      /* seconds from the process's start to the begin of step 1 */
  double first_step;                 /* and to its end */
  double median, min, max;           /* seconds a step */
  bool waits_known; /* of the threads' time in these steps, the parts that they spent waiting */
  double waited;    /* for each other: asleep */
  double ready;     /* for a processor that somebody else had */
  double disturbed; /* seconds a step beside a competitor; 0: not asked for */
  dla_isa isa;
  dla_precision precision;
  bool multiplies_bf16;   /* in that precision, so that the peak is one of bfloat16 */
  double product_flops;   /* what Winograd's products reach of the peak, likewise */
  double peak_flops;      /* the machine's FMA peak, measured in the same run */
  double peak_bandwidth;  /* its memory bandwidth, bytes a second, likewise */
  double step_flops;      /* of a step, its convolutions and linear layers computed directly */
  int64_t peak_rss;       /* bytes */
  dla_dist_cost exchange; /* of gradients with the other ranks, a step */
  dla_network *network;   /* owned, with program and timing, for the tables and the trace */
  const dla_program *program;
  dla_timing *timing; /* by instruction */
} dla_benchmark;

typedef struct dla_benchmark_options {
  dla_mode mode;
  int steps;      /* that are timed */
  bool disturbed; /* then as many again beside a competitor */
} dla_benchmark_options;

/* What an instruction computes, in a second, operations: of a convolution by Winograd's algorithm
 * those of its products, which are fewer than dla_instruction_flops() counts. */
double dla_benchmark_executed_flops(const dla_benchmark *benchmark, int instruction);

/* Of several ranks, all run it. */
dla_status dla_benchmark_run(const dla_config *config, const dla_benchmark_options *options,
                             dla_dist *dist, dla_benchmark *benchmark, dla_error *err);
void dla_benchmark_free(dla_benchmark *benchmark);

#endif
