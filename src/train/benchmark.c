#include "train/benchmark.h"

#include <stdlib.h>
#include <sys/resource.h>

#include "base/clock.h"
#include "base/cpu.h"
#include "base/philox.h"
#include "kernels/kernels.h"
#include "train/experiment.h"

/* Numbers of about the size that normalised pixels have. */
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

static dla_status time_steps(dla_benchmark *b, const float *images, const int32_t *labels,
                             const dla_sgd *sgd, double started, dla_error *err)
{
  double *time = calloc((size_t)b->steps, sizeof *time);
  dla_result result;
  if (!time) return dla_fail_memory(err, "the times");
  dla_status status = dla_network_train(b->network, images, labels, b->batch, sgd, &result, err);
  b->first_step = dla_clock() - started;
  /* The second step is not counted: caches and page tables settle. */
  if (!status) status = dla_network_train(b->network, images, labels, b->batch, sgd, &result, err);
  dla_network_profile(b->network, b->program, b->seconds);
  for (int i = 0; i < b->steps && !status; i++) {
    double start = dla_clock();
    status = dla_network_train(b->network, images, labels, b->batch, sgd, &result, err);
    time[i] = dla_clock() - start;
  }
  qsort(time, (size_t)b->steps, sizeof *time, by_value);
  b->median = (time[(b->steps - 1) / 2] + time[b->steps / 2]) / 2;
  b->min = time[0];
  b->max = time[b->steps - 1];
  free(time);
  return status;
}

static dla_status measure(dla_benchmark *b, const dla_config *config, double started,
                          dla_error *err)
{
  dla_shape image = dla_network_input_shape(b->network);
  int64_t count = b->batch * dla_shape_count(&image);
  float *images = malloc((size_t)count * sizeof *images);
  int32_t *labels = malloc((size_t)b->batch * sizeof *labels);
  b->seconds = calloc((size_t)b->program->instruction_count, sizeof *b->seconds);
  /* A rate at which random labels cannot make the loss infinite. */
  const dla_sgd sgd = {1e-3f, (float)config->optimizer.momentum,
                       (float)config->optimizer.weight_decay, config->optimizer.nesterov};
  dla_status status = images && labels && b->seconds ? DLA_OK : dla_fail_memory(err, "the images");
  if (!status) {
    fill(images, count, labels, b->batch, dla_network_classes(b->network));
    status = time_steps(b, images, labels, &sgd, started, err);
  }
  free(images);
  free(labels);
  return status;
}

static void finish(dla_benchmark *b)
{
  for (int i = 0; i < b->program->instruction_count; i++) {
    b->seconds[i] /= b->steps;
    b->step_flops += dla_instruction_flops(b->program, &b->program->instruction[i]);
  }
  struct rusage usage;
  if (getrusage(RUSAGE_SELF, &usage) == 0) b->peak_rss = (int64_t)usage.ru_maxrss * 1024;
  b->peak_flops = dla_measure_peak(b->threads, 0.5);
}

dla_status dla_benchmark_run(const dla_config *config, int steps, dla_benchmark *b, dla_error *err)
{
  double started = dla_clock();
  *b = (dla_benchmark){.batch = config->train.batch_size,
                       .threads = dla_cpu_threads((int)config->train.threads),
                       .steps = steps};
  dla_status status = dla_experiment_network(config, true, &b->network, err);
  if (!status)
    status = dla_network_prepare(b->network, DLA_MODE_TRAINING, b->batch, &b->program, err);
  if (!status) status = measure(b, config, started, err);
  if (!status)
    finish(b);
  else
    dla_benchmark_free(b);
  return status;
}

void dla_benchmark_free(dla_benchmark *b)
{
  dla_network_free(b->network);
  free(b->seconds);
  *b = (dla_benchmark){0};
}
