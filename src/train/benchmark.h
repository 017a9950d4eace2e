/* Measures the speed of training or evaluation on synthetic images. */
#ifndef DLA_BENCHMARK_H
#define DLA_BENCHMARK_H

#include "base/isa.h"
#include "config/config.h"
#include "dla/dist.h"
#include "dla/network.h"

typedef struct dla_benchmark {
  dla_mode mode;
  int64_t batch, total; /* images per step, of this rank and of all ranks */
  int threads, steps, ranks;
  char backend[DLA_BACKEND_VERSION]; /* its version */
  double start;                      /* seconds from the start of the process to the start of step
                                      * 1 */
  double first_step;                 /* seconds from the start of the process to the end of
                                      * step 1 */
  double median, min, max;           /* seconds per step */
  bool waits_known;  /* are waited and ready known? They are shares of the threads' time in these
                      * steps */
  double waited;     /* waiting for other threads, asleep */
  double ready;      /* waiting for a processor that another process uses */
  double disturbed;  /* seconds per step beside a competitor; 0: not measured */
  double competitor; /* the processors that the competitor had; 0: not known */
  dla_isa isa;
  dla_precision precision;
  bool multiplies_bf16;   /* the precision multiplies bfloat16, so peak_flops is for bfloat16 */
  double product_flops;   /* the rate of Winograd's products, measured in the same run */
  double peak_flops;      /* the machine's FMA peak, measured in the same run */
  double peak_bandwidth;  /* bytes per second, measured in the same run */
  double step_flops;      /* per step, as if convolutions and linear layers were computed
                           * directly */
  int64_t peak_rss;       /* bytes */
  dla_dist_cost exchange; /* of gradients with the other ranks, per step */
  dla_network *network;   /* owned; kept with program and timing for the tables and the trace */
  const dla_program *program;
  dla_timing *timing; /* by instruction */
} dla_benchmark;

typedef struct dla_benchmark_options {
  dla_mode mode;
  int steps;      /* steps to time */
  bool disturbed; /* then time as many again beside a competitor */
} dla_benchmark_options;

/* Operations that an instruction executes. Winograd's algorithm needs fewer than
 * dla_instruction_flops() counts. */
double dla_benchmark_executed_flops(const dla_benchmark *benchmark, int instruction);

/* With several ranks, all must call it. */
dla_status dla_benchmark_run(const dla_config *config, const dla_benchmark_options *options,
                             dla_dist *dist, dla_benchmark *benchmark, dla_error *err);
void dla_benchmark_free(dla_benchmark *benchmark);

#endif
