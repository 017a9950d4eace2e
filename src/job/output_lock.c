#include "job/output_lock.h"

#include <inttypes.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/make_folder.h"
#include "dla/checkpoint.h"
#include "train/trainer.h"

/* Was the file written since this process began? Allows for clocks of different resolution. */
static bool is_of_now(const char *path)
{
  const double ticks = 0.03;
  struct stat info;
  struct timespec now;
  if (stat(path, &info) || clock_gettime(CLOCK_REALTIME, &now)) return false;
  double age = (double)(now.tv_sec - info.st_ctim.tv_sec) +
               1e-9 * (double)(now.tv_nsec - info.st_ctim.tv_nsec);
  return age < dla_process_age() - ticks;
}

/* After the search for a checkpoint and before the lock, another run may have used the folder and
 * ended. An older file ahead of this run's start is a damaged one. */
static dla_status check_still_newest(const dla_config *config, int64_t step, dla_error *err)
{
  dla_train_state now = {0};
  dla_strbuf out = {0};
  if (strcmp(config->checkpoint.in, "auto") != 0) return DLA_OK;
  dla_status status = dla_train_checkpoint_path(config, &out, err);
  if (!status && is_of_now(out.text) && dla_checkpoint_read_state(out.text, &now, NULL) == DLA_OK &&
      now.step > step)
    status = dla_fail(err, DLA_E_INPUT, out.text, "the same command again goes on from there",
                      "another run has just saved step %" PRId64 " here", now.step);
  dla_strbuf_free(&out);
  return status;
}

dla_status dla_output_lock_take(const dla_config *config, int64_t step, dla_output_lock *lock,
                                dla_error *err)
{
  const char *path = config->output.dir;
  lock->made = access(path, F_OK) != 0;
  dla_status status = dla_make_folder(path, err);
  if (!status) status = dla_folder_lock_take(path, &lock->lock, err);
  return status ? status : check_still_newest(config, step, err);
}

void dla_output_lock_release(const dla_output_lock *lock, const dla_config *config)
{
  dla_folder_lock_release(lock->lock);
  if (lock->made) rmdir(config->output.dir); /* only if it is empty */
}
