#include "sweep/run_trial.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/folder_lock.h"
#include "base/plural.h"
#include "base/try.h"
#include "process/argv.h"
#include "process/process.h"
#include "train/settle.h"
#include "train/trainer.h"

extern char **environ;

/* Writes the trial's output to its log, and keeps the last error. */
typedef struct listener {
  FILE *log;
  char error[512];
} listener;

static void take_line(void *context, const char *line)
{
  static const char mark[] = "dla-train: error: ";
  listener *l = context;
  fprintf(l->log, "%s\n", line);
  fflush(l->log);
  if (strncmp(line, mark, sizeof mark - 1) == 0)
    snprintf(l->error, sizeof l->error, "%s", line + sizeof mark - 1);
}

static dla_status open_log(const dla_trial *trial, FILE **log, dla_error *err)
{
  dla_strbuf path = {0};
  dla_strbuf_printf(&path, "%s/log.txt", trial->folder);
  *log = path.failed ? NULL : fopen(path.text, "ae");
  dla_status status = DLA_OK;
  if (path.failed)
    status = dla_fail_memory(err, "a file name");
  else if (!*log)
    status = dla_fail_errno(err, path.text, "open for writing");
  dla_strbuf_free(&path);
  return status;
}

/* The trial's process locks its folder, and would fail if another process has it. After a killed
 * sweep, its trial may still be saving before it stops: wait for that. */
static dla_status wait_for_folder(const dla_trial_run *run, dla_error *err)
{
  enum { LONGEST = 30 };
  double until = dla_clock() + LONGEST;
  for (;;) {
    dla_folder_lock *lock;
    dla_status status = dla_folder_lock_take(run->trial->folder, &lock, err);
    if (!status) dla_folder_lock_release(lock);
    if (status != DLA_E_INPUT || dla_clock() >= until) return status;
    if (run->signal(run->signal_context))
      return dla_fail(err, DLA_E_INTERRUPTED, run->trial->folder, "the same command goes on",
                      "stopped while another process wrote into this folder");
    nanosleep(&(struct timespec){.tv_nsec = 100000000}, NULL);
  }
}

static void make_command(const dla_trial_run *run, const dla_config *config, dla_argv *argv)
{
  const char *folder = run->trial->folder;
  dla_argv_add(argv, "%s", run->program);
  dla_argv_add(argv, "train");
  dla_argv_add(argv, "--");
  /* A path with a = before its first slash would be taken for an override. */
  dla_argv_add(argv, "%s%s/config.yaml", folder[0] == '/' ? "" : "./", folder);
  dla_argv_add(argv, "checkpoint.in=auto");
  if (run->epochs) dla_argv_add(argv, "train.epochs=%" PRId64, run->epochs);
  if (!config->train.threads) dla_argv_add(argv, "train.threads=%d", run->threads);
}

static dla_status execute(const dla_trial_run *run, listener *l, dla_process_end *end,
                          dla_error *err)
{
  dla_argv argv = {0};
  dla_config config;
  TRY(dla_trial_config(run->sweep, run->trial, &config, err));
  make_command(run, &config, &argv);
  dla_config_free(&config);
  const dla_process process = {.argv = argv.items,
                               .env = environ,
                               .folder = ".",
                               .cpus = run->cpus->cpus,
                               .cpu_count = run->cpus->count,
                               .signal = run->signal,
                               .signal_context = run->signal_context,
                               .line = take_line,
                               .line_context = l};
  dla_status status =
      argv.failed ? dla_fail_memory(err, "a command") : dla_process_run(&process, end, err);
  dla_argv_free(&argv);
  return status;
}

/* Only a try: another process may be at it, and whoever looks at a finished sweep need not be able
 * to write. */
void dla_trial_settle(const dla_sweep *sweep, const dla_trial *trial)
{
  dla_config config;
  dla_folder_lock *lock;
  dla_strbuf out = {0};
  dla_error ignored = {0};
  if (access(trial->folder, W_OK) || dla_folder_lock_take(trial->folder, &lock, &ignored)) return;
  if (dla_trial_config(sweep, trial, &config, &ignored) == DLA_OK) {
    if (dla_train_checkpoint_path(&config, &out, &ignored) == DLA_OK)
      dla_train_settle(&config, out.text, &ignored);
    dla_strbuf_free(&out);
    dla_config_free(&config);
  }
  dla_folder_lock_release(lock);
}

/* Checks a run that ended well by the files it left. */
static dla_status check_finished(const dla_trial_run *run, dla_trial_end *end, dla_error *err)
{
  dla_trial_state state = {0};
  TRY(dla_trial_forget_failure(run->trial, err));
  TRY(dla_trial_look(run->sweep, run->trial, run->epochs ? run->epochs : INT64_MAX, &state, err));
  if (state.stage == DLA_TRIAL_FINISHED) return DLA_OK;
  end->exit_status = DLA_EXIT_FAILURE;
  snprintf(end->error, sizeof end->error, "it ended after %" PRId64 " epoch%s", state.epochs,
           dla_plural((uint64_t)state.epochs));
  return DLA_OK;
}

static dla_status judge(const dla_trial_run *run, const dla_process_end *ended, const listener *l,
                        dla_trial_end *end, dla_error *err)
{
  end->exit_status = ended->status;
  /* also if the signal came before the process could catch it */
  end->interrupted =
      ended->status == DLA_EXIT_INTERRUPTED || (ended->interrupted && ended->status > 128);
  if (end->interrupted) return DLA_OK;
  snprintf(end->error, sizeof end->error, "%s", l->error);
  if (ended->status > 128)
    snprintf(end->error, sizeof end->error, "ended by signal %d", ended->status - 128);
  if (!end->exit_status) TRY(check_finished(run, end, err));
  return end->exit_status ? dla_trial_keep_failure(run->trial, end->exit_status, end->error, err)
                          : DLA_OK;
}

dla_status dla_trial_run_once(const dla_trial_run *run, dla_trial_end *end, dla_error *err)
{
  listener l = {0};
  dla_process_end ended;
  *end = (dla_trial_end){0};
  TRY(dla_trial_check_folder(run->sweep, run->trial, true, err));
  TRY(wait_for_folder(run, err));
  TRY(open_log(run->trial, &l.log, err));
  dla_status status = execute(run, &l, &ended, err);
  if (!status) status = judge(run, &ended, &l, end, err);
  fclose(l.log);
  return status;
}
