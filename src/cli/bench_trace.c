#include "base/atomic_file.h"
#include "cli/bench.h"

/* The format: "Trace Event Format" (Google), complete events, times in microseconds. */
static void write_event(dla_strbuf *out, const dla_benchmark *b, int instruction, double origin)
{
  const dla_instruction *i = &b->program->instruction[instruction];
  const dla_timing *t = &b->timing[instruction];
  double flops = dla_instruction_flops(b->program, i);
  double bytes = dla_instruction_bytes(b->program, i);
  dla_strbuf_printf(out, "%s{\"name\":", instruction ? ",\n" : "");
  dla_strbuf_json_string(out, i->name);
  dla_strbuf_printf(out,
                    ",\"cat\":\"%s\",\"ph\":\"X\",\"pid\":1,\"tid\":1,\"ts\":%.3f,\"dur\":%.3f,",
                    dla_pass_name(i->pass), 1e6 * (t->start - origin), 1e6 * t->last);
  dla_strbuf_printf(out,
                    "\"args\":{\"op\":\"%s\",\"pass\":\"%s\",\"implementation\":\"%s\","
                    "\"gflops\":%.1f,\"gigabytes_per_second\":%.1f}}",
                    dla_op_name(i->op), dla_pass_name(i->pass),
                    dla_network_implementation(b->network, b->program, instruction),
                    t->last > 0 ? 1e-9 * flops / t->last : 0,
                    t->last > 0 ? 1e-9 * bytes / t->last : 0);
}

dla_status dla_bench_trace(const char *path, const dla_benchmark *b, dla_error *err)
{
  dla_strbuf out = {0};
  dla_strbuf_printf(&out, "{\"displayTimeUnit\":\"ms\",\"traceEvents\":[\n");
  for (int i = 0; i < b->program->instruction_count; i++)
    write_event(&out, b, i, b->timing[0].start);
  dla_strbuf_printf(&out, "\n]}\n");
  dla_status status = out.failed ? dla_fail_memory(err, "the trace")
                                 : dla_atomic_replace(path, out.text, out.length, err);
  dla_strbuf_free(&out);
  return status;
}
