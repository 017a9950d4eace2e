/* The contents of a run's folder. */
#ifndef DLA_REPORT_RUN_H
#define DLA_REPORT_RUN_H

#include <jansson.h>
#include <stdbool.h>

#include "base/strbuf.h"
#include "report/curve.h"

/* The name of the report in the folder of a run or a sweep. */
#define DLA_REPORT_FILE "report.html"

typedef struct dla_run_epoch {
  double epoch, step;
  double train_loss, train_accuracy, test_loss, test_accuracy, lr, seconds; /* NAN: not told */
  double step_seconds, wait_seconds, test_seconds, save_seconds;
} dla_run_epoch;

/* Curves over epochs. Step loss, lr, rate and norm have a point a step, the others a point an
 * epoch. */
typedef enum dla_run_curve {
  DLA_RUN_STEP_LOSS,
  DLA_RUN_LR,
  DLA_RUN_RATE, /* images a second */
  DLA_RUN_NORM, /* of the gradients */
  DLA_RUN_TEST_LOSS,
  DLA_RUN_TRAIN_ACCURACY,
  DLA_RUN_TEST_ACCURACY,
  DLA_RUN_CURVES
} dla_run_curve;

typedef struct dla_run {
  char *folder, *name;
  dla_curve curve[DLA_RUN_CURVES];
  dla_run_epoch *epoch;
  size_t epoch_count, epoch_capacity;
  double steps;       /* steps done */
  json_t *facts;      /* run.json; NULL: it is missing or cannot be read */
  json_t *evaluation; /* evaluation.json, in the same way */
  dla_strbuf config;  /* YAML, from run.json, config.yaml or the checkpoint; empty: none */
  dla_strbuf environment;
  /* How far metrics.jsonl has been read. */
  struct {
    long long offset;
    double batches; /* of an epoch */
    char head[128]; /* the start of the file: another file has another one */
    size_t head_length;
  } reader;
} dla_run;

/* name: for people; NULL: the folder's name. Errors: DLA_E_INPUT, there is no metrics.jsonl. Free
 * it with dla_run_free(). */
dla_status dla_run_open(const char *folder, const char *name, dla_run **run, dla_error *err);
/* Reads what was written since. Lines that are no metrics are skipped. */
dla_status dla_run_update(dla_run *run, dla_error *err);
void dla_run_free(dla_run *run);

/* Whether there is a metrics.jsonl in the folder. */
bool dla_run_is_one(const char *folder);

/* The best epoch; NULL if none has a test accuracy. The last epoch; NULL if there is none. */
const dla_run_epoch *dla_run_best(const dla_run *run);
const dla_run_epoch *dla_run_last(const dla_run *run);
/* How many epochs the run is to have; NAN: not told. */
double dla_run_all_epochs(const dla_run *run);

/* A number of an object; NAN where it has none. */
double dla_json_number_of(const json_t *object, const char *key);
/* A text of an object; "" where it has none. */
const char *dla_json_text_of(const json_t *object, const char *key);

#endif
