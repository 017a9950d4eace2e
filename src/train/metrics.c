#include "train/metrics.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct dla_metrics {
  FILE *file;
  char *path;
};

dla_status dla_metrics_open(const char *path, bool append, dla_metrics **out, dla_error *err)
{
  dla_metrics *metrics = calloc(1, sizeof *metrics);
  if (!metrics || !(metrics->path = strdup(path))) {
    free(metrics);
    return dla_fail_memory(err, "the metrics");
  }
  metrics->file = fopen(path, append ? "ae" : "we");
  if (!metrics->file) {
    dla_status status = dla_fail_errno(err, path, "open for writing");
    dla_metrics_close(metrics);
    return status;
  }
  *out = metrics;
  return DLA_OK;
}

static dla_status flush(dla_metrics *metrics, dla_error *err)
{
  if (fflush(metrics->file) == 0 && !ferror(metrics->file)) return DLA_OK;
  return dla_fail_errno(err, metrics->path, "write");
}

/* JSON has no NaN: a number that is none is null. */
static void number(FILE *file, const char *key, double value)
{
  if (value - value == 0)
    fprintf(file, ",\"%s\":%.9g", key, value);
  else
    fprintf(file, ",\"%s\":null", key);
}

dla_status dla_metrics_step(dla_metrics *metrics, const dla_step_metrics *m, dla_error *err)
{
  FILE *file = metrics->file;
  fprintf(file, "{\"type\":\"step\",\"step\":%" PRId64 ",\"epoch\":%" PRId64, m->step, m->epoch);
  number(file, "loss", m->loss);
  number(file, "lr", m->lr);
  number(file, "images_per_second", m->images_per_second);
  fprintf(file, "}\n");
  return flush(metrics, err);
}

dla_status dla_metrics_epoch(dla_metrics *metrics, const dla_epoch_metrics *m, dla_error *err)
{
  FILE *file = metrics->file;
  fprintf(file, "{\"type\":\"epoch\",\"epoch\":%" PRId64 ",\"step\":%" PRId64, m->epoch, m->step);
  number(file, "train_loss", m->train_loss);
  number(file, "train_accuracy", m->train_accuracy);
  number(file, "test_loss", m->test_loss);
  number(file, "test_accuracy", m->test_accuracy);
  number(file, "lr", m->lr);
  number(file, "seconds", m->seconds);
  fprintf(file, "}\n");
  return flush(metrics, err);
}

void dla_metrics_close(dla_metrics *metrics)
{
  if (!metrics) return;
  if (metrics->file) fclose(metrics->file);
  free(metrics->path);
  free(metrics);
}
