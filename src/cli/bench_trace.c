#include <math.h>

#include "base/atomic_file.h"
#include "base/json.h"
#include "cli/bench.h"

/* Rounds to nanoseconds. */
static double microseconds(double seconds)
{
  return round(1e9 * seconds) / 1e3;
}

static double giga_a_second(double amount, double seconds)
{
  return seconds > 0 ? round(1e-8 * amount / seconds) / 10 : 0;
}

/* The format: "Trace Event Format" (Google), complete events, times in microseconds. */
static void write_event(dla_json *json, const dla_benchmark *b, int instruction, double origin)
{
  const dla_instruction *i = &b->program->instruction[instruction];
  const dla_timing *t = &b->timing[instruction];
  dla_json_new_line(json);
  dla_json_begin_object(json, NULL);
  dla_json_text(json, "name", i->name);
  dla_json_text(json, "cat", dla_pass_name(i->pass));
  dla_json_text(json, "ph", "X");
  dla_json_integer(json, "pid", 1);
  dla_json_integer(json, "tid", 1);
  dla_json_number(json, "ts", microseconds(t->start - origin));
  dla_json_number(json, "dur", microseconds(t->last));
  dla_json_begin_object(json, "args");
  dla_json_text(json, "op", dla_op_name(i->op));
  dla_json_text(json, "pass", dla_pass_name(i->pass));
  dla_json_text(json, "implementation",
                dla_network_implementation(b->network, b->program, instruction));
  dla_json_number(json, "gflops", giga_a_second(dla_instruction_flops(b->program, i), t->last));
  dla_json_number(json, "gigabytes_per_second",
                  giga_a_second(dla_instruction_bytes(b->program, i), t->last));
  dla_json_end_object(json);
  dla_json_end_object(json);
}

dla_status dla_bench_trace(const char *path, const dla_benchmark *b, dla_error *err)
{
  dla_strbuf out = {0};
  dla_json json = dla_json_begin(&out);
  dla_json_text(&json, "displayTimeUnit", "ms");
  dla_json_begin_array(&json, "traceEvents");
  for (int i = 0; i < b->program->instruction_count; i++)
    write_event(&json, b, i, b->timing[0].start);
  dla_json_end_array(&json);
  dla_json_end_line(&json);
  dla_status status = out.failed ? dla_fail_memory(err, "the trace")
                                 : dla_atomic_replace(path, out.text, out.length, err);
  dla_strbuf_free(&out);
  return status;
}
