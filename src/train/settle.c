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
  for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
    dla_strbuf path = {0};
    dla_strbuf_printf(&path, "%s/%s", config->output.dir, names[i]);
    if (!path.failed) dla_atomic_sweep_of(path.text);
    dla_strbuf_free(&path);
  }
  dla_checkpoint_sweep(out);
  return dla_checkpoint_settle_best(out, config->checkpoint.keep_best, err);
}
