#include "train/trainer.h"

#include <inttypes.h>
#include <math.h>
#include <stdlib.h>

#include "base/clock.h"
#include "optim/schedule.h"

typedef struct trainer {
  const dla_config *config;
  dla_experiment *x;
  const dla_observer *observer;
  dla_metrics *metrics;
  dla_strbuf config_yaml, checkpoint_path;
  dla_train_state state;
  dla_evaluation test;
  /* Of the epoch under way: */
  double loss_sum, lr, started;
  int64_t samples, correct, first_batch;
} trainer;

dla_status dla_train_checkpoint_path(const dla_config *config, dla_strbuf *path, dla_error *err)
{
  if (config->checkpoint.out[0])
    dla_strbuf_printf(path, "%s", config->checkpoint.out);
  else
    dla_strbuf_printf(path, "%s/checkpoint.safetensors", config->output.dir);
  return path->failed ? dla_fail_memory(err, "a file name") : DLA_OK;
}

static dla_status diverged(const trainer *t, double loss, dla_error *err)
{
  char where[64];
  snprintf(where, sizeof where, "step %" PRId64, t->state.step);
  return dla_fail(err, DLA_E_DIVERGED, where,
                  "lower optimizer.lr, or warm up with schedule.warmup_epochs",
                  "the loss became %g at a learning rate of %g", loss, t->lr);
}

static dla_status record_step(trainer *t, const dla_batch *batch, const dla_result *result,
                              double seconds, dla_error *err)
{
  t->state.step++;
  t->state.batch++;
  if (!isfinite(result->loss)) return diverged(t, result->loss, err);
  t->loss_sum += result->loss * (double)batch->count;
  t->samples += (int64_t)batch->count;
  t->correct += result->correct;
  double rate = (double)batch->count / seconds;
  const dla_step_metrics m = {t->state.step, t->state.epoch + 1, result->loss, t->lr, rate};
  dla_status status = dla_metrics_step(t->metrics, &m, err);
  if (status || !t->observer->step) return status;
  const dla_progress progress = {
      .epoch = t->state.epoch + 1,
      .epochs = t->config->train.epochs,
      .batch = t->state.batch,
      .batches = (int64_t)dla_loader_batches(t->x->train_loader),
      .first_batch = t->first_batch,
      .started = t->started,
      .loss = t->loss_sum / (double)t->samples,
      .accuracy = (double)t->correct / (double)t->samples,
      .lr = t->lr,
      .images_per_second = (double)t->samples / (dla_clock() - t->started),
  };
  t->observer->step(t->observer->context, &progress);
  return DLA_OK;
}

static dla_status train_batch(trainer *t, const dla_batch *batch, dla_error *err)
{
  const dla_config *config = t->config;
  t->lr = dla_schedule_lr(config, t->state.epoch, t->state.batch,
                          (int64_t)dla_loader_batches(t->x->train_loader));
  const dla_sgd sgd = {(float)t->lr, (float)config->optimizer.momentum,
                       (float)config->optimizer.weight_decay, config->optimizer.nesterov};
  t->state.sgd = sgd;
  dla_result result;
  double start = dla_clock();
  dla_status status = dla_network_train(t->x->network, batch->images, batch->labels,
                                        (int64_t)batch->count, &sgd, &result, err);
  return status ? status : record_step(t, batch, &result, dla_clock() - start, err);
}

static bool out_of_steps(const trainer *t)
{
  int64_t max_steps = t->config->train.max_steps;
  return max_steps > 0 && t->state.step >= max_steps;
}

static dla_status save(trainer *t, dla_error *err)
{
  return dla_checkpoint_save(dla_strbuf_text(&t->checkpoint_path), t->x->network, &t->state,
                             dla_strbuf_text(&t->config_yaml), err);
}

static dla_status finish_epoch(trainer *t, dla_error *err)
{
  dla_evaluation_free(&t->test);
  dla_status status =
      dla_evaluate(t->x->network, t->x->test_loader, &t->observer->stop, &t->test, err);
  if (status) return status;
  double samples = t->samples ? (double)t->samples : NAN;
  const dla_epoch_metrics m = {
      .epoch = t->state.epoch + 1,
      .step = t->state.step,
      .train_loss = t->loss_sum / samples,
      .train_accuracy = (double)t->correct / samples,
      .test_loss = t->test.loss,
      .test_accuracy = dla_evaluation_accuracy(&t->test),
      .lr = t->lr,
      .seconds = dla_clock() - t->started,
  };
  if (m.test_accuracy > t->state.best_accuracy) t->state.best_accuracy = m.test_accuracy;
  if (t->state.batch == (int64_t)dla_loader_batches(t->x->train_loader)) {
    t->state.epoch++;
    t->state.batch = 0;
  }
  status = dla_metrics_epoch(t->metrics, &m, err);
  if (!status && t->observer->epoch) t->observer->epoch(t->observer->context, &m);
  return status;
}

static dla_status train_epoch(trainer *t, dla_error *err)
{
  t->loss_sum = 0;
  t->samples = t->correct = 0;
  t->first_batch = t->state.batch;
  t->started = dla_clock();
  dla_status status = DLA_OK;
  dla_batch batch;
  dla_loader_start(t->x->train_loader, (uint64_t)t->state.epoch, (size_t)t->state.batch);
  while (!status && !out_of_steps(t)) {
    dla_loader_next(t->x->train_loader, &batch);
    if (!batch.count) break;
    status = train_batch(t, &batch, err);
  }
  return status ? status : finish_epoch(t, err);
}

static dla_status train_epochs(trainer *t, dla_error *err)
{
  const dla_config *config = t->config;
  while (t->state.epoch < config->train.epochs && !out_of_steps(t)) {
    dla_status status = train_epoch(t, err);
    if (status) return status;
    bool last = t->state.epoch >= config->train.epochs || out_of_steps(t);
    if (last || t->state.epoch % config->checkpoint.every_epochs == 0) status = save(t, err);
    if (status) return status;
  }
  return DLA_OK;
}

static dla_status open_outputs(trainer *t, dla_error *err)
{
  dla_config_to_yaml(t->config, &t->config_yaml);
  dla_strbuf path = {0};
  dla_strbuf_printf(&path, "%s/metrics.jsonl", t->config->output.dir);
  dla_status status = dla_train_checkpoint_path(t->config, &t->checkpoint_path, err);
  if (!status && (path.failed || t->config_yaml.failed))
    status = dla_fail_memory(err, "a file name");
  if (!status)
    status = dla_metrics_open(path.text, t->state.step, t->state.epoch, &t->metrics, err);
  dla_strbuf_free(&path);
  return status;
}

dla_status dla_train(const dla_config *config, dla_experiment *experiment,
                     const dla_train_state *state, const dla_observer *observer,
                     dla_outcome *outcome, dla_error *err)
{
  trainer t = {.config = config, .x = experiment, .observer = observer, .state = *state};
  dla_status status = open_outputs(&t, err);
  if (!status) status = train_epochs(&t, err);
  dla_metrics_close(t.metrics);
  dla_strbuf_free(&t.config_yaml);
  dla_strbuf_free(&t.checkpoint_path);
  if (status)
    dla_evaluation_free(&t.test);
  else
    *outcome = (dla_outcome){t.state, t.test};
  return status;
}
