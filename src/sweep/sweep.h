/* A sweep file, read into plain structs: a base config, what varies, and how trials are chosen.
 * docs/sweeps.md says what the keys mean. */
#ifndef DLA_SWEEP_H
#define DLA_SWEEP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "config/schema.h"
#include "dla/status.h"

typedef enum dla_sweep_method {
  DLA_SWEEP_GRID,   /* every combination */
  DLA_SWEEP_RANDOM, /* so many draws */
  DLA_SWEEP_HALVING /* either, on budgets that grow while the worse trials drop out */
} dla_sweep_method;

/* What a trial is judged by: a number of the epochs in its metrics. */
typedef struct dla_sweep_metric {
  const char *name;  /* "best_test_accuracy" */
  const char *field; /* of metrics.jsonl */
  bool best;         /* of all epochs; else the last one's */
  bool least;        /* less is better */
} dla_sweep_metric;

/* NULL: there is none of that name. */
const dla_sweep_metric *dla_sweep_metric_find(const char *name);

/* In a sweep's folder: what it says of itself (about.h). */
#define DLA_SWEEP_FILE "sweep.json"

typedef struct dla_sweep_parameter {
  const dla_key *key;
  char *name;    /* "optimizer.lr" */
  char **values; /* as overrides have them; none: a range without steps */
  size_t value_count;
  double min, max; /* of a range */
  bool log;        /* drawn evenly on the scale of its logarithm */
} dla_sweep_parameter;

typedef struct dla_sweep {
  char *file;
  char *base;       /* a config file; NULL: the defaults */
  char **overrides; /* "key=value", for all trials */
  size_t override_count;
  dla_sweep_parameter *parameters;
  size_t parameter_count;
  dla_sweep_method method;
  int64_t trials; /* 0: not said */
  int64_t seed, parallel;
  const dla_sweep_metric *metric;
  int64_t min_epochs, max_epochs, eta; /* of halving */
  char *dir;
} dla_sweep;

/* Errors: DLA_E_INPUT with "file:line". On failure *sweep is empty. */
dla_status dla_sweep_read(const char *path, dla_sweep *sweep, dla_error *err);
dla_status dla_sweep_read_text(const char *name, const char *text, size_t length, dla_sweep *sweep,
                               dla_error *err);
void dla_sweep_free(dla_sweep *sweep);

#endif
