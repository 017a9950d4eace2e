#include "report/run.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/array.h"
#include "base/path.h"
#include "base/read_file.h"
#include "base/try.h"
#include "checkpoint/text.h"
#include "dla/checkpoint.h"
#include "train/metrics.h"
#include "train/record.h"

enum { LARGEST = 64 << 20 };

double dla_json_number_of(const json_t *object, const char *key)
{
  const json_t *value = json_object_get(object, key);
  return json_is_number(value) ? json_number_value(value) : NAN;
}

const char *dla_json_text_of(const json_t *object, const char *key)
{
  const char *text = json_string_value(json_object_get(object, key));
  return text ? text : "";
}

/* ---- Metrics ---- */

static double x_of_step(const dla_run *run, double epoch, double step)
{
  const dla_run_epoch *last = run->epoch_count ? &run->epoch[run->epoch_count - 1] : NULL;
  const double within = (step - (last ? last->step : 0)) / run->reader.batches;
  return (last ? last->epoch : epoch - 1) + fmin(fmax(within, 0), 1);
}

static void take_step(dla_run *run, const json_t *line)
{
  const double step = dla_json_number_of(line, "step"), epoch = dla_json_number_of(line, "epoch");
  const double x = x_of_step(run, epoch, step);
  dla_curve_add(&run->curve[DLA_RUN_STEP_LOSS], x, dla_json_number_of(line, "loss"));
  dla_curve_add(&run->curve[DLA_RUN_LR], x, dla_json_number_of(line, "lr"));
  dla_curve_add(&run->curve[DLA_RUN_RATE], x, dla_json_number_of(line, "images_per_second"));
  dla_curve_add(&run->curve[DLA_RUN_NORM], x, dla_json_number_of(line, "grad_norm"));
  if (isfinite(step)) run->steps = step;
}

static dla_status take_epoch(dla_run *run, const json_t *line, dla_error *err)
{
  const dla_run_epoch e = {
      .epoch = dla_json_number_of(line, "epoch"),
      .step = dla_json_number_of(line, "step"),
      .train_loss = dla_json_number_of(line, "train_loss"),
      .train_accuracy = dla_json_number_of(line, "train_accuracy"),
      .test_loss = dla_json_number_of(line, "test_loss"),
      .test_accuracy = dla_json_number_of(line, "test_accuracy"),
      .lr = dla_json_number_of(line, "lr"),
      .seconds = dla_json_number_of(line, "seconds"),
      .step_seconds = dla_json_number_of(line, "step_seconds"),
      .wait_seconds = dla_json_number_of(line, "wait_seconds"),
      .test_seconds = dla_json_number_of(line, "test_seconds"),
      .save_seconds = dla_json_number_of(line, "save_seconds"),
  };
  if (!isfinite(e.epoch) || !isfinite(e.step)) return DLA_OK;
  if (!DLA_ARRAY_RESERVE(run->epoch, run->epoch_capacity, run->epoch_count, 1))
    return dla_fail_memory(err, "the epochs of a run");
  run->epoch[run->epoch_count++] = e;
  run->steps = e.step;
  dla_curve_add(&run->curve[DLA_RUN_TEST_LOSS], e.epoch, e.test_loss);
  dla_curve_add(&run->curve[DLA_RUN_TRAIN_ACCURACY], e.epoch, e.train_accuracy);
  dla_curve_add(&run->curve[DLA_RUN_TEST_ACCURACY], e.epoch, e.test_accuracy);
  return DLA_OK;
}

static dla_status take_line(dla_run *run, const char *line, size_t length, dla_error *err)
{
  dla_status status = DLA_OK;
  json_t *json = json_loadb(line, length, 0, NULL);
  const char *type = dla_json_text_of(json, "type");
  if (strcmp(type, "step") == 0)
    take_step(run, json);
  else if (strcmp(type, "epoch") == 0)
    status = take_epoch(run, json, err);
  json_decref(json);
  return status;
}

/* Takes the complete lines; *used is how many bytes they have. */
static dla_status take_lines(dla_run *run, const char *text, size_t length, size_t *used,
                             dla_error *err)
{
  const char *line = text, *end;
  dla_status status = DLA_OK;
  while (!status && (end = memchr(line, '\n', (size_t)(text + length - line)))) {
    status = take_line(run, line, (size_t)(end - line), err);
    line = end + 1;
  }
  *used = (size_t)(line - text);
  return status;
}

/* If the run does not tell how many batches an epoch has, its first line about an epoch does.
 * Without such a line, all steps are one epoch. */
static double guess_batches(FILE *file)
{
  char line[1024];
  double epoch, step = 1, most = 1;
  rewind(file);
  while (fgets(line, sizeof line, file)) {
    if (sscanf(line, "{\"type\":\"step\",\"step\":%lf", &step) == 1 && step > most) most = step;
    if (sscanf(line, "{\"type\":\"epoch\",\"epoch\":%lf,\"step\":%lf", &epoch, &step) == 2)
      return epoch > 0 && step > 0 ? step / epoch : 1;
  }
  return most;
}

static void forget_metrics(dla_run *run)
{
  memset(run->curve, 0, sizeof run->curve);
  memset(&run->reader, 0, sizeof run->reader);
  run->epoch_count = 0;
  run->steps = 0;
}

/* If it is another file than the one read so far, begins again. */
static void check_same(dla_run *run, FILE *file)
{
  char head[sizeof run->reader.head];
  const size_t length = fread(head, 1, run->reader.head_length, file);
  const bool same = length == run->reader.head_length &&
                    memcmp(head, run->reader.head, length) == 0 && !fseek(file, 0, SEEK_END) &&
                    ftell(file) >= run->reader.offset;
  if (!same) forget_metrics(run);
}

static void begin_metrics(dla_run *run, FILE *file)
{
  const double told = dla_json_number_of(run->facts, "batches");
  run->reader.batches = told > 0 ? told : guess_batches(file);
  rewind(file);
  run->reader.head_length = fread(run->reader.head, 1, sizeof run->reader.head, file);
}

static dla_status read_lines(dla_run *run, FILE *file, dla_error *err)
{
  enum { PIECE = 1 << 20 };
  dla_status status = DLA_OK;
  char *piece = malloc(PIECE);
  size_t length, used = 1;
  if (!piece) return dla_fail_memory(err, "the metrics");
  while (!status && used > 0) {
    fseek(file, (long)run->reader.offset, SEEK_SET);
    length = fread(piece, 1, PIECE, file);
    status = take_lines(run, piece, length, &used, err);
    if (!used && length == PIECE) used = length; /* no line is that long: skip it */
    run->reader.offset += (long long)used;
  }
  free(piece);
  return status;
}

static dla_status update_metrics(dla_run *run, dla_error *err)
{
  char *path = dla_join_path(run->folder, DLA_METRICS_FILE);
  FILE *file = path ? fopen(path, "re") : NULL;
  dla_status status = DLA_OK;
  if (!path)
    status = dla_fail_memory(err, "a file name");
  else if (!file)
    status = dla_fail_errno(err, path, "open");
  if (!status) check_same(run, file);
  if (!status && run->reader.offset == 0) begin_metrics(run, file);
  if (!status) status = read_lines(run, file, err);
  if (file) fclose(file);
  free(path);
  return status;
}

/* ---- The other files ---- */

/* A file that is missing, or is no JSON, counts as none. */
static dla_status load(const dla_run *run, const char *name, json_t **json, dla_error *err)
{
  char *path = dla_join_path(run->folder, name);
  if (!path) return dla_fail_memory(err, "a file name");
  json_decref(*json);
  *json = json_load_file(path, 0, NULL);
  free(path);
  return DLA_OK;
}

static dla_status read_config_file(dla_run *run, dla_error *err)
{
  char *path = dla_join_path(run->folder, "config.yaml"), *text = NULL;
  size_t length = 0;
  dla_error ignored;
  if (!path) return dla_fail_memory(err, "a file name");
  if (access(path, R_OK) == 0 && !dla_read_file(path, LARGEST, &text, &length, &ignored))
    dla_strbuf_append(&run->config, text, length);
  free(text);
  free(path);
  return DLA_OK;
}

/* Reads the checkpoint: runs of older versions wrote no run.json. */
static dla_status read_checkpoint(dla_run *run, dla_error *err)
{
  char *path = dla_join_path(run->folder, DLA_CHECKPOINT_FILE);
  dla_error ignored;
  if (!path) return dla_fail_memory(err, "a file name");
  if (!run->config.length) dla_checkpoint_read_text(path, "config", &run->config, &ignored);
  dla_checkpoint_read_text(path, "environment", &run->environment, &ignored);
  free(path);
  return DLA_OK;
}

static dla_status read_texts(dla_run *run, dla_error *err)
{
  const char *config = dla_json_text_of(run->facts, "config");
  const char *environment = dla_json_text_of(run->facts, "environment");
  dla_strbuf_free(&run->config);
  dla_strbuf_free(&run->environment);
  dla_strbuf_append(&run->config, config, strlen(config));
  dla_strbuf_append(&run->environment, environment, strlen(environment));
  if (!*config) TRY(read_config_file(run, err));
  if (!*environment) TRY(read_checkpoint(run, err));
  return run->config.failed || run->environment.failed ? dla_fail_memory(err, "a run") : DLA_OK;
}

/* ---- All of it ---- */

bool dla_run_is_one(const char *folder)
{
  char *path = dla_join_path(folder, DLA_METRICS_FILE);
  const bool is_one = path && access(path, R_OK) == 0;
  free(path);
  return is_one;
}

dla_status dla_run_update(dla_run *run, dla_error *err)
{
  TRY(load(run, DLA_RUN_FILE, &run->facts, err));
  TRY(load(run, DLA_EVALUATION_FILE, &run->evaluation, err));
  TRY(read_texts(run, err));
  return update_metrics(run, err);
}

/* The last part of the path, however it is written: "runs/a/", ".". */
static char *name_of(const char *folder)
{
  char *real = realpath(folder, NULL);
  char *name = strdup(dla_path_name(real && *dla_path_name(real) ? real : folder));
  free(real);
  return name;
}

dla_status dla_run_open(const char *folder, const char *name, dla_run **out, dla_error *err)
{
  if (!dla_run_is_one(folder))
    return dla_fail(err, DLA_E_INPUT, folder, "give the folder that a run wrote to (output.dir)",
                    "there is no " DLA_METRICS_FILE);
  dla_run *run = calloc(1, sizeof *run);
  if (!run) return dla_fail_memory(err, "a run");
  run->folder = strdup(folder);
  run->name = name ? strdup(name) : name_of(folder);
  dla_status status =
      run->folder && run->name ? dla_run_update(run, err) : dla_fail_memory(err, "a run");
  if (status)
    dla_run_free(run);
  else
    *out = run;
  return status;
}

void dla_run_free(dla_run *run)
{
  if (!run) return;
  json_decref(run->facts);
  json_decref(run->evaluation);
  dla_strbuf_free(&run->config);
  dla_strbuf_free(&run->environment);
  free(run->epoch);
  free(run->folder);
  free(run->name);
  free(run);
}

const dla_run_epoch *dla_run_best(const dla_run *run)
{
  const dla_run_epoch *best = NULL;
  for (size_t i = 0; i < run->epoch_count; i++)
    if (isfinite(run->epoch[i].test_accuracy) &&
        (!best || run->epoch[i].test_accuracy > best->test_accuracy))
      best = &run->epoch[i];
  return best;
}

const dla_run_epoch *dla_run_last(const dla_run *run)
{
  return run->epoch_count ? &run->epoch[run->epoch_count - 1] : NULL;
}

double dla_run_all_epochs(const dla_run *run)
{
  return dla_json_number_of(run->facts, "epochs");
}
