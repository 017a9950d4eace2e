#include "train/metrics.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/atomic_file.h"
#include "base/flush.h"
#include "base/json.h"
#include "base/read_file.h"

struct dla_metrics {
  FILE *file;
  char *path;
};

/* Does the line belong to the first `step` steps or the first `epoch` epochs? */
static bool is_kept(const char *line, int64_t step, int64_t epoch)
{
  int64_t n = 0;
  if (sscanf(line, "{\"type\":\"step\",\"step\":%" SCNd64, &n) == 1) return n <= step;
  return sscanf(line, "{\"type\":\"epoch\",\"epoch\":%" SCNd64, &n) == 1 && n <= epoch;
}

/* Writes the lines to keep to a new file, which replaces the old one. */
static dla_status cut_back(const char *path, int64_t step, int64_t epoch, dla_error *err)
{
  char *text = NULL;
  size_t length = 0;
  if (access(path, F_OK) != 0) return DLA_OK;
  dla_status status = dla_read_file(path, (size_t)1 << 32, &text, &length, err);
  if (status) return status;
  size_t kept = 0;
  for (char *line = text, *end; (end = strchr(line, '\n')); line = end + 1) {
    size_t size = (size_t)(end + 1 - line);
    if (!is_kept(line, step, epoch)) continue;
    memmove(text + kept, line, size);
    kept += size;
  }
  if (kept < length) status = dla_atomic_replace(path, text, kept, err);
  free(text);
  return status;
}

dla_status dla_metrics_open(const char *path, int64_t step, int64_t epoch, dla_metrics **out,
                            dla_error *err)
{
  dla_status status = step > 0 ? cut_back(path, step, epoch, err) : DLA_OK;
  if (status) return status;
  dla_metrics *metrics = calloc(1, sizeof *metrics);
  if (!metrics || !(metrics->path = strdup(path))) {
    free(metrics);
    return dla_fail_memory(err, "the metrics");
  }
  metrics->file = fopen(path, step > 0 ? "ae" : "we");
  if (!metrics->file) {
    status = dla_fail_errno(err, path, "open for writing");
    dla_metrics_close(metrics);
    return status;
  }
  dla_flush_folder_of(path); /* a checkpoint in another folder must not be there without it */
  *out = metrics;
  return DLA_OK;
}

/* Writes the object as a line and frees it. */
static dla_status write_line(dla_metrics *metrics, dla_json *json, dla_error *err)
{
  dla_strbuf *out = json->out;
  dla_status status = DLA_OK;
  dla_json_end_line(json);
  if (out->failed)
    status = dla_fail_memory(err, "the metrics");
  else if (fwrite(out->text, 1, out->length, metrics->file) < out->length ||
           fflush(metrics->file) || ferror(metrics->file))
    status = dla_fail_errno(err, metrics->path, "write");
  dla_strbuf_free(out);
  return status;
}

/* is_kept() recognises lines by their first two keys. */
dla_status dla_metrics_step(dla_metrics *metrics, const dla_step_metrics *m, dla_error *err)
{
  dla_strbuf out = {0};
  dla_json json = dla_json_begin(&out);
  dla_json_text(&json, "type", "step");
  dla_json_integer(&json, "step", m->step);
  dla_json_integer(&json, "epoch", m->epoch);
  dla_json_number(&json, "loss", m->loss);
  dla_json_number(&json, "lr", m->lr);
  dla_json_number(&json, "images_per_second", m->images_per_second);
  if (!(m->grad_norm < 0)) dla_json_number(&json, "grad_norm", m->grad_norm);
  return write_line(metrics, &json, err);
}

dla_status dla_metrics_epoch(dla_metrics *metrics, const dla_epoch_metrics *m, dla_error *err)
{
  dla_strbuf out = {0};
  dla_json json = dla_json_begin(&out);
  dla_json_text(&json, "type", "epoch");
  dla_json_integer(&json, "epoch", m->epoch);
  dla_json_integer(&json, "step", m->step);
  dla_json_number(&json, "train_loss", m->train_loss);
  dla_json_number(&json, "train_accuracy", m->train_accuracy);
  dla_json_number(&json, "test_loss", m->test_loss);
  dla_json_number(&json, "test_accuracy", m->test_accuracy);
  dla_json_number(&json, "lr", m->lr);
  dla_json_number(&json, "seconds", m->seconds);
  dla_json_number(&json, "step_seconds", m->step_seconds);
  dla_json_number(&json, "wait_seconds", m->wait_seconds);
  dla_json_number(&json, "test_seconds", m->test_seconds);
  dla_json_number(&json, "save_seconds", m->save_seconds);
  if (m->replaced >= 0) dla_json_integer(&json, "replaced_pictures", m->replaced);
  if (!isnan(m->test_top5)) dla_json_number(&json, "test_top5_accuracy", m->test_top5);
  if (m->image_size > 0) dla_json_integer(&json, "image_size", m->image_size);
  return write_line(metrics, &json, err);
}

dla_status dla_metrics_settle(dla_metrics *metrics, dla_error *err)
{
  FILE *again = freopen(metrics->path, "ae", metrics->file);
  metrics->file = again;
  return again ? DLA_OK : dla_fail_errno(err, metrics->path, "open for writing");
}

void dla_metrics_close(dla_metrics *metrics)
{
  if (!metrics) return;
  if (metrics->file) fclose(metrics->file);
  free(metrics->path);
  free(metrics);
}
