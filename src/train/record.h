/* Files for a run's report (log.report), besides metrics.jsonl, in the run's folder.
 * docs/report.md describes them. */
#ifndef DLA_RECORD_H
#define DLA_RECORD_H

#include "train/evaluate.h"
#include "train/experiment.h"

/* Written once, with the first batch: configuration, environment, layers, and some input images. */
#define DLA_RUN_FILE        "run.json"
/* Written after every evaluation: the confusion matrix and the surest mistakes. */
#define DLA_EVALUATION_FILE "evaluation.json"

enum { DLA_RECORDED_INPUTS = 16 }; /* images of the first batch, at most */

typedef struct dla_record dla_record;

/* All arguments but environment, which is copied, must outlive the record. */
dla_status dla_record_create(const dla_config *config, const dla_experiment *experiment,
                             const char *environment, const dla_mistakes *mistakes,
                             dla_record **record, dla_error *err);
void dla_record_free(dla_record *record);

/* Before step number `step` of this process, from 0: it may be timed, for the evaluation's file. */
void dla_record_step(dla_record *record, int64_t step); /* NULL is allowed */

/* Both replace their file atomically. side: height and width of the images in the batch. */
dla_status dla_record_run(const dla_record *record, const dla_batch *first, int side,
                          dla_error *err);
dla_status dla_record_evaluation(const dla_record *record, int64_t epoch,
                                 const dla_evaluation *evaluation, dla_error *err);

#endif
