/* Measures how many images a second the loader prepares, without a network. */
#include <sys/resource.h>

#include "base/clock.h"
#include "base/json.h"
#include "cli/bench.h"
#include "cli/output.h"
#include "cli/pictures.h"
#include "train/experiment.h"

typedef struct measurement {
  size_t images;
  double seconds, cpu_seconds;
} measurement;

static double cpu_seconds(void)
{
  struct rusage usage;
  if (getrusage(RUSAGE_SELF, &usage) != 0) return 0;
  return (double)(usage.ru_utime.tv_sec + usage.ru_stime.tv_sec) +
         1e-6 * (double)(usage.ru_utime.tv_usec + usage.ru_stime.tv_usec);
}

/* Takes so many batches, from as many epochs as needed. */
static dla_status take(dla_loader *loader, size_t batches, uint64_t *epoch, size_t *images,
                       dla_error *err)
{
  dla_batch batch = {0};
  dla_status status = DLA_OK;
  *images = 0;
  for (size_t i = 0; i < batches && !status; i++) {
    if (i == 0 || batch.count == 0) dla_loader_start(loader, (*epoch)++, 0);
    status = dla_loader_next(loader, &batch, err);
    *images += batch.count;
    if (!status && batch.count == 0) i--; /* the end of an epoch is no batch */
  }
  return status;
}

static dla_status time_loader(const dla_config *config, dla_loader *loader, int batches,
                              measurement *m, dla_error *err)
{
  uint64_t epoch = 0;
  size_t images;
  /* A cache in memory is filled by the first epoch. */
  const size_t warm = config->dataset.cache == DLA_CACHE_RAM ? dla_loader_batches(loader) : 1;
  dla_status status = take(loader, warm, &epoch, &images, err);
  const double began = dla_clock(), used = cpu_seconds();
  if (!status) status = take(loader, (size_t)batches, &epoch, &m->images, err);
  m->seconds = dla_clock() - began;
  m->cpu_seconds = cpu_seconds() - used;
  return status;
}

dla_status dla_bench_loader(dla_config *config, int batches, bool evaluation, bool json,
                            dla_dist *dist, dla_error *err)
{
  dla_experiment x;
  dla_cli_watch state;
  measurement m = {0};
  config->augment.initial_scale = 1;
  const dla_experiment_watch watch = dla_cli_watch_pictures(&state, config, dist);
  dla_status status = dla_experiment_create_loaders(config, dist, &watch, &x, err);
  if (status) return status;
  status = time_loader(config, evaluation ? x.test_loader : x.train_loader, batches, &m, err);
  dla_strbuf out = {0};
  if (json) {
    dla_json j = dla_json_begin(&out);
    dla_json_integer(&j, "images", (int64_t)m.images);
    dla_json_number(&j, "images_per_second", (double)m.images / m.seconds);
    dla_json_number(&j, "images_per_cpu_second", (double)m.images / m.cpu_seconds);
    dla_json_end_line(&j);
  } else {
    dla_strbuf_printf(
        &out,
        "%s: %zu images of %lld x %lld\n%10.1f images/s, %.1f for each second of a processor\n",
        x.train->format, m.images, (long long)config->model.image_size,
        (long long)config->model.image_size, (double)m.images / m.seconds,
        (double)m.images / m.cpu_seconds);
  }
  dla_experiment_free(&x);
  if (!status) return dla_cli_print(&out, err);
  dla_strbuf_free(&out);
  return status;
}
