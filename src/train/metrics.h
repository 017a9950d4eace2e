/* metrics.jsonl: one JSON object per line, flushed line by line, so that other programs can
 * follow. */
#ifndef DLA_METRICS_H
#define DLA_METRICS_H

#include <stdbool.h>
#include <stdint.h>

#include "dla/status.h"

/* The file's name in the run's folder. */
#define DLA_METRICS_FILE "metrics.jsonl"

typedef struct dla_metrics dla_metrics;

typedef struct dla_step_metrics {
  int64_t step, epoch; /* both from 1 */
  double loss, lr, images_per_second;
  double grad_norm; /* before clipping; -1: no clipping */
} dla_step_metrics;

typedef struct dla_epoch_metrics {
  int64_t epoch, step;
  double train_loss, train_accuracy, test_loss, test_accuracy, lr, seconds;
  int64_t replaced; /* unreadable pictures that were replaced; -1: not a data set of pictures */
  double test_top5; /* accuracy; NAN: at most five classes */
  int image_size;   /* of the training images; 0: the same in all epochs */
  /* Seconds of the epoch: steps, waiting for images, and the evaluation. save_seconds: how long
   * training stood still for checkpoints since the previous epoch. */
  double step_seconds, wait_seconds, test_seconds, save_seconds;
} dla_epoch_metrics;

/* Opens the file to append after the first `step` steps and `epoch` epochs. After a resume, lines
 * that a run wrote after its last checkpoint, or only half, are cut off. So the file holds each
 * step and epoch exactly once. Step 0 starts a new file. */
dla_status dla_metrics_open(const char *path, int64_t step, int64_t epoch, dla_metrics **metrics,
                            dla_error *err);
dla_status dla_metrics_step(dla_metrics *metrics, const dla_step_metrics *m, dla_error *err);
dla_status dla_metrics_epoch(dla_metrics *metrics, const dla_epoch_metrics *m, dla_error *err);
/* Closes and reopens the file, so that a watcher of the folder sees a finished write. */
dla_status dla_metrics_settle(dla_metrics *metrics, dla_error *err);
void dla_metrics_close(dla_metrics *metrics);

#endif
