/* dla-train bench [config.yaml]: how fast training is here, and where the time goes. */
#include <stdlib.h>

#include "cli/arguments.h"
#include "cli/output.h"
#include "cli/verb.h"
#include "train/benchmark.h"

enum { SLOWEST = 20, DEFAULT_STEPS = 10 };

typedef struct bench_options {
  bool json;
  const char *steps;
} bench_options;

static const dla_flag flags[] = {
    {"json", NULL, "print one JSON object", offsetof(bench_options, json)},
    {"steps", "N", "time N steps (default 10)", offsetof(bench_options, steps)},
    {0},
};

/* What the arithmetic of direct convolution allows at most: images a second at the FMA peak. */
static double direct_limit(const dla_benchmark *b)
{
  return b->peak_flops / (b->step_flops / (double)b->batch);
}

static double images_per_second(const dla_benchmark *b)
{
  return (double)b->batch / b->median;
}

static void write_summary(dla_strbuf *out, const dla_benchmark *b)
{
  dla_strbuf_printf(out, "batch %lld, %d threads, %d steps of synthetic images\n",
                    (long long)b->batch, b->threads, b->steps);
  dla_strbuf_printf(out, "step            %8.1f ms median, %.1f min, %.1f max\n", 1e3 * b->median,
                    1e3 * b->min, 1e3 * b->max);
  dla_strbuf_printf(out, "images/s        %8.1f\n", images_per_second(b));
  dla_strbuf_printf(out, "first step      %8.2f s after the start\n", b->first_step);
  dla_strbuf_printf(out,
                    "peak memory     %8.1f MB resident; planned: %.1f arena, %.1f parameters\n",
                    (double)b->peak_rss / 1e6, (double)b->program->arena_bytes / 1e6,
                    (double)dla_network_parameter_bytes(b->network) / 1e6);
  dla_strbuf_printf(out, "FMA peak        %8.1f GFLOP/s\n", 1e-9 * b->peak_flops);
  dla_strbuf_printf(out, "direct limit    %8.1f images/s at that peak; reached: %.2f times\n",
                    direct_limit(b), images_per_second(b) / direct_limit(b));
}

static void write_totals(dla_strbuf *out, const dla_benchmark *b)
{
  dla_strbuf_printf(out, "\n%-24s %-18s %10s %7s\n", "op", "pass", "ms", "share");
  for (int op = 0; op < DLA_OP_COUNT; op++)
    for (int pass = 0; pass < DLA_PASS_COUNT; pass++) {
      double seconds = 0;
      for (int i = 0; i < b->program->instruction_count; i++)
        if ((int)b->program->instruction[i].op == op &&
            (int)b->program->instruction[i].pass == pass)
          seconds += b->seconds[i];
      if (seconds > 0)
        dla_strbuf_printf(out, "%-24s %-18s %10.2f %6.1f%%\n", dla_op_name((dla_op_kind)op),
                          dla_pass_name((dla_pass)pass), 1e3 * seconds, 100 * seconds / b->median);
    }
}

/* The slowest instruction that is not listed yet. */
static int next_slowest(const dla_benchmark *b, const bool *listed)
{
  int slowest = -1;
  for (int i = 0; i < b->program->instruction_count; i++)
    if (!listed[i] && (slowest < 0 || b->seconds[i] > b->seconds[slowest])) slowest = i;
  return slowest;
}

static dla_status write_slowest(dla_strbuf *out, const dla_benchmark *b, dla_error *err)
{
  bool *listed = calloc((size_t)b->program->instruction_count, sizeof *listed);
  if (!listed) return dla_fail_memory(err, "the table");
  dla_strbuf_printf(out, "\n%-44s %-11s %-17s %9s %9s  %s\n", "slowest instructions", "op", "pass",
                    "ms", "GFLOP/s", "implementation");
  for (int n = 0; n < SLOWEST && n < b->program->instruction_count; n++) {
    int i = next_slowest(b, listed);
    const dla_instruction *instruction = &b->program->instruction[i];
    listed[i] = true;
    dla_strbuf_printf(out, "%-44s %-11s %-17s %9.2f %9.1f  %s\n", instruction->name,
                      dla_op_name(instruction->op), dla_pass_name(instruction->pass),
                      1e3 * b->seconds[i],
                      1e-9 * dla_instruction_flops(b->program, instruction) / b->seconds[i],
                      dla_network_implementation(b->network, b->program, i));
  }
  free(listed);
  return DLA_OK;
}

static void write_json(dla_strbuf *out, const dla_benchmark *b)
{
  dla_strbuf_printf(out,
                    "{\"batch\":%lld,\"threads\":%d,\"steps\":%d,\"step_seconds\":{\"median\":%.6g,"
                    "\"min\":%.6g,\"max\":%.6g},\"images_per_second\":%.6g,",
                    (long long)b->batch, b->threads, b->steps, b->median, b->min, b->max,
                    images_per_second(b));
  dla_strbuf_printf(out,
                    "\"first_step_seconds\":%.6g,\"peak_rss_bytes\":%lld,\"arena_bytes\":%zu,"
                    "\"parameter_bytes\":%zu,\"fma_peak_flops\":%.6g,"
                    "\"direct_limit_images_per_second\":%.6g}\n",
                    b->first_step, (long long)b->peak_rss, b->program->arena_bytes,
                    dla_network_parameter_bytes(b->network), b->peak_flops, direct_limit(b));
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

static dla_status bench(const dla_config *config, const bench_options *options, dla_error *err)
{
  dla_benchmark b = {0};
  int steps = 0;
  dla_status status = read_steps(options->steps, &steps, err);
  if (!status) status = dla_benchmark_run(config, steps, &b, err);
  if (status) return status;
  dla_strbuf out = {0};
  if (options->json) {
    write_json(&out, &b);
  } else {
    write_summary(&out, &b);
    write_totals(&out, &b);
    status = write_slowest(&out, &b, err);
  }
  dla_benchmark_free(&b);
  if (!status) return dla_cli_print(&out, err);
  dla_strbuf_free(&out);
  return status;
}

static dla_status run(const dla_verb *verb, int argc, char **argv, dla_error *err)
{
  dla_config config;
  bench_options options = {0};
  dla_status status = dla_cli_load_config(&config, verb, argc, argv, &options, err);
  if (status) return status;
  status = bench(&config, &options, err);
  dla_config_free(&config);
  return status;
}

const dla_verb dla_verb_bench = {
    .name = "bench",
    .summary = "measure training speed, memory, and where the time goes",
    .flags = flags,
    .run = run,
};
