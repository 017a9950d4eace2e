/* dla-train [train] config.yaml: trains a network. */
#include <inttypes.h>
#include <stddef.h>
#include <stdio.h>
#include <unistd.h>

#include "base/cpu.h"
#include "base/json.h"
#include "base/plural.h"
#include "base/try.h"
#include "cli/live_report.h"
#include "cli/output.h"
#include "cli/pictures.h"
#include "cli/progress.h"
#include "cli/ranks.h"
#include "cli/show_evaluation.h"
#include "cli/signals.h"
#include "cli/start.h"
#include "cli/train.h"
#include "cli/verb.h"
#include "job/output_lock.h"
#include "train/settle.h"
#include "train/trainer.h"
#include "train/tuning_cache.h"

static const dla_flag flags[] = {
    {"json", NULL, "print the result as one JSON object", offsetof(dla_json_option, json)},
    {0},
};

static void say_pretrained(const dla_config *config, const dla_experiment *x,
                           dla_cli_progress *progress)
{
  if (x->pretrained)
    dla_cli_say(progress, "beginning with the weights of %s%s%s", config->model.pretrained,
                x->drawn[0] ? "; drawn anew: " : "", x->drawn);
}

static dla_status say_plan(const dla_config *config, dla_experiment *x, dla_cli_progress *progress,
                           dla_error *err)
{
  TRY(dla_experiment_prepare(config, x, err));
  if (x->threads > dla_cpu_available())
    dla_cli_say(progress,
                "warning: %d threads on %d processor%s wait for each other (train.threads, "
                "OMP_NUM_THREADS or SLURM_CPUS_PER_TASK)",
                x->threads, dla_cpu_available(), dla_plural((uint64_t)dla_cpu_available()));
  dla_error cache = {0};
  if (dla_dist_rank(x->dist) == 0 && dla_tuning_cache_write(x->network, &cache))
    dla_cli_say(progress, "warning: the tuning is not kept: %s: %s", cache.where, cache.what);
  say_pretrained(config, x, progress);
  dla_cli_say(progress, "%s: %zu training and %zu test images", x->train->format, x->train->count,
              x->test->count);
  char ranks[64] = "";
  if (x->dist)
    snprintf(ranks, sizeof ranks, "on each of %d ranks; batch norm over %s; ",
             dla_dist_size(x->dist), config->train.sync_bn ? "all" : "each rank's batch");
  dla_cli_say(progress,
              "planned memory: %.1f MB for parameters and optimizer, %.1f MB for the rest; "
              "%s%d thread%s, backend %s",
              (double)dla_network_parameter_bytes(x->network) / 1e6,
              (double)dla_network_arena_bytes(x->network) / 1e6, ranks, x->threads,
              dla_plural((uint64_t)x->threads), config->backend.name);
  return DLA_OK;
}

/* If train.max_steps stopped the run within an epoch, there is no evaluation. */
static void write_json(dla_strbuf *out, const dla_outcome *outcome, const char *checkpoint,
                       const char *folder, bool reported)
{
  const dla_evaluation *test = &outcome->test;
  dla_strbuf metrics = {0}, report = {0};
  dla_strbuf_printf(&metrics, "%s/" DLA_METRICS_FILE, folder);
  dla_strbuf_printf(&report, "%s/" DLA_REPORT_FILE, folder);
  dla_json json = dla_json_begin(out);
  dla_json_integer(&json, "epochs", outcome->state.epoch);
  dla_json_integer(&json, "steps", outcome->state.step);
  if (test->count) {
    dla_json_number(&json, "test_accuracy", dla_evaluation_accuracy(test));
    dla_json_number(&json, "test_loss", test->loss);
    dla_json_number(&json, "best_test_accuracy", outcome->state.best_accuracy);
  }
  dla_json_text(&json, "checkpoint", checkpoint);
  dla_json_text(&json, "metrics", dla_strbuf_text(&metrics));
  dla_json_text(&json, "report", reported ? dla_strbuf_text(&report) : NULL);
  dla_json_end_line(&json);
  out->failed |= dla_strbuf_done(&metrics);
  out->failed |= dla_strbuf_done(&report);
}

static dla_status print_outcome(const dla_config *config, const dla_experiment *x,
                                const dla_outcome *outcome, bool reported, bool json,
                                dla_error *err)
{
  dla_strbuf out = {0}, path = {0};
  dla_status status = dla_train_checkpoint_path(config, &path, err);
  if (json) {
    write_json(&out, outcome, dla_strbuf_text(&path), config->output.dir, reported);
  } else {
    if (outcome->test.count) dla_show_evaluation(&out, &outcome->test, x->test);
    dla_strbuf_printf(&out, "checkpoint: %s\nmetrics:    %s/" DLA_METRICS_FILE "\n",
                      dla_strbuf_text(&path), config->output.dir);
    if (reported)
      dla_strbuf_printf(&out, "report:     %s/" DLA_REPORT_FILE "\n", config->output.dir);
  }
  dla_strbuf_free(&path);
  if (!status) return dla_cli_print(&out, err);
  dla_strbuf_free(&out);
  return status;
}

/* Refuses a finished run, and says how to go on. */
static dla_status check_unfinished(const dla_start *start, dla_error *err)
{
  const dla_train_state *state = start->checkpoint ? dla_checkpoint_state(start->checkpoint) : NULL;
  const dla_config *config = &start->config;
  if (state && state->epoch >= config->train.epochs)
    return dla_fail(err, DLA_E_INPUT, dla_strbuf_text(&start->path), "raise train.epochs to go on",
                    "the run is finished: %" PRId64 " of %" PRId64 " epoch%s", state->epoch,
                    config->train.epochs, dla_plural((uint64_t)config->train.epochs));
  if (state && config->train.max_steps > 0 && state->step >= config->train.max_steps)
    return dla_fail(err, DLA_E_INPUT, dla_strbuf_text(&start->path),
                    "raise train.max_steps to go on",
                    "the run is finished: %" PRId64 " of %" PRId64 " step%s", state->step,
                    config->train.max_steps, dla_plural((uint64_t)config->train.max_steps));
  if (state && dla_train_is_out_of_patience(config, state))
    return dla_fail(
        err, DLA_E_INPUT, dla_strbuf_text(&start->path), "raise train.patience to go on",
        "the run is finished: no better test accuracy for %" PRId64 " epoch%s",
        state->epoch - state->best_epoch, dla_plural((uint64_t)(state->epoch - state->best_epoch)));
  return DLA_OK;
}

static dla_status train(const dla_config *config, dla_experiment *x, bool json, dla_error *err)
{
  dla_cli_progress progress;
  dla_cli_progress_init(&progress, config, x->dist);
  dla_cli_live_report report;
  dla_cli_live_report_begin(&report, config, x->dist, &progress);
  dla_observer observer = dla_cli_live_report_observer(&report);
  observer.stop = dla_cli_stop();
  dla_outcome outcome = {0};
  dla_status status = say_plan(config, x, &progress, err);
  const bool begun = !status;
  if (!status) status = dla_train(config, x, &observer, &outcome, err);
  dla_cli_progress_finish(&progress);
  dla_cli_live_report_end(&report, begun, status);
  if (!status && dla_train_is_out_of_patience(config, &outcome.state))
    dla_cli_say(&progress,
                "ended by train.patience: no better test accuracy for %" PRId64
                " epoch%s; the best was %.2f%%, behind epoch %" PRId64,
                outcome.state.epoch - outcome.state.best_epoch,
                dla_plural((uint64_t)(outcome.state.epoch - outcome.state.best_epoch)),
                100 * outcome.state.best_accuracy, outcome.state.best_epoch);
  if (outcome.saves)
    dla_cli_say(&progress, "%d checkpoint%s; training stood still %.0f ms for each", outcome.saves,
                dla_plural((uint64_t)outcome.saves), 1e3 * outcome.stall / outcome.saves);
  if (!status && dla_dist_rank(x->dist) == 0)
    status = print_outcome(config, x, &outcome, report.written, json, err);
  dla_evaluation_free(&outcome.test);
  return status;
}

/* All ranks must start from the same state as rank 0. */
static dla_status check_same_start(const dla_start *start, dla_error *err)
{
  int64_t here = dla_start_step(start), first = here;
  dla_dist_broadcast(start->dist, &first, sizeof first);
  if (here == first) return DLA_OK;
  return dla_fail(err, DLA_E_INPUT, "checkpoint.in", "put it into a folder that all hosts share",
                  "the checkpoint here is of step %" PRId64 ", but rank 0's of step %" PRId64, here,
                  first);
}

/* A run may have ended after its last checkpoint, but before all that belongs to it. Only a try:
 * somebody who looks at a finished run may not be able to write there. */
static void settle_finished(const dla_config *config, dla_output_lock *lock)
{
  dla_error ignored = {0};
  dla_strbuf out = {0};
  if (access(config->output.dir, W_OK) == 0 &&
      dla_train_checkpoint_path(config, &out, &ignored) == DLA_OK &&
      dla_output_lock_take(config, INT64_MAX, lock, &ignored) == DLA_OK)
    dla_train_settle(config, out.text, &ignored);
  dla_strbuf_free(&out);
}

/* Makes everything that the first step needs. If it fails on one rank, no rank goes on. */
static dla_status make_experiment(dla_start *start, dla_cli_ranks *ranks, dla_output_lock *lock,
                                  dla_experiment *x, dla_error *err)
{
  dla_cli_watch state;
  const dla_experiment_watch watch = dla_cli_watch_pictures(&state, &start->config, start->dist);
  TRY(dla_cli_ranks_agree(ranks, check_same_start(start, err), err));
  const bool writes = dla_dist_rank(start->dist) == 0;
  dla_status status = check_unfinished(start, err);
  if (status && writes) settle_finished(&start->config, lock);
  if (!status && writes)
    status = dla_output_lock_take(&start->config, dla_start_step(start), lock, err);
  if (!status) status = dla_staged_run_push(start->staged, err);
  if (!status)
    status = dla_experiment_create(&start->config, true, start->checkpoint,
                                   dla_strbuf_text(&start->path), start->dist, &watch, x, err);
  if (!status)
    status = dla_cli_say_pictures(&state.progress, &start->config, x->train,
                                  dla_dist_rank(start->dist) == 0 ? start->config.output.dir : NULL,
                                  err);
  if (!status) dla_start_warn(start);
  dla_checkpoint_free(start->checkpoint);
  start->checkpoint = NULL; /* frees memory: it is as large as the network */
  return dla_cli_ranks_agree(ranks, status, err);
}

/* Trains, and frees *start. */
static dla_status go(dla_start *start, dla_cli_ranks *ranks, bool json, dla_error *err)
{
  dla_experiment x = {0};
  dla_output_lock lock = {0};
  dla_status status = make_experiment(start, ranks, &lock, &x, err);
  if (!status) status = train(&start->config, &x, json, err);
  dla_experiment_free(&x);
  status = dla_staged_run_finish(start->staged, status, err);
  start->staged = NULL;
  dla_output_lock_release(&lock, &start->config);
  dla_start_free(start);
  return status;
}

static dla_status run(const dla_verb *verb, int argc, char **argv, dla_error *err)
{
  dla_cli_start start;
  dla_json_option options = {0};
  dla_cli_catch_signals();
  dla_cli_ranks ranks;
  TRY(dla_cli_ranks_begin(&ranks, err));
  dla_status status = dla_cli_start_run(verb, argc, argv, &options, true, ranks.dist, &start, err);
  status = dla_cli_ranks_agree(&ranks, status, err);
  if (status)
    dla_start_free(&start.job);
  else
    status = go(&start.job, &ranks, options.json, err);
  return dla_cli_ranks_end(&ranks, status, err);
}

dla_status dla_cli_train_text(const char *name, const char *text, dla_error *err)
{
  dla_cli_start start;
  dla_cli_catch_signals();
  dla_status status = dla_cli_start_text(name, text, &start, err);
  dla_cli_ranks alone = {0};
  return status ? status : go(&start.job, &alone, false, err);
}

const dla_verb dla_verb_train = {
    .name = "train",
    .summary = "train a network (the verb that is meant when none is named)",
    .flags = flags,
    .parallel = true,
    .run = run,
};
