/* metrics.jsonl: one JSON object a line, flushed line by line, so that another program can follow.
 */
#ifndef DLA_METRICS_H
#define DLA_METRICS_H

#include <stdbool.h>
#include <stdint.h>

#include "dla/status.h"

/* In the folder that a run writes to. */
#define DLA_METRICS_FILE "metrics.jsonl"

typedef struct dla_metrics dla_metrics;

typedef struct dla_step_metrics {
  int64_t step, epoch; /* both from 1 */
  double loss, lr, images_per_second;
  double grad_norm; /* before it was clipped; -1: gradients are not clipped */
} dla_step_metrics;

typedef struct dla_epoch_metrics {
  int64_t epoch, step;
  double train_loss, train_accuracy, test_loss, test_accuracy, lr, seconds;
  int64_t replaced; /* pictures that could not be read; -1: the data set has none to read */
  double test_top5; /* accuracy; NAN: there are no more than five classes */
  int image_size;   /* of the images trained with; 0: it is the same in all epochs */
  /* Where the seconds went: steps, waiting for their images, and the evaluation. Beside them: for
   * how long training stood still for checkpoints since the epoch before. */
  double step_seconds, wait_seconds, test_seconds, save_seconds;
} dla_epoch_metrics;

/* Opens the file behind the lines of the first `step` steps and the epochs that were complete by
 * then (`epoch` of them), so that after a resume it holds each exactly once: what a run wrote
 * behind its last checkpoint, or half, is cut off. Step 0 begins it anew. */
dla_status dla_metrics_open(const char *path, int64_t step, int64_t epoch, dla_metrics **metrics,
                            dla_error *err);
dla_status dla_metrics_step(dla_metrics *metrics, const dla_step_metrics *m, dla_error *err);
dla_status dla_metrics_epoch(dla_metrics *metrics, const dla_epoch_metrics *m, dla_error *err);
/* Closes the file and opens it again, so that who watches the folder knows that it is whole so far.
 */
dla_status dla_metrics_settle(dla_metrics *metrics, dla_error *err);
void dla_metrics_close(dla_metrics *metrics);

#endif
