/* Logs for other programs, besides metrics.jsonl: TensorBoard's events (log.tensorboard), and
 * metrics.csv (log.csv), one row per epoch for spreadsheets. */
#ifndef DLA_TRAIN_LOGS_H
#define DLA_TRAIN_LOGS_H

#include "config/config.h"
#include "dla/network.h"
#include "train/evaluation.h"
#include "train/metrics.h"

#define DLA_CSV_FILE "metrics.csv"

typedef struct dla_logs dla_logs;

/* *logs is NULL if the configuration enables neither; every function below ignores NULL. step and
 * epoch: where the run resumes. Later rows are cut off, and TensorBoard drops later steps. */
dla_status dla_logs_open(const dla_config *config, int64_t step, int64_t epoch, dla_logs **logs,
                         dla_error *err);
void dla_logs_step(dla_logs *logs, const dla_step_metrics *metrics);
/* Includes the parameters' histograms and the confusion matrix. */
dla_status dla_logs_epoch(dla_logs *logs, const dla_epoch_metrics *metrics, dla_network *network,
                          const dla_evaluation *test, dla_error *err);
void dla_logs_close(dla_logs *logs);

#endif
