/* How fast training is, measured on synthetic images. */
#ifndef DLA_BENCHMARK_H
#define DLA_BENCHMARK_H

#include "config/config.h"
#include "dla/network.h"

typedef struct dla_benchmark {
  int64_t batch;
  int threads, steps;
  double first_step;       /* seconds from the start of the process's work to the end of step 1 */
  double median, min, max; /* seconds a step */
  double peak_flops;       /* the machine's FMA peak, measured in the same run */
  double step_flops;       /* of a step, its convolutions and linear layers computed directly */
  int64_t peak_rss;        /* bytes */
  dla_network *network;    /* owned, with program and seconds, for the table of instructions */
  const dla_program *program;
  double *seconds; /* a step, by instruction */
} dla_benchmark;

dla_status dla_benchmark_run(const dla_config *config, int steps, dla_benchmark *benchmark,
                             dla_error *err);
void dla_benchmark_free(dla_benchmark *benchmark);

#endif
