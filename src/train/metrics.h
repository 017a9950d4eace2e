/* metrics.jsonl: one JSON object a line, flushed line by line, so that another program can follow.
 */
#ifndef DLA_METRICS_H
#define DLA_METRICS_H

#include <stdbool.h>
#include <stdint.h>

#include "dla/status.h"

typedef struct dla_metrics dla_metrics;

typedef struct dla_step_metrics {
  int64_t step, epoch; /* both from 1 */
  double loss, lr, images_per_second;
} dla_step_metrics;

typedef struct dla_epoch_metrics {
  int64_t epoch, step;
  double train_loss, train_accuracy, test_loss, test_accuracy, lr, seconds;
} dla_epoch_metrics;

/* Appends to the file when `append`, else begins it anew. */
dla_status dla_metrics_open(const char *path, bool append, dla_metrics **metrics, dla_error *err);
dla_status dla_metrics_step(dla_metrics *metrics, const dla_step_metrics *m, dla_error *err);
dla_status dla_metrics_epoch(dla_metrics *metrics, const dla_epoch_metrics *m, dla_error *err);
void dla_metrics_close(dla_metrics *metrics);

#endif
