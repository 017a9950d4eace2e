#include <math.h>
#include <stdlib.h>

#include "cli/bench.h"

enum { SLOWEST = 20 };
#define MOST_SHARE 1.05

static double seconds_of(const dla_benchmark *b, int instruction)
{
  return b->timing[instruction].total / b->steps;
}

/* Writes a line of the first table, for all instructions of an op and a pass. Returns their share
 * of the FMA peak. */
static double write_group(dla_strbuf *out, const dla_benchmark *b, dla_op_kind op, dla_pass pass)
{
  double seconds = 0, flops = 0, executed = 0, bytes = 0;
  for (int i = 0; i < b->program->instruction_count; i++) {
    const dla_instruction *instruction = &b->program->instruction[i];
    if (instruction->op != op || instruction->pass != pass) continue;
    seconds += seconds_of(b, i);
    flops += dla_instruction_flops(b->program, instruction);
    executed += dla_benchmark_executed_flops(b, i);
    bytes += dla_instruction_bytes(b->program, instruction);
  }
  if (seconds <= 0) return 0;
  double share = executed / seconds / b->peak_flops;
  dla_strbuf_printf(out, "%-22s %-17s %9.2f %6.1f%%", dla_op_name(op), dla_pass_name(pass),
                    1e3 * seconds, 100 * seconds / b->median);
  if (flops > 0)
    dla_strbuf_printf(out, " %9.1f %6.1f%%", 1e-9 * flops / seconds, 100 * share);
  else
    dla_strbuf_printf(out, " %9s %7s", "-", "-");
  dla_strbuf_printf(out, " %7.1f %6.1f%%\n", 1e-9 * bytes / seconds,
                    100 * bytes / seconds / b->peak_bandwidth);
  return share;
}

/* Nothing can be faster than the peak. If something is, the peak or the times were measured
 * wrong. */
static void write_doubt(dla_strbuf *out, double most)
{
  if (most > MOST_SHARE)
    dla_strbuf_printf(
        out,
        "%.0f %% of the peak cannot be: the measurement is wrong, perhaps because the "
        "machine was busy meanwhile\n",
        100 * most);
}

/* The slowest instruction that is not listed yet. */
static int next_slowest(const dla_benchmark *b, const bool *listed)
{
  int slowest = -1;
  for (int i = 0; i < b->program->instruction_count; i++)
    if (!listed[i] && (slowest < 0 || b->timing[i].total > b->timing[slowest].total)) slowest = i;
  return slowest;
}

static void write_slowest(dla_strbuf *out, const dla_benchmark *b, bool *listed)
{
  dla_strbuf_printf(out, "\n%-44s %-11s %-17s %9s %9s  %s\n", "slowest instructions", "op", "pass",
                    "ms", "GFLOP/s", "implementation");
  for (int n = 0; n < SLOWEST && n < b->program->instruction_count; n++) {
    int i = next_slowest(b, listed);
    const dla_instruction *instruction = &b->program->instruction[i];
    listed[i] = true;
    dla_strbuf_printf(out, "%-44s %-11s %-17s %9.2f %9.1f  %s\n", instruction->name,
                      dla_op_name(instruction->op), dla_pass_name(instruction->pass),
                      1e3 * seconds_of(b, i),
                      1e-9 * dla_instruction_flops(b->program, instruction) / seconds_of(b, i),
                      dla_network_implementation(b->network, b->program, i));
  }
}

dla_status dla_bench_tables(dla_strbuf *out, const dla_benchmark *b, dla_error *err)
{
  bool *listed = calloc((size_t)b->program->instruction_count, sizeof *listed);
  if (!listed) return dla_fail_memory(err, "the table");
  double most = b->product_flops / b->peak_flops;
  dla_strbuf_printf(out, "\n%-22s %-17s %9s %7s %9s %7s %7s %7s\n", "op", "pass", "ms", "share",
                    "GFLOP/s", "of peak", "GB/s", "of peak");
  for (int op = 0; op < DLA_OP_COUNT; op++)
    for (int pass = 0; pass < DLA_PASS_COUNT; pass++)
      most = fmax(most, write_group(out, b, (dla_op_kind)op, (dla_pass)pass));
  write_doubt(out, most);
  write_slowest(out, b, listed);
  free(listed);
  return DLA_OK;
}
