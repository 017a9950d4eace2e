/* Prints the results of `dla-train bench`. */
#ifndef DLA_CLI_BENCH_H
#define DLA_CLI_BENCH_H

#include "base/strbuf.h"
#include "train/benchmark.h"

/* The time by op and pass, each with its shares of the machine's FMA peak and memory bandwidth;
 * then the slowest instructions. */
dla_status dla_bench_tables(dla_strbuf *out, const dla_benchmark *benchmark, dla_error *err);

/* Writes the last step as a Chrome trace (chrome://tracing, https://ui.perfetto.dev). */
dla_status dla_bench_trace(const char *path, const dla_benchmark *benchmark, dla_error *err);

/* Times only the loader, for so many batches. */
dla_status dla_bench_loader(dla_config *config, int batches, bool evaluation, bool json,
                            dla_dist *dist, dla_error *err);

#endif
