/* How `dla-train bench` shows what was measured. */
#ifndef DLA_CLI_BENCH_H
#define DLA_CLI_BENCH_H

#include "base/strbuf.h"
#include "train/benchmark.h"

/* Where the time goes: by op and pass, with the shares of the machine's FMA peak and memory
 * bandwidth that each reaches; then the slowest instructions. */
dla_status dla_bench_tables(dla_strbuf *out, const dla_benchmark *benchmark, dla_error *err);

/* Writes the last step as a Chrome trace (chrome://tracing, https://ui.perfetto.dev). */
dla_status dla_bench_trace(const char *path, const dla_benchmark *benchmark, dla_error *err);

/* Times the loader alone: `batches` of it. */
dla_status dla_bench_loader(dla_config *config, int batches, bool evaluation, bool json,
                            dla_dist *dist, dla_error *err);

#endif
