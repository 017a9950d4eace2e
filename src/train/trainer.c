#include "train/trainer.h"

#include <inttypes.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/try.h"
#include "optim/plateau.h"
#include "optim/schedule.h"
#include "train/environment.h"
#include "train/logs.h"
#include "train/progressive.h"
#include "train/record.h"
#include "train/saver.h"
#include "train/settle.h"

typedef struct trainer {
  const dla_config *config;
  dla_experiment *x;
  const dla_observer *observer;
  dla_metrics *metrics; /* metrics, saver and record are NULL on all ranks but the first */
  dla_saver *saver;
  dla_logs *logs;         /* NULL also without such logs */
  dla_record *record;     /* NULL also without log.report */
  dla_mistakes *mistakes; /* of every rank; NULL without log.report */
  bool inputs_recorded;   /* the parts of the record that do not change are written */
  bool record_failed;     /* and reported */
  dla_self self;          /* texts for checkpoints */
  dla_strbuf checkpoint_path;
  dla_train_state state;
  dla_update_numbers update; /* of the next step, except rate and step */
  dla_evaluation test;
  double lr, started;  /* the epoch's last rate, and its start time */
  int64_t first_batch; /* the first batch of the epoch in this process */
  int64_t first_sample;
  int64_t replaced; /* unreadable pictures of this rank in this epoch */
  bool stop;        /* some rank was asked to stop */
  double began;     /* start of training in this process */
  int64_t steps;    /* done in this process */
  /* Of the epoch; stall_before: the saver's stall at the end of the previous epoch. */
  double step_seconds, wait_seconds, test_seconds, stall_before;
  bool time_is_up; /* some rank reached train.time_limit */
  /* With several ranks: the first rank found that a checkpoint would not be finite. All ranks
   * stop after the next step. */
  bool spoiled;
  dla_error why; /* the first rank's reason */
} trainer;

dla_status dla_train_checkpoint_path(const dla_config *config, dla_strbuf *path, dla_error *err)
{
  if (config->checkpoint.out[0])
    dla_strbuf_printf(path, "%s", config->checkpoint.out);
  else
    dla_strbuf_printf(path, "%s/" DLA_CHECKPOINT_FILE, config->output.dir);
  return path->failed ? dla_fail_memory(err, "a file name") : DLA_OK;
}

static int64_t batches(const trainer *t)
{
  return (int64_t)dla_loader_batches(t->x->train_loader);
}

/* which: "loss" or "test loss". */
static dla_status diverged(const trainer *t, const char *which, double loss, dla_error *err)
{
  char where[64];
  snprintf(where, sizeof where, "step %" PRId64, t->state.step);
  return dla_fail(err, DLA_E_DIVERGED, where,
                  "lower optimizer.lr, or warm up with schedule.warmup_epochs",
                  "the %s became %g at a learning rate of %g", which, loss, t->lr);
}

static dla_status spoiled(const trainer *t, dla_error *err)
{
  *err = t->why;
  return t->why.status ? t->why.status
                       : dla_fail(err, DLA_E_DIVERGED, NULL, NULL, "a parameter is not finite");
}

static bool is_over_time(const trainer *t)
{
  double limit = t->config->train.time_limit;
  return limit > 0 && dla_clock() - t->began >= limit;
}

/* Combines this rank's result with the others'. The ranks also agree whether to stop, so that all
 * stop after the same step. */
static dla_result sum_over_ranks(trainer *t, const dla_batch *batch, dla_result here)
{
  if (!t->x->dist) {
    t->stop = dla_stop_requested(&t->observer->stop);
    t->time_is_up = is_over_time(t);
    return here;
  }
  double sums[] = {0, 0, dla_stop_requested(&t->observer->stop), t->spoiled, is_over_time(t)};
  if (batch->counts) {
    sums[0] = here.loss * (double)batch->count;
    sums[1] = (double)here.correct;
  }
  dla_dist_sum(t->x->dist, sums, sizeof sums / sizeof *sums);
  t->stop = sums[2] > 0;
  t->spoiled = sums[3] > 0;
  t->time_is_up = sums[4] > 0;
  return (dla_result){sums[0] / (double)batch->total, (int64_t)sums[1], here.grad_norm};
}

static dla_status record_step(trainer *t, const dla_batch *batch, const dla_result *result,
                              double seconds, dla_error *err)
{
  t->state.step++;
  t->state.batch++;
  if (!isfinite(result->loss)) return diverged(t, "loss", result->loss, err);
  t->state.epoch_loss += result->loss * (double)batch->total;
  t->state.epoch_samples += (int64_t)batch->total;
  t->state.epoch_correct += result->correct;
  if (!t->metrics) return DLA_OK;
  double rate = (double)batch->total / seconds;
  const dla_step_metrics m = {t->state.step, t->state.epoch + 1, result->loss, t->lr,
                              rate,          result->grad_norm};
  dla_status status = dla_metrics_step(t->metrics, &m, err);
  dla_logs_step(t->logs, &m);
  if (status || !t->observer->step) return status;
  const dla_progress progress = {
      .epoch = t->state.epoch + 1,
      .epochs = t->config->train.epochs,
      .batch = t->state.batch,
      .batches = batches(t),
      .first_batch = t->first_batch,
      .started = t->started,
      .loss = t->state.epoch_loss / (double)t->state.epoch_samples,
      .accuracy = (double)t->state.epoch_correct / (double)t->state.epoch_samples,
      .lr = t->lr,
      .images_per_second =
          (double)(t->state.epoch_samples - t->first_sample) / (dla_clock() - t->started),
  };
  t->observer->step(t->observer->context, &progress);
  return DLA_OK;
}

/* In early steps the average forgets the initial weights faster, as TensorFlow's
 * ExponentialMovingAverage with num_updates and timm's ModelEmaV3 with warm-up do. */
static void average(trainer *t)
{
  const double decay = t->config->train.ema, steps = (double)t->state.step;
  if (decay > 0) dla_network_average(t->x->network, fmin(decay, (1 + steps) / (10 + steps)));
}

/* A failure to write the report is a warning, shown once; training goes on. */
static void warn_of_record(trainer *t, dla_status status, const dla_error *why)
{
  if (!status || t->record_failed) return;
  t->record_failed = true;
  if (t->observer->warn) t->observer->warn(t->observer->context, why);
}

/* Height and width of the images in the current epoch. */
static int side_of_epoch(const trainer *t)
{
  const dla_progressive progressive = dla_progressive_of(t->config);
  return dla_progressive_size(&progressive, (int)t->config->model.image_size,
                              (uint64_t)t->state.epoch);
}

static void record_inputs(trainer *t, const dla_batch *batch)
{
  dla_error why = {0};
  if (!t->record || t->inputs_recorded) return;
  t->inputs_recorded = true;
  warn_of_record(t, dla_record_run(t->record, batch, side_of_epoch(t), &why), &why);
}

static void record_evaluation(trainer *t)
{
  dla_error why = {0};
  if (t->record)
    warn_of_record(t, dla_record_evaluation(t->record, t->state.epoch + 1, &t->test, &why), &why);
}

/* The learning rate of a batch in the current epoch. */
static double rate_of(const trainer *t, int64_t batch)
{
  const dla_schedule *schedule = &t->config->schedule;
  double lr = t->config->optimizer.lr;
  if (schedule->name == DLA_SCHEDULE_PLATEAU) lr = dla_plateau_lr(&t->state.plateau, schedule, lr);
  return dla_schedule_lr(schedule, lr, t->state.epoch, batch, batches(t));
}

static dla_status train_batch(trainer *t, const dla_batch *batch, dla_error *err)
{
  t->lr = rate_of(t, t->state.batch);
  t->update.value[0] = t->lr;
  t->update.step = t->state.step + 1;
  t->state.update = t->update;
  dla_result result;
  dla_record_step(t->record, t->steps++);
  double start = dla_clock();
  const dla_batch_share share = {batch->counts, (int64_t)batch->total};
  const dla_batch_labels labels = {batch->labels, batch->partners, batch->lambda};
  TRY(dla_network_train_share(t->x->network, batch->images, &labels, (int64_t)batch->count, &share,
                              &t->state.update, &result, err));
  result = sum_over_ranks(t, batch, result);
  if (t->spoiled) return spoiled(t, err);
  average(t);
  const double seconds = dla_clock() - start;
  t->step_seconds += seconds;
  return record_step(t, batch, &result, seconds, err);
}

bool dla_train_is_out_of_patience(const dla_config *config, const dla_train_state *state)
{
  const int64_t patience = config->train.patience;
  return patience > 0 && state->epoch - state->best_epoch >= patience;
}

/* A run finishes after the evaluation of an epoch. */
static bool is_finished(const trainer *t)
{
  return t->state.epoch >= t->config->train.epochs ||
         dla_train_is_out_of_patience(t->config, &t->state);
}

/* The run ends before its last epoch. */
static bool ends_early(const trainer *t)
{
  int64_t max_steps = t->config->train.max_steps;
  return t->time_is_up || (max_steps > 0 && t->state.step >= max_steps);
}

/* A checkpoint that could not be written is only a warning: the next one may succeed. */
static void warn_of_last_save(const trainer *t)
{
  dla_error why = {0};
  if (dla_saver_finish(t->saver, &why) && t->observer->warn)
    t->observer->warn(t->observer->context, &why);
}

/* Waits until the last checkpoint is on disk. */
static dla_status finish_saving(const trainer *t, dla_error *err)
{
  return t->saver ? dla_saver_finish(t->saver, err) : DLA_OK;
}

static dla_status save(trainer *t, bool best, dla_error *err)
{
  if (!t->saver || t->spoiled) return DLA_OK;
  warn_of_last_save(t);
  /* A program that pushes the files must get the metrics no later than the checkpoint. */
  dla_status status = dla_metrics_settle(t->metrics, err);
  if (!status) status = dla_saver_save(t->saver, t->x->network, &t->state, best, err);
  if (status != DLA_E_DIVERGED || !t->x->dist) return status;
  t->spoiled = true; /* the other ranks are already in the next step */
  t->why = *err;
  return DLA_OK;
}

/* All steps are done: the run need not be resumed. */
static dla_status without_evaluation(const trainer *t)
{
  dla_error why = {0};
  dla_fail(&why, DLA_E_INTERRUPTED, t->time_is_up ? "train.time_limit" : "train.max_steps", NULL,
           "all %" PRId64 " steps are done and saved; the evaluation behind them was interrupted",
           t->state.step);
  if (t->observer->warn) t->observer->warn(t->observer->context, &why);
  return DLA_OK;
}

/* Stopped between two steps or during the evaluation: saves the state after the last step. */
static dla_status interrupted(trainer *t, dla_error *err)
{
  TRY(save(t, false, err));
  TRY(finish_saving(t, err));
  if (ends_early(t)) return without_evaluation(t);
  return dla_fail(err, DLA_E_INTERRUPTED, dla_strbuf_text(&t->checkpoint_path),
                  strcmp(t->config->checkpoint.in, "auto") == 0
                      ? "the same command goes on"
                      : "the same command with checkpoint.in=auto goes on",
                  "stopped behind step %" PRId64 ", which is saved", t->state.step);
}

static void tell_missing(void *context, size_t sample, const dla_error *why)
{
  (void)sample;
  const trainer *t = context;
  dla_error told = *why;
  dla_fail(&told, why->status, why->where, why->hint, "%s; another picture stands in for it",
           why->what);
  if (t->observer->warn) t->observer->warn(t->observer->context, &told);
}

/* Counts pictures that turned out unreadable or missing, and reports each once. */
static void count_replaced(trainer *t, dla_loader *loader)
{
  if (t->x->train->read) t->replaced += (int64_t)dla_loader_stand_ins(loader, tell_missing, t);
}

static int64_t replaced_of_all(const trainer *t)
{
  int64_t count = t->replaced;
  if (!t->x->train->read) return -1;
  dla_dist_sum_integers(t->x->dist, &count, 1);
  return count;
}

/* Updates the state at the end of an epoch, unless train.max_steps or time_limit ended it early. */
static bool close_epoch(trainer *t, double accuracy, double loss)
{
  if (t->state.batch < batches(t)) return false;
  bool best = accuracy > t->state.best_accuracy;
  t->state.epoch++;
  if (best) t->state.best_accuracy = accuracy;
  if (best) t->state.best_epoch = t->state.epoch;
  if (t->config->schedule.name == DLA_SCHEDULE_PLATEAU)
    dla_plateau_step(&t->state.plateau, &t->config->schedule, loss);
  t->state.batch = 0;
  t->state.epoch_loss = 0;
  t->state.epoch_samples = t->state.epoch_correct = 0;
  return best;
}

static dla_status evaluate(trainer *t, dla_error *err)
{
  dla_network *network = t->x->network;
  const bool averages = dla_network_averages(network);
  const double start = dla_clock();
  if (averages) dla_network_average_swap(network);
  dla_status status = dla_evaluate(network, t->x->test_loader, t->config->eval.tta, t->x->dist,
                                   &t->observer->stop, &t->test, t->mistakes, err);
  if (averages) dla_network_average_swap(network);
  t->test_seconds = dla_clock() - start;
  if (!status) record_evaluation(t);
  return status;
}

/* Seconds of stall since the previous epoch. */
static double stalled(trainer *t)
{
  int ignored;
  const double before = t->stall_before;
  if (t->saver) t->stall_before = dla_saver_stall(t->saver, &ignored);
  return t->stall_before - before;
}

static dla_status finish_epoch(trainer *t, bool *best, dla_error *err)
{
  dla_evaluation_free(&t->test);
  dla_status status = evaluate(t, err);
  count_replaced(t, t->x->test_loader);
  if (status) t->test = (dla_evaluation){0};
  if (status) return status;
  double samples = t->state.epoch_samples ? (double)t->state.epoch_samples : NAN;
  const dla_epoch_metrics m = {
      .epoch = t->state.epoch + 1,
      .step = t->state.step,
      .train_loss = t->state.epoch_loss / samples,
      .train_accuracy = (double)t->state.epoch_correct / samples,
      .test_loss = t->test.loss,
      .test_accuracy = dla_evaluation_accuracy(&t->test),
      .lr = t->lr,
      .seconds = dla_clock() - t->started,
      .replaced = replaced_of_all(t),
      .test_top5 = dla_evaluation_top5(&t->test),
      .image_size = t->config->augment.initial_scale < 1 ? side_of_epoch(t) : 0,
      .step_seconds = t->step_seconds,
      .wait_seconds = t->wait_seconds,
      .test_seconds = t->test_seconds,
      .save_seconds = stalled(t),
  };
  if (t->metrics) status = dla_metrics_epoch(t->metrics, &m, err);
  if (!status) status = dla_logs_epoch(t->logs, &m, t->x->network, &t->test, err);
  if (!status && t->metrics && t->observer->epoch) t->observer->epoch(t->observer->context, &m);
  if (!status && !isfinite(m.test_loss)) status = diverged(t, "test loss", m.test_loss, err);
  if (!status) *best = close_epoch(t, m.test_accuracy, m.test_loss);
  return status;
}

static dla_status train_batches(trainer *t, dla_error *err)
{
  dla_status status = DLA_OK;
  dla_batch batch;
  dla_loader_start(t->x->train_loader, (uint64_t)t->state.epoch, (size_t)t->state.batch);
  while (!status && !ends_early(t)) {
    const double start = dla_clock();
    status = dla_loader_next(t->x->train_loader, &batch, err);
    t->wait_seconds += dla_clock() - start;
    if (status || !batch.count) break;
    record_inputs(t, &batch);
    status = train_batch(t, &batch, err);
    count_replaced(t, t->x->train_loader);
    if (!status && t->stop) return dla_fail(err, DLA_E_INTERRUPTED, NULL, NULL, "interrupted");
    if (!status && t->saver && dla_saver_is_due(t->saver, &t->state)) status = save(t, false, err);
  }
  return status;
}

static dla_status train_epoch(trainer *t, dla_error *err)
{
  bool best = false;
  t->first_batch = t->state.batch;
  t->first_sample = t->state.epoch_samples;
  t->started = dla_clock();
  t->replaced = 0;
  t->step_seconds = t->wait_seconds = 0;
  if (t->state.batch > 0) t->lr = rate_of(t, t->state.batch - 1);
  dla_status status = dla_network_resize_steps(t->x->network, side_of_epoch(t), err);
  if (!status) status = train_batches(t, err);
  if (!status) status = finish_epoch(t, &best, err);
  if (status == DLA_E_INTERRUPTED) return interrupted(t, err);
  if (status) return status;
  bool last = is_finished(t) || ends_early(t);
  bool due = t->state.epoch % t->config->checkpoint.every_epochs == 0;
  return last || due || best ? save(t, best, err) : DLA_OK;
}

static dla_status train_epochs(trainer *t, dla_error *err)
{
  while (!is_finished(t) && !ends_early(t)) {
    TRY(train_epoch(t, err));
  }
  return finish_saving(t, err);
}

/* Training, up to the point where all ranks agree on the result. */
static dla_status train_together(trainer *t, dla_error *err)
{
  dla_status status = train_epochs(t, err);
  bool together = !status || status == DLA_E_DIVERGED || status == DLA_E_INTERRUPTED;
  if (t->x->dist && together && dla_dist_any(t->x->dist, t->spoiled)) return spoiled(t, err);
  return status;
}

static dla_status open_outputs(trainer *t, dla_error *err)
{
  dla_strbuf path = {0}, environment = {0};
  dla_strbuf_printf(&path, "%s/" DLA_METRICS_FILE, t->config->output.dir);
  dla_environment_describe(t->config, t->x->dist, &environment);
  bool failed = path.failed || environment.failed;
  dla_status status = failed ? dla_fail_memory(err, "a file name") : DLA_OK;
  if (!status) status = dla_train_settle(t->config, t->checkpoint_path.text, err);
  if (!status)
    status = dla_metrics_open(path.text, t->state.step, t->state.epoch, &t->metrics, err);
  if (!status) status = dla_logs_open(t->config, t->state.step, t->state.epoch, &t->logs, err);
  if (!status)
    status = dla_self_describe(t->config, t->x->train, &t->x->normalization, &t->self, err);
  if (!status)
    status = dla_saver_create(t->config, t->checkpoint_path.text, environment.text, &t->self,
                              &t->state, &t->saver, err);
  if (!status && t->config->log.report)
    status = dla_record_create(t->config, t->x, environment.text, t->mistakes, &t->record, err);
  dla_strbuf_free(&path);
  dla_strbuf_free(&environment);
  return status;
}

dla_status dla_train(const dla_config *config, dla_experiment *experiment,
                     const dla_observer *observer, dla_outcome *outcome, dla_error *err)
{
  trainer t = {.config = config,
               .x = experiment,
               .observer = observer,
               .state = experiment->state,
               .update = dla_config_update(config, config->optimizer.lr),
               .began = dla_clock()};
  dla_status status = dla_train_checkpoint_path(config, &t.checkpoint_path, err);
  if (!status && config->log.report)
    status = dla_mistakes_create(dla_network_input_shape(experiment->network),
                                 &experiment->normalization, &t.mistakes, err);
  if (!status && dla_dist_rank(experiment->dist) == 0) status = open_outputs(&t, err);
  if (!status && experiment->dist) status = dla_network_share_parameters(experiment->network, err);
  if (!status) status = train_together(&t, err);
  *outcome = (dla_outcome){.state = t.state, .test = t.test};
  if (t.saver) outcome->stall = dla_saver_stall(t.saver, &outcome->saves);
  dla_saver_free(t.saver);
  dla_record_free(t.record);
  dla_mistakes_free(t.mistakes);
  dla_self_free(&t.self);
  dla_metrics_close(t.metrics);
  dla_logs_close(t.logs);
  dla_strbuf_free(&t.checkpoint_path);
  return status;
}
