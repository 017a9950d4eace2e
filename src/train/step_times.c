#include "train/step_times.h"

#include <stdlib.h>

/* Timing waits for each instruction, which costs a device such as OpenCL's its queue. The first
 * step also faults pages in, so the second one is timed first. */
enum { EVERY = 16, FIRST = 1 };

struct dla_step_times {
  dla_network *network;
  const dla_program *program; /* the network's, of a whole batch */
  dla_timing *timing;         /* by instruction */
};

/* Samples that this rank has in a whole batch. */
static int64_t samples(const dla_config *config, const dla_experiment *x)
{
  const size_t batch = (size_t)dla_experiment_batch(config, x->dist);
  const size_t whole = x->train->count < batch ? x->train->count : batch;
  const size_t share = dla_share_of(whole, dla_dist_rank(x->dist), dla_dist_size(x->dist)).count;
  return share ? (int64_t)share : 1;
}

dla_status dla_step_times_create(const dla_config *config, const dla_experiment *x,
                                 dla_step_times **out, dla_error *err)
{
  dla_step_times *times = calloc(1, sizeof *times);
  if (!times) return dla_fail_memory(err, "the times of ops");
  times->network = x->network;
  dla_status status =
      dla_network_prepare(x->network, DLA_MODE_TRAINING, samples(config, x), &times->program, err);
  if (!status) {
    times->timing = calloc((size_t)times->program->instruction_count, sizeof *times->timing);
    if (!times->timing) status = dla_fail_memory(err, "the times of ops");
  }
  if (!status)
    *out = times;
  else
    dla_step_times_free(times);
  return status;
}

void dla_step_times_free(dla_step_times *times)
{
  if (!times) return;
  if (times->program) dla_network_profile(times->network, times->program, NULL);
  free(times->timing);
  free(times);
}

void dla_step_times_before(dla_step_times *times, int64_t step)
{
  if (step % EVERY == FIRST)
    dla_network_profile(times->network, times->program, times->timing);
  else if (step % EVERY == FIRST + 1)
    dla_network_profile(times->network, times->program, NULL);
}

static double seconds_of(const dla_step_times *times, int op, int pass)
{
  double seconds = 0;
  for (int i = 0; i < times->program->instruction_count; i++) {
    const dla_instruction *instruction = &times->program->instruction[i];
    if ((int)instruction->op == op && (int)instruction->pass == pass)
      seconds += times->timing[i].total;
  }
  return seconds;
}

void dla_step_times_write(const dla_step_times *times, dla_json *json)
{
  dla_json_begin_array(json, "ops");
  for (int op = 0; op < DLA_OP_COUNT; op++)
    for (int pass = 0; pass < DLA_PASS_COUNT; pass++) {
      const double seconds = seconds_of(times, op, pass);
      if (!(seconds > 0)) continue;
      dla_json_begin_object(json, NULL);
      dla_json_text(json, "op", dla_op_name((dla_op_kind)op));
      dla_json_text(json, "pass", dla_pass_name((dla_pass)pass));
      dla_json_number(json, "seconds", seconds);
      dla_json_end_object(json);
    }
  dla_json_end_array(json);
}
