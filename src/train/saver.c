#include "train/saver.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/flush.h"
#include "base/try.h"
#include "checkpoint/earlier.h"
#include "checkpoint/retention.h"
#include "train/logs.h"
#include "train/metrics.h"

struct dla_saver {
  const dla_config *config;
  const dla_self *self;
  char *out, *environment;
  dla_strbuf config_yaml;
  dla_earlier *earlier;
  int64_t last_step, last_epoch; /* of the last save, or where the run starts */
  double last_time;
  double stall;
  int saves;
  /* A save is running. Between create and join, the fields below belong to its thread. Later
   * captures reuse the checkpoint's memory: new memory from the system takes longer than the
   * copy. */
  bool running;
  pthread_t thread;
  dla_checkpoint *checkpoint;
  bool best;
  dla_status status;
  dla_error error;
};

dla_status dla_saver_create(const dla_config *config, const char *out, const char *environment,
                            const dla_self *self, const dla_train_state *state, dla_saver **saver,
                            dla_error *err)
{
  dla_saver *s = calloc(1, sizeof *s);
  if (!s) return dla_fail_memory(err, "a checkpoint");
  *s = (dla_saver){.config = config,
                   .self = self,
                   .out = strdup(out),
                   .environment = strdup(environment),
                   .last_step = state->step,
                   .last_time = dla_clock()};
  dla_config_to_yaml(config, &s->config_yaml);
  if (!s->out || !s->environment || s->config_yaml.failed) {
    dla_saver_free(s);
    return dla_fail_memory(err, "a checkpoint");
  }
  dla_status status =
      dla_earlier_create(out, state->step, config->checkpoint.keep_last - 1, &s->earlier, err);
  if (status) {
    dla_saver_free(s);
    return status;
  }
  *saver = s;
  return DLA_OK;
}

dla_status dla_saver_finish(dla_saver *s, dla_error *err)
{
  if (!s->running) return DLA_OK;
  double start = dla_clock();
  pthread_join(s->thread, NULL);
  s->stall += dla_clock() - start;
  s->running = false;
  if (s->status) *err = s->error;
  return s->status;
}

void dla_saver_free(dla_saver *s)
{
  if (!s) return;
  dla_error ignored;
  dla_saver_finish(s, &ignored);
  dla_checkpoint_free(s->checkpoint);
  dla_earlier_free(s->earlier);
  dla_strbuf_free(&s->config_yaml);
  free(s->out);
  free(s->environment);
  free(s);
}

bool dla_saver_is_due(const dla_saver *s, const dla_train_state *state)
{
  int64_t steps = s->config->checkpoint.every_steps;
  double minutes = s->config->checkpoint.every_minutes;
  return (steps > 0 && state->step - s->last_step >= steps) ||
         (minutes > 0 && dla_clock() - s->last_time >= 60 * minutes);
}

static dla_status flush_log(const dla_saver *s, const char *name, dla_error *err)
{
  dla_strbuf path = {0};
  dla_strbuf_printf(&path, "%s/%s", s->config->output.dir, name);
  dla_status status = path.failed ? dla_fail_memory(err, "a file name") : DLA_OK;
  if (!status) status = dla_flush_file(path.text, err);
  dla_strbuf_free(&path);
  return status;
}

/* What the steps of the checkpoint wrote is on the disk before the checkpoint is: a run that
 * resumes writes the lines of later steps only. */
static dla_status flush_logs(const dla_saver *s, dla_error *err)
{
  dla_status status = flush_log(s, DLA_METRICS_FILE, err);
  return status || !s->config->log.csv ? status : flush_log(s, DLA_CSV_FILE, err);
}

static dla_status write_checkpoint(dla_saver *s, dla_error *err)
{
  TRY(dla_earlier_keep(s->earlier, err));
  TRY(dla_checkpoint_write(s->checkpoint, s->out, err));
  dla_earlier_replaced(s->earlier, dla_checkpoint_state(s->checkpoint)->step);
  return s->best ? dla_checkpoint_keep_best(s->out, s->config->checkpoint.keep_best, err) : DLA_OK;
}

/* Logs that fail do not keep a checkpoint from the disk. */
static void *write_files(void *argument)
{
  dla_saver *s = argument;
  dla_error why = {0};
  const dla_status logs = flush_logs(s, &why);
  s->status = write_checkpoint(s, &s->error);
  if (!s->status && logs) s->error = why;
  if (!s->status) s->status = logs;
  return NULL;
}

static dla_status capture(dla_saver *s, dla_network *network, const dla_train_state *state,
                          dla_error *err)
{
  const dla_tuning *tuning = dla_network_tuning(network);
  dla_strbuf text = {0};
  dla_status status = s->checkpoint
                          ? dla_checkpoint_capture_again(network, state, s->checkpoint, err)
                          : dla_checkpoint_capture(network, state, &s->checkpoint, err);
  if (!status) status = dla_checkpoint_check_numbers(s->checkpoint, err);
  if (!status) status = dla_checkpoint_set_text(s->checkpoint, "config", s->config_yaml.text, err);
  if (!status) status = dla_checkpoint_set_text(s->checkpoint, "environment", s->environment, err);
  if (!status) status = dla_self_write(s->self, s->checkpoint, err);
  if (!status && tuning) {
    dla_tuning_to_text(tuning, &text);
    status = text.failed
                 ? dla_fail_memory(err, "a checkpoint")
                 : dla_checkpoint_set_text(s->checkpoint, "tuning", dla_strbuf_text(&text), err);
  }
  dla_strbuf_free(&text);
  return status;
}

dla_status dla_saver_save(dla_saver *s, dla_network *network, const dla_train_state *state,
                          bool best, dla_error *err)
{
  dla_error ignored;
  if (s->saves && state->step == s->last_step && state->epoch == s->last_epoch && !best)
    return DLA_OK; /* nothing new to save */
  dla_saver_finish(s, &ignored);
  double start = dla_clock();
  dla_status status = capture(s, network, state, err);
  if (status) {
    dla_checkpoint_free(s->checkpoint);
    s->checkpoint = NULL;
    return status;
  }
  s->best = best;
  s->last_step = state->step;
  s->last_epoch = state->epoch;
  s->last_time = dla_clock();
  s->saves++;
  s->running = pthread_create(&s->thread, NULL, write_files, s) == 0;
  if (!s->running) { /* no thread available: write it here */
    write_files(s);
    if (s->status) *err = s->error;
    status = s->status;
  }
  s->stall += dla_clock() - start;
  return status;
}

double dla_saver_stall(const dla_saver *s, int *saves)
{
  *saves = s->saves;
  return s->stall;
}
