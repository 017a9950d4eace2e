#include "train/settle.h"

#include "base/atomic_file.h"
#include "checkpoint/retention.h"
#include "train/logs.h"
#include "train/metrics.h"
#include "train/record.h"

dla_status dla_train_settle(const dla_config *config, const char *out, dla_error *err)
{
  static const char *const names[] = {DLA_METRICS_FILE, DLA_CSV_FILE, DLA_RUN_FILE,
                                      DLA_EVALUATION_FILE, "report.html"};
  dla_atomic_sweep_folder(config->output.dir, names, sizeof names / sizeof *names);
  dla_checkpoint_sweep(out);
  return dla_checkpoint_settle_best(out, config->checkpoint.keep_best, err);
}
