#include "train/settle.h"

#include "base/atomic_file.h"
#include "checkpoint/retention.h"
#include "train/logs.h"
#include "train/metrics.h"
#include "train/record.h"
#include "train/trainer.h"

dla_status dla_train_settle(const dla_config *config, dla_error *err)
{
  static const char *const names[] = {DLA_METRICS_FILE, DLA_CSV_FILE, DLA_RUN_FILE,
                                      DLA_EVALUATION_FILE, "report.html"};
  dla_strbuf out = {0};
  dla_status status = dla_train_checkpoint_path(config, &out, err);
  for (size_t i = 0; i < sizeof names / sizeof *names && !status; i++) {
    dla_strbuf path = {0};
    dla_strbuf_printf(&path, "%s/%s", config->output.dir, names[i]);
    if (!path.failed) dla_atomic_sweep_of(path.text);
    dla_strbuf_free(&path);
  }
  if (!status) dla_checkpoint_sweep(out.text);
  if (!status) status = dla_checkpoint_settle_best(out.text, config->checkpoint.keep_best, err);
  dla_strbuf_free(&out);
  return status;
}
