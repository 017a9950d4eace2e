/* A sweep file, read into plain structs: a base config, the parameters that vary, and the method.
 * docs/sweeps.md explains the keys. */
#ifndef DLA_SWEEP_H
#define DLA_SWEEP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "config/schema.h"
#include "dla/status.h"

typedef enum dla_sweep_method {
  DLA_SWEEP_GRID,   /* every combination */
  DLA_SWEEP_RANDOM, /* a number of random draws */
  DLA_SWEEP_HALVING /* either, with budgets that grow while the worse trials drop out */
} dla_sweep_method;

/* The metric to rank trials by: a number per epoch in their metrics. */
typedef struct dla_sweep_metric {
  const char *name;  /* "best_test_accuracy" */
  const char *field; /* of metrics.jsonl */
  bool best;         /* the best of all epochs; else the last epoch's */
  bool least;        /* less is better */
} dla_sweep_metric;

/* NULL: no such metric. */
const dla_sweep_metric *dla_sweep_metric_find(const char *name);

/* The file in a sweep's folder that describes it (about.h). */
#define DLA_SWEEP_FILE "sweep.json"

typedef struct dla_sweep_parameter {
  const dla_key *key;
  char *name;    /* "optimizer.lr" */
  char **values; /* as in overrides; none: a range without steps */
  size_t value_count;
  double min, max; /* of a range */
  bool log;        /* drawn uniformly on a logarithmic scale */
} dla_sweep_parameter;

typedef struct dla_sweep {
  char *file;
  char *base;       /* a config file; NULL: the defaults */
  char **overrides; /* "key=value", for all trials */
  size_t override_count;
  dla_sweep_parameter *parameters;
  size_t parameter_count;
  dla_sweep_method method;
  int64_t trials; /* 0: not given */
  int64_t seed, parallel;
  const dla_sweep_metric *metric;
  int64_t min_epochs, max_epochs, eta; /* for halving */
  char *dir;
} dla_sweep;

/* Errors: DLA_E_INPUT with "file:line". On failure *sweep is empty. */
dla_status dla_sweep_read(const char *path, dla_sweep *sweep, dla_error *err);
dla_status dla_sweep_read_text(const char *name, const char *text, size_t length, dla_sweep *sweep,
                               dla_error *err);
void dla_sweep_free(dla_sweep *sweep);

#endif
