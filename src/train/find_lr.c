#include "train/find_lr.h"

#include <math.h>
#include <stdlib.h>

#include "base/atomic_file.h"
#include "base/json.h"
#include "base/make_folder.h"

/* Lightning's constants: weight of the old smoothed loss; divergence in multiples of the least
 * loss; points at both ends that are never suggested. */
#define SMOOTHING 0.98
#define DIVERGED  4
enum { SKIP_BEGIN = 10, SKIP_END = 1 };

typedef struct search {
  const dla_find_lr_options *options;
  dla_experiment *x;
  dla_update_numbers update;
  dla_lr_curve *curve;
  double average, least; /* of the loss; without bias correction */
} search;

static double rate(const dla_find_lr_options *o, int step)
{
  return o->min * pow(o->max / o->min, (double)step / (o->steps - 1));
}

static double mean_over_ranks(const search *s, const dla_batch *batch, double loss)
{
  if (!s->x->dist) return loss;
  double sum = batch->counts ? loss * (double)batch->count : 0;
  dla_dist_sum(s->x->dist, &sum, 1);
  return sum / (double)batch->total;
}

/* Bias correction: the running average is divided by the sum of its weights. */
static void record(search *s, double lr, double loss)
{
  dla_lr_curve *c = s->curve;
  s->average = SMOOTHING * s->average + (1 - SMOOTHING) * loss;
  const double smoothed = s->average / (1 - pow(SMOOTHING, c->count + 1));
  c->diverged = !isfinite(loss) || (c->count > 1 && smoothed > DIVERGED * s->least);
  if (!isfinite(loss)) return;
  if (c->count < 2 || smoothed < s->least) s->least = smoothed;
  c->point[c->count++] = (dla_lr_point){lr, loss, smoothed};
}

static dla_status try_batch(search *s, const dla_batch *batch, dla_error *err)
{
  const dla_batch_share share = {batch->counts, (int64_t)batch->total};
  const dla_batch_labels labels = {batch->labels, batch->partners, batch->lambda};
  const double lr = rate(s->options, s->curve->count);
  dla_result result;
  s->update.value[0] = lr;
  s->update.step = s->curve->count + 1;
  dla_status status =
      dla_network_train_share(s->x->network, batch->images, &labels, (int64_t)batch->count, &share,
                              &s->update, &result, err);
  if (!status) record(s, lr, mean_over_ranks(s, batch, result.loss));
  return status;
}

/* Runs as many epochs as needed. */
static dla_status try_all(search *s, dla_error *err)
{
  dla_status status = DLA_OK;
  for (uint64_t epoch = 0; !status && s->curve->count < s->options->steps; epoch++) {
    dla_batch batch;
    dla_loader_start(s->x->train_loader, epoch, 0);
    while (!status && s->curve->count < s->options->steps && !s->curve->diverged) {
      status = dla_loader_next(s->x->train_loader, &batch, err);
      if (status || !batch.count) break;
      status = try_batch(s, &batch, err);
    }
    if (s->curve->diverged) break;
  }
  return status;
}

/* numpy.gradient: central differences, one-sided at the ends. The logarithms of the rates are
 * equally spaced. */
static double slope(const dla_lr_point *p, int i, int first, int last)
{
  const int before = i > first ? i - 1 : i, after = i < last ? i + 1 : i;
  return (p[after].smoothed - p[before].smoothed) / (after - before);
}

static int steepest(const dla_lr_curve *c)
{
  const int last = c->count - SKIP_END - 1;
  int best = -1;
  double least = 0;
  for (int i = SKIP_BEGIN; i <= last && last > SKIP_BEGIN; i++) {
    const double here = slope(c->point, i, SKIP_BEGIN, last);
    if (here >= least) continue;
    least = here;
    best = i;
  }
  return best;
}

dla_status dla_find_lr(const dla_config *config, dla_experiment *experiment,
                       const dla_find_lr_options *options, dla_lr_curve *curve, dla_error *err)
{
  *curve = (dla_lr_curve){.point = calloc((size_t)options->steps, sizeof *curve->point)};
  if (!curve->point) return dla_fail_memory(err, "the learning rates");
  search s = {.options = options,
              .x = experiment,
              .update = dla_config_update(config, options->min),
              .curve = curve};
  dla_status status = DLA_OK;
  if (experiment->dist) status = dla_network_share_parameters(experiment->network, err);
  if (!status) status = try_all(&s, err);
  curve->suggested = steepest(curve);
  return status;
}

dla_status dla_lr_curve_write(const dla_lr_curve *curve, const dla_config *config, dla_error *err)
{
  dla_strbuf path = {0}, out = {0};
  for (int i = 0; i < curve->count; i++) {
    dla_json json = dla_json_begin(&out);
    dla_json_integer(&json, "step", i + 1);
    dla_json_number(&json, "lr", curve->point[i].lr);
    dla_json_number(&json, "loss", curve->point[i].loss);
    dla_json_number(&json, "smoothed_loss", curve->point[i].smoothed);
    dla_json_end_line(&json);
  }
  dla_strbuf_printf(&path, "%s/" DLA_LR_FILE, config->output.dir);
  dla_status status =
      path.failed || out.failed ? dla_fail_memory(err, "the learning rates") : DLA_OK;
  if (!status) status = dla_make_folder(config->output.dir, err);
  if (!status) status = dla_atomic_replace(path.text, dla_strbuf_text(&out), out.length, err);
  dla_strbuf_free(&path);
  dla_strbuf_free(&out);
  return status;
}

void dla_lr_curve_free(dla_lr_curve *curve)
{
  free(curve->point);
  *curve = (dla_lr_curve){0};
}
