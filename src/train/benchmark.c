#include "train/benchmark.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>

#include "base/clock.h"
#include "base/philox.h"
#include "base/thread_time.h"
#include "dla/backend.h"
#include "kernels/kernels.h"
#include "kernels/leaf.h"
#include "train/competitor.h"
#include "train/experiment.h"
#include "train/tuning_cache.h"

/* Random numbers in the range of normalised pixels. */
static void fill(float *images, int64_t count, int32_t *labels, int64_t batch, int64_t classes)
{
  dla_random random = dla_random_at(1, DLA_RANDOM_WEIGHTS, 0, 0);
  for (int64_t i = 0; i < count; i++)
    images[i] = 4 * dla_random_float(&random) - 2;
  for (int64_t n = 0; n < batch; n++)
    labels[n] = (int32_t)dla_random_below(&random, (uint32_t)classes);
}

static int by_value(const void *a, const void *b)
{
  double x = *(const double *)a, y = *(const double *)b;
  return (x > y) - (x < y);
}

/* The input of a step. */
typedef struct material {
  float *images;
  int32_t *labels;
  dla_update_numbers numbers;
  dla_batch_share share;
} material;

static dla_status step(dla_benchmark *b, const material *m, dla_error *err)
{
  dla_result result;
  const dla_batch_labels labels = {.own = m->labels};
  if (b->mode == DLA_MODE_TRAINING)
    return dla_network_train_share(b->network, m->images, &labels, b->batch, &m->share, &m->numbers,
                                   &result, err);
  return dla_network_evaluate(b->network, m->images, m->labels, b->batch, NULL, &result, err);
}

/* The cost per step of the steps since `before`. */
static dla_dist_cost cost_since(const dla_dist_cost *before, const dla_dist *dist, int steps)
{
  dla_dist_cost now = dla_dist_cost_so_far(dist);
  return (dla_dist_cost){(now.bytes - before->bytes) / steps, (now.begun - before->begun) / steps,
                         (now.progress - before->progress) / steps,
                         (now.waited - before->waited) / steps};
}

static double median_of(double *time, int count)
{
  qsort(time, (size_t)count, sizeof *time, by_value);
  return (time[(count - 1) / 2] + time[count / 2]) / 2;
}

static dla_status repeat(dla_benchmark *b, const material *m, double *time, dla_error *err)
{
  dla_status status = DLA_OK;
  for (int i = 0; i < b->steps && !status; i++) {
    double start = dla_clock();
    status = step(b, m, err);
    time[i] = dla_clock() - start;
  }
  return status;
}

/* Notes the share of `elapsed` seconds in which the threads did not compute. */
static void note_waits(dla_benchmark *b, const dla_thread_time *before, double elapsed)
{
  dla_thread_time now;
  b->waits_known = dla_thread_time_now(&now);
  double all = elapsed * b->threads;
  b->ready = (now.ready - before->ready) / all;
  b->waited = 1 - (now.ran - before->ran) / all - b->ready;
  if (b->waited < 0) b->waited = 0;
}

static dla_status time_undisturbed(dla_benchmark *b, const material *m, double *time,
                                   dla_dist *dist, dla_error *err)
{
  b->start = dla_process_age();
  dla_status status = step(b, m, err);
  b->first_step = dla_process_age();
  /* A second untimed step, until caches and page tables have settled. */
  if (!status) status = step(b, m, err);
  dla_network_profile(b->network, b->program, b->timing);
  dla_dist_cost cost = dla_dist_cost_so_far(dist);
  dla_thread_time before;
  dla_thread_time_now(&before);
  double start = dla_clock();
  if (!status) status = repeat(b, m, time, err);
  note_waits(b, &before, dla_clock() - start);
  b->exchange = cost_since(&cost, dist, b->steps);
  b->median = dla_dist_max(dist, median_of(time, b->steps));
  b->min = time[0];
  b->max = time[b->steps - 1];
  return status;
}

static dla_status time_disturbed(dla_benchmark *b, const material *m, double *time, dla_dist *dist,
                                 dla_error *err)
{
  pid_t competitor;
  dla_thread_time before, after;
  dla_network_profile(b->network, b->program, NULL);
  dla_status status = dla_competitor_begin(&competitor, err);
  if (status) return status;
  status = step(b, m, err); /* an untimed step, while Linux moves the threads */
  const double begin = dla_clock();
  dla_thread_time_of_process(competitor, &before);
  if (!status) status = repeat(b, m, time, err);
  if (dla_thread_time_of_process(competitor, &after))
    b->competitor = (after.ran - before.ran) / (dla_clock() - begin);
  dla_competitor_end(competitor);
  b->disturbed = dla_dist_max(dist, median_of(time, b->steps));
  return status;
}

static dla_status time_steps(dla_benchmark *b, const material *m, bool disturbed, dla_dist *dist,
                             dla_error *err)
{
  double *time = calloc((size_t)b->steps, sizeof *time);
  if (!time) return dla_fail_memory(err, "the times");
  dla_status status = time_undisturbed(b, m, time, dist, err);
  if (!status && disturbed) status = time_disturbed(b, m, time, dist, err);
  free(time);
  return status;
}

static dla_status measure(dla_benchmark *b, const dla_config *config, bool disturbed,
                          dla_dist *dist, dla_error *err)
{
  dla_shape image = dla_network_input_shape(b->network);
  int64_t count = b->batch * dla_shape_count(&image);
  /* A learning rate so small that random labels cannot make the loss infinite. */
  material m = {malloc((size_t)count * sizeof(float)),
                malloc((size_t)b->batch * sizeof(int32_t)),
                dla_config_update(config, 1e-3),
                {true, b->total}};
  b->timing = calloc((size_t)b->program->instruction_count, sizeof *b->timing);
  dla_status status = m.images && m.labels && b->timing ? DLA_OK : dla_fail_memory(err, "images");
  if (!status) {
    fill(m.images, count, m.labels, b->batch, dla_network_classes(b->network));
    status = time_steps(b, &m, disturbed, dist, err);
  }
  free(m.images);
  free(m.labels);
  return status;
}

static void finish(dla_benchmark *b, const dla_config *config)
{
  char text[DLA_BACKEND_VERSION];
  const dla_backend *backend = dla_backend_find(config->backend.name);
  snprintf(b->backend, sizeof b->backend, "%s", backend->version(config->backend.device, text));
  for (int i = 0; i < b->program->instruction_count; i++)
    b->step_flops += dla_instruction_flops(b->program, &b->program->instruction[i]);
  struct rusage usage; /* before the measurements below, which allocate memory */
  if (getrusage(RUSAGE_SELF, &usage) == 0) b->peak_rss = (int64_t)usage.ru_maxrss * 1024;
  b->precision = config->train.precision;
  const dla_leaf_kernels *leaf =
      dla_leaf(b->isa, b->precision == DLA_PRECISION_BF16 ? DLA_BF16 : DLA_F32);
  b->multiplies_bf16 = leaf->deep > 1;
  dla_team *team = dla_network_team(b->network);
  dla_team_enter(team);
  b->peak_flops = dla_measure_peak(team, leaf, 0.5);
  b->product_flops = dla_measure_products(team, leaf, 0.5);
  b->peak_bandwidth = dla_measure_bandwidth(team, leaf, 0.5);
  dla_team_leave(team);
}

double dla_benchmark_executed_flops(const dla_benchmark *b, int instruction)
{
  const dla_instruction *i = &b->program->instruction[instruction];
  double flops = dla_instruction_flops(b->program, i);
  const char *implementation = dla_network_implementation(b->network, b->program, instruction);
  if (strncmp(implementation, "winograd", 8) != 0) return flops;
  /* Products for 4x4 pixels, instead of 9 each (kernels/winograd_tiles.h). */
  return flops * (i->attr[DLA_ATTR_STRIDE] > 1 ? 81 : 36) / 144;
}

/* With accumulation, one part of a step is timed. */
static dla_config of_a_part(const dla_config *config)
{
  dla_config part = *config;
  part.train.batch_size =
      (config->train.batch_size + config->train.accumulate - 1) / config->train.accumulate;
  part.train.accumulate = 1;
  return part;
}

dla_status dla_benchmark_run(const dla_config *given, const dla_benchmark_options *options,
                             dla_dist *dist, dla_benchmark *b, dla_error *err)
{
  const dla_config part = of_a_part(given), *config = &part;
  dla_mode mode = options->mode;
  int64_t total = mode == DLA_MODE_TRAINING ? dla_experiment_batch(config, dist)
                                            : config->train.test_batch_size;
  dla_share share = dla_share_of((size_t)total, dla_dist_rank(dist), dla_dist_size(dist));
  if (total < dla_dist_size(dist))
    return dla_fail(err, DLA_E_INPUT, NULL, "give every rank one at least",
                    "a batch of %lld images for %d ranks", (long long)total, dla_dist_size(dist));
  *b = (dla_benchmark){.mode = mode,
                       .batch = (int64_t)share.count,
                       .total = total,
                       .ranks = dla_dist_size(dist),
                       .threads = dla_experiment_threads(config, dist),
                       .steps = options->steps};
  dla_status status = dla_isa_choose(&b->isa, err);
  if (!status)
    status =
        dla_experiment_network(config, mode == DLA_MODE_TRAINING, NULL, dist, &b->network, err);
  if (!status) status = dla_network_prepare(b->network, mode, b->batch, &b->program, err);
  if (!status && dla_dist_rank(dist) == 0) status = dla_tuning_cache_write(b->network, err);
  if (!status) status = measure(b, config, options->disturbed, dist, err);
  if (!status)
    finish(b, config);
  else
    dla_benchmark_free(b);
  return status;
}

void dla_benchmark_free(dla_benchmark *b)
{
  dla_network_free(b->network);
  free(b->timing);
  *b = (dla_benchmark){0};
}
