/* dla-train bench [config.yaml]: how fast training is on this machine, and where the time goes. */
#include <stdlib.h>

#include "base/json.h"
#include "base/plural.h"
#include "base/try.h"
#include "cli/arguments.h"
#include "cli/bench.h"
#include "cli/output.h"
#include "cli/ranks.h"
#include "cli/verb.h"

enum { DEFAULT_STEPS = 10 };

typedef struct bench_options {
  bool json, evaluation, disturbed, loader;
  const char *steps, *trace;
} bench_options;

static const dla_flag flags[] = {
    {"json", NULL, "print one JSON object", offsetof(bench_options, json)},
    {"steps", "N", "time N steps (default 10)", offsetof(bench_options, steps)},
    {"evaluation", NULL, "time the evaluation, in batches of train.test_batch_size",
     offsetof(bench_options, evaluation)},
    {"loader", NULL, "time only the loader: how many images a second it prepares of dataset.path",
     offsetof(bench_options, loader)},
    {"disturbed", NULL, "then time as many steps beside a process that keeps a processor busy",
     offsetof(bench_options, disturbed)},
    {"trace", "FILE", "write the last step to FILE for chrome://tracing or ui.perfetto.dev",
     offsetof(bench_options, trace)},
    {0},
};

/* The most images a second that direct convolution allows: its arithmetic at the FMA peak. */
static double direct_limit(const dla_benchmark *b)
{
  return b->ranks * b->peak_flops / (b->step_flops / (double)b->batch);
}

static double images_per_second(const dla_benchmark *b)
{
  return (double)b->total / b->median;
}

static void write_exchange(dla_strbuf *out, const dla_benchmark *b)
{
  const dla_dist_cost *x = &b->exchange;
  dla_strbuf_printf(out,
                    "gradients       %8.1f MB summed a step; %.1f ms to begin, %.1f to move them "
                    "along, %.1f of waiting that the backward pass did not hide\n",
                    1e-6 * x->bytes, 1e3 * x->begun, 1e3 * x->progress, 1e3 * x->waited);
}

static void write_disturbance(dla_strbuf *out, const dla_benchmark *b)
{
  if (b->waits_known)
    dla_strbuf_printf(out,
                      "threads waited  %8.1f %% of their time for each other, %.1f %% for a "
                      "processor\n",
                      100 * b->waited, 100 * b->ready);
  if (b->disturbed <= 0) return;
  dla_strbuf_printf(out,
                    "disturbed       %8.1f images/s beside a busy process, %.2f of the rate "
                    "without",
                    (double)b->total / b->disturbed, b->median / b->disturbed);
  if (b->competitor > 0)
    dla_strbuf_printf(out, "; that process had %.2f of a processor", b->competitor);
  dla_strbuf_printf(out, "\n");
}

static void write_summary(dla_strbuf *out, const dla_benchmark *b)
{
  dla_strbuf_printf(out, "%s%s, batch %lld, %d thread%s, %d step%s of synthetic images\n",
                    b->mode == DLA_MODE_TRAINING ? "training" : "evaluation",
                    b->precision == DLA_PRECISION_BF16 ? " in bf16" : "", (long long)b->batch,
                    b->threads, dla_plural((uint64_t)b->threads), b->steps,
                    dla_plural((uint64_t)b->steps));
  dla_strbuf_printf(out, "backend         %s\n", b->backend);
  if (b->ranks > 1)
    dla_strbuf_printf(out, "ranks           %8d, together %lld images a step\n", b->ranks,
                      (long long)b->total);
  dla_strbuf_printf(out, "step            %8.1f ms median, %.1f min, %.1f max\n", 1e3 * b->median,
                    1e3 * b->min, 1e3 * b->max);
  dla_strbuf_printf(out, "images/s        %8.1f\n", images_per_second(b));
  write_disturbance(out, b);
  if (b->ranks > 1) write_exchange(out, b);
  dla_strbuf_printf(out, "first step      %8.2f s after the process's start, done at %.2f s\n",
                    b->start, b->first_step);
  dla_strbuf_printf(out,
                    "peak memory     %8.1f MB resident; planned: %.1f arena, %.1f parameters\n",
                    (double)b->peak_rss / 1e6, (double)b->program->arena_bytes / 1e6,
                    (double)dla_network_parameter_bytes(b->network) / 1e6);
  dla_strbuf_printf(out, "machine's peak  %8.1f GFLOP/s (%s, %s), %.1f GB/s (dst = a + b)\n",
                    1e-9 * b->peak_flops, b->multiplies_bf16 ? "products of bf16" : "FMA",
                    dla_isa_name(b->isa), 1e-9 * b->peak_bandwidth);
  dla_strbuf_printf(out, "products        %8.1f GFLOP/s, %.1f %% of that peak\n",
                    1e-9 * b->product_flops, 100 * b->product_flops / b->peak_flops);
  dla_strbuf_printf(out, "direct limit    %8.1f images/s at that peak; reached: %.2f times\n",
                    direct_limit(b), images_per_second(b) / direct_limit(b));
}

static void write_json(dla_strbuf *out, const dla_benchmark *b)
{
  dla_json json = dla_json_begin(out);
  dla_json_text(&json, "mode", b->mode == DLA_MODE_TRAINING ? "training" : "evaluation");
  dla_json_text(&json, "precision", b->precision == DLA_PRECISION_BF16 ? "bf16" : "f32");
  dla_json_text(&json, "backend", b->backend);
  dla_json_integer(&json, "batch", b->batch);
  dla_json_integer(&json, "threads", b->threads);
  dla_json_integer(&json, "steps", b->steps);
  dla_json_begin_object(&json, "step_seconds");
  dla_json_number(&json, "median", b->median);
  dla_json_number(&json, "min", b->min);
  dla_json_number(&json, "max", b->max);
  dla_json_end_object(&json);
  dla_json_number(&json, "images_per_second", images_per_second(b));
  if (b->waits_known) {
    dla_json_number(&json, "waited_share", b->waited);
    dla_json_number(&json, "ready_share", b->ready);
  }
  if (b->disturbed > 0)
    dla_json_number(&json, "disturbed_images_per_second", (double)b->total / b->disturbed);
  if (b->competitor > 0) dla_json_number(&json, "competitor_processors", b->competitor);
  dla_json_integer(&json, "ranks", b->ranks);
  dla_json_integer(&json, "total_batch", b->total);
  dla_json_number(&json, "sum_bytes", b->exchange.bytes);
  dla_json_number(&json, "sum_begin_seconds", b->exchange.begun);
  dla_json_number(&json, "sum_progress_seconds", b->exchange.progress);
  dla_json_number(&json, "sum_wait_seconds", b->exchange.waited);
  dla_json_number(&json, "start_seconds", b->start);
  dla_json_number(&json, "first_step_seconds", b->first_step);
  dla_json_integer(&json, "peak_rss_bytes", b->peak_rss);
  dla_json_bytes(&json, "arena_bytes", b->program->arena_bytes);
  dla_json_bytes(&json, "parameter_bytes", dla_network_parameter_bytes(b->network));
  dla_json_text(&json, "isa", dla_isa_name(b->isa));
  dla_json_number(&json, "fma_peak_flops", b->peak_flops);
  dla_json_number(&json, "product_flops", b->product_flops);
  dla_json_number(&json, "memory_bandwidth", b->peak_bandwidth);
  dla_json_number(&json, "direct_limit_images_per_second", direct_limit(b));
  dla_json_end_line(&json);
}

static dla_status read_steps(const char *text, int *steps, dla_error *err)
{
  char *end = NULL;
  long value = text ? strtol(text, &end, 10) : DEFAULT_STEPS;
  if (text && (end == text || *end || value < 1 || value > 100000))
    return dla_fail(err, DLA_E_INPUT, "--steps", NULL, "must be a whole number from 1 to 100000");
  *steps = (int)value;
  return DLA_OK;
}

static dla_status bench(const dla_config *config, const bench_options *options, dla_dist *dist,
                        dla_error *err)
{
  dla_benchmark b = {0};
  dla_benchmark_options run = {
      .mode = options->evaluation ? DLA_MODE_INFERENCE : DLA_MODE_TRAINING,
      .disturbed = options->disturbed,
  };
  dla_status status = read_steps(options->steps, &run.steps, err);
  if (!status) status = dla_benchmark_run(config, &run, dist, &b, err);
  if (status || dla_dist_rank(dist) > 0) {
    dla_benchmark_free(&b);
    return status;
  }
  dla_strbuf out = {0};
  if (options->trace) status = dla_bench_trace(options->trace, &b, err);
  if (options->json) {
    write_json(&out, &b);
  } else {
    write_summary(&out, &b);
    if (!status) status = dla_bench_tables(&out, &b, err);
  }
  dla_benchmark_free(&b);
  if (!status) return dla_cli_print(&out, err);
  dla_strbuf_free(&out);
  return status;
}

static dla_status measure(dla_config *config, const bench_options *options, dla_dist *dist,
                          dla_error *err)
{
  int batches;
  if (!options->loader) return bench(config, options, dist, err);
  TRY(read_steps(options->steps, &batches, err));
  return dla_bench_loader(config, batches, options->evaluation, options->json, dist, err);
}

static dla_status run(const dla_verb *verb, int argc, char **argv, dla_error *err)
{
  dla_config config;
  bench_options options = {0};
  dla_cli_ranks ranks;
  TRY(dla_cli_ranks_begin(&ranks, err));
  dla_status status = dla_cli_load_config(&config, verb, argc, argv, &options, err);
  dla_status agreed = dla_cli_ranks_agree(&ranks, status, err);
  if (!agreed)
    agreed = dla_cli_ranks_agree(&ranks, measure(&config, &options, ranks.dist, err), err);
  if (!status) dla_config_free(&config);
  return dla_cli_ranks_end(&ranks, agreed, err);
}

const dla_verb dla_verb_bench = {
    .name = "bench",
    .summary = "measure training speed, memory, and where the time goes",
    .flags = flags,
    .parallel = true,
    .run = run,
};
