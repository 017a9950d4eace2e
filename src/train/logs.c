#include <config.h>

#include "train/logs.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/array.h"
#include "base/atomic_file.h"
#include "base/clock.h"
#include "base/png.h"
#include "base/read_file.h"
#include "base/try.h"
#include "config/schema.h"
#include "config/value.h"
#include "train/events.h"

enum { CELL_MOST = 24, SIDE_WANTED = 400, CLASSES_MOST = 400 };
static const double flush_seconds = 2; /* between two flushes, for people who watch a run */

struct dla_logs {
  dla_events *events;
  FILE *csv;
  char *csv_path;
  double flushed;
};

/* ---- metrics.csv ---- */

static const char csv_head[] = "epoch,step,train_loss,train_accuracy,test_loss,test_accuracy,"
                               "test_top5_accuracy,lr,seconds\n";

/* The length of the header and the rows of the first epochs. */
static size_t kept_length(const char *text, size_t length, int64_t epoch)
{
  const size_t head = sizeof csv_head - 1;
  if (length < head || memcmp(text, csv_head, head) != 0) return 0;
  size_t kept = head;
  for (const char *line = text + head, *end; (end = strchr(line, '\n')); line = end + 1) {
    int64_t number;
    if (sscanf(line, "%" SCNd64 ",", &number) != 1 || number > epoch) break;
    kept = (size_t)(end + 1 - text);
  }
  return kept;
}

static dla_status open_csv(dla_logs *logs, const dla_config *config, int64_t epoch, dla_error *err)
{
  char *text = NULL;
  size_t length = 0, kept = 0;
  if (asprintf(&logs->csv_path, "%s/" DLA_CSV_FILE, config->output.dir) < 0) {
    logs->csv_path = NULL;
    return dla_fail_memory(err, "a file name");
  }
  if (epoch > 0 && access(logs->csv_path, F_OK) == 0)
    TRY(dla_read_file(logs->csv_path, (size_t)1 << 30, &text, &length, err));
  if (text) kept = kept_length(text, length, epoch);
  dla_status status = kept ? dla_atomic_replace(logs->csv_path, text, kept, err)
                           : dla_atomic_replace(logs->csv_path, csv_head, sizeof csv_head - 1, err);
  free(text);
  if (status) return status;
  logs->csv = fopen(logs->csv_path, "ae");
  return logs->csv ? DLA_OK : dla_fail_errno(err, logs->csv_path, "open for writing");
}

/* NaN and infinities become empty fields. */
static void write_field(FILE *file, double value)
{
  fputc(',', file);
  if (isfinite(value)) fprintf(file, "%.9g", value);
}

static dla_status write_row(const dla_logs *logs, const dla_epoch_metrics *m, dla_error *err)
{
  fprintf(logs->csv, "%" PRId64 ",%" PRId64, m->epoch, m->step);
  const double fields[] = {m->train_loss,    m->train_accuracy, m->test_loss,
                           m->test_accuracy, m->test_top5,      m->lr};
  for (size_t i = 0; i < sizeof fields / sizeof *fields; i++)
    write_field(logs->csv, fields[i]);
  fprintf(logs->csv, ",%.3f\n", m->seconds);
  if (fflush(logs->csv) || ferror(logs->csv)) return dla_fail_errno(err, logs->csv_path, "write");
  return DLA_OK;
}

/* ---- TensorBoard ---- */

/* The keys that a sweep is likely to change. */
static bool is_hparam(const dla_key *key)
{
  static const char *const sections[] = {"model",    "augment", "optimizer",
                                         "schedule", "train",   NULL};
  return dla_is_one_of(key->section, sections);
}

static void write_hparams(dla_events *events, const dla_config *config)
{
  dla_hparam hparams[DLA_KEY_COUNT];
  dla_strbuf names[DLA_KEY_COUNT] = {0}, texts[DLA_KEY_COUNT] = {0};
  size_t count = 0;
  for (const dla_key *key = dla_keys; key < dla_keys + DLA_KEY_COUNT; key++) {
    if (!is_hparam(key)) continue;
    dla_hparam *h = &hparams[count];
    dla_strbuf_printf(&names[count], "%s.%s", key->section, key->name);
    dla_value_write(config, key, &texts[count]);
    *h = (dla_hparam){.name = dla_strbuf_text(&names[count]),
                      .text = dla_strbuf_text(&texts[count])};
    char *end;
    h->number = strtod(h->text, &end);
    if ((key->type == DLA_KEY_NUMBER || key->type == DLA_KEY_INTEGER) && !*end) h->text = NULL;
    count++;
  }
  dla_events_hparams(events, hparams, count);
  for (size_t i = 0; i < count; i++) {
    dla_strbuf_free(&names[i]);
    dla_strbuf_free(&texts[i]);
  }
}

static void write_epoch(dla_events *events, const dla_epoch_metrics *m)
{
  dla_events_scalar(events, m->step, "epoch/train_loss", m->train_loss);
  dla_events_scalar(events, m->step, "epoch/train_accuracy", m->train_accuracy);
  dla_events_scalar(events, m->step, "epoch/test_loss", m->test_loss);
  dla_events_scalar(events, m->step, "epoch/test_accuracy", m->test_accuracy);
  if (!isnan(m->test_top5))
    dla_events_scalar(events, m->step, "epoch/test_top5_accuracy", m->test_top5);
  dla_events_scalar(events, m->step, "epoch/seconds", m->seconds);
}

static dla_status write_histograms(dla_events *events, int64_t step, dla_network *network,
                                   dla_error *err)
{
  for (int i = 0; i < dla_network_parameter_count(network); i++) {
    const dla_parameter_info info = dla_network_parameter(network, i);
    const size_t count = (size_t)dla_shape_count(&info.shape);
    if (!info.trainable) continue;
    float *values = malloc((count + 1) * sizeof *values);
    if (!values) return dla_fail_memory(err, "a histogram");
    const dla_status status = dla_network_read(network, i, DLA_PARAMETER_VALUE, values, err);
    if (!status) dla_events_histogram(events, step, info.name, values, count);
    free(values);
    if (status) return status;
  }
  return DLA_OK;
}

/* One square per cell: white for none of the label's images, dark blue for all of them. */
static void paint(const dla_evaluation *test, int cell, uint8_t *rgb)
{
  const int64_t classes = test->classes, side = classes * cell;
  for (int64_t label = 0; label < classes; label++) {
    const int64_t *row = test->confusion + label * classes;
    const int64_t all = dla_evaluation_class(test, label).support;
    for (int64_t x = 0; x < side; x++) {
      const double share = all ? (double)row[x / cell] / (double)all : 0;
      for (int64_t y = label * cell; y < (label + 1) * cell; y++) {
        uint8_t *pixel = rgb + 3 * (y * side + x);
        pixel[0] = (uint8_t)lround(255 - 247 * share);
        pixel[1] = (uint8_t)lround(255 - 207 * share);
        pixel[2] = (uint8_t)lround(255 - 148 * share);
      }
    }
  }
}

static dla_status write_confusion(dla_events *events, int64_t step, const dla_evaluation *test,
                                  dla_error *err)
{
  if (!test->count || test->classes > CLASSES_MOST) return DLA_OK;
  const int wanted = SIDE_WANTED / (int)test->classes;
  const int cell = wanted < 1 ? 1 : wanted < CELL_MOST ? wanted : CELL_MOST;
  const int side = cell * (int)test->classes;
  uint8_t *rgb = malloc(3 * (size_t)side * (size_t)side);
  dla_strbuf png = {0};
  if (!rgb) return dla_fail_memory(err, "the confusion matrix");
  paint(test, cell, rgb);
  dla_png_write(rgb, side, side, 3, &png);
  const bool failed = png.failed;
  if (!failed)
    dla_events_image(events, step, "confusion", dla_strbuf_text(&png), png.length, side, side);
  dla_strbuf_free(&png);
  free(rgb);
  return failed ? dla_fail_memory(err, "the confusion matrix") : DLA_OK;
}

/* ---- Both ---- */

static dla_status open_events(dla_logs *logs, const dla_config *config, int64_t step,
                              dla_error *err)
{
  dla_strbuf yaml = {0}, text = {0};
  TRY(dla_events_open(config->output.dir, step, &logs->events, err));
  dla_config_to_yaml(config, &yaml);
  dla_strbuf_printf(&text, "```yaml\n%s```\n", dla_strbuf_text(&yaml)); /* TensorBoard shows
                                                                         * Markdown */
  dla_events_text(logs->events, "config", dla_strbuf_text(&text));
  dla_strbuf_free(&yaml);
  dla_strbuf_free(&text);
  write_hparams(logs->events, config);
  return dla_events_flush(logs->events, err);
}

dla_status dla_logs_open(const dla_config *config, int64_t step, int64_t epoch, dla_logs **out,
                         dla_error *err)
{
  if (!config->log.tensorboard && !config->log.csv) return DLA_OK;
  dla_logs *logs = calloc(1, sizeof *logs);
  if (!logs) return dla_fail_memory(err, "the logs");
  dla_status status = DLA_OK;
  if (config->log.csv) status = open_csv(logs, config, epoch, err);
  if (!status && config->log.tensorboard) status = open_events(logs, config, step, err);
  if (status)
    dla_logs_close(logs);
  else
    *out = logs;
  return status;
}

void dla_logs_step(dla_logs *logs, const dla_step_metrics *m)
{
  if (!logs || !logs->events) return;
  dla_events_scalar(logs->events, m->step, "step/loss", m->loss);
  dla_events_scalar(logs->events, m->step, "step/lr", m->lr);
  dla_events_scalar(logs->events, m->step, "step/images_per_second", m->images_per_second);
  if (!(m->grad_norm < 0)) dla_events_scalar(logs->events, m->step, "step/grad_norm", m->grad_norm);
  if (dla_clock() - logs->flushed < flush_seconds) return;
  logs->flushed = dla_clock();
  (void)dla_events_flush(logs->events, NULL); /* the flush at the end of the epoch reports
                                               * failures */
}

dla_status dla_logs_epoch(dla_logs *logs, const dla_epoch_metrics *m, dla_network *network,
                          const dla_evaluation *test, dla_error *err)
{
  if (!logs) return DLA_OK;
  if (logs->csv) TRY(write_row(logs, m, err));
  if (!logs->events) return DLA_OK;
  write_epoch(logs->events, m);
  TRY(write_histograms(logs->events, m->step, network, err));
  TRY(write_confusion(logs->events, m->step, test, err));
  return dla_events_flush(logs->events, err);
}

void dla_logs_close(dla_logs *logs)
{
  if (!logs) return;
  dla_events_close(logs->events);
  if (logs->csv) fclose(logs->csv);
  free(logs->csv_path);
  free(logs);
}
