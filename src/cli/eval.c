/* dla-train eval config.yaml checkpoint.in=FILE: the accuracy of a checkpoint on the test split.
 * dla-train eval CHECKPOINT FOLDER: its accuracy on the pictures of a folder. */
#include <math.h>

#include "base/json.h"
#include "base/path.h"
#include "base/try.h"
#include "checkpoint/tensor_set.h"
#include "cli/arguments.h"
#include "cli/output.h"
#include "cli/pictures.h"
#include "cli/ranks.h"
#include "cli/show_evaluation.h"
#include "cli/start.h"
#include "cli/verb.h"
#include "process/argv.h"
#include "train/experiment.h"

static const dla_flag flags[] = {
    {"json", NULL, "print one JSON object instead of tables", offsetof(dla_json_option, json)},
    {0},
};

static void write_scores(dla_json *json, const char *key, const dla_class_scores *scores)
{
  dla_json_begin_object(json, key);
  dla_json_number(json, "precision", scores->precision);
  dla_json_number(json, "recall", scores->recall);
  dla_json_number(json, "f1", scores->f1);
  dla_json_integer(json, "support", scores->support);
  dla_json_end_object(json);
}

static void write_classes(dla_json *json, const dla_evaluation *e)
{
  const dla_class_scores macro = dla_evaluation_macro(e);
  dla_json_begin_array(json, "by_class");
  for (int64_t c = 0; c < e->classes; c++) {
    const dla_class_scores scores = dla_evaluation_class(e, c);
    write_scores(json, NULL, &scores);
  }
  dla_json_end_array(json);
  write_scores(json, "macro", &macro);
}

/* Writes the bins; the mean of an empty bin is null. */
static void write_calibration(dla_json *json, const dla_evaluation *e)
{
  dla_json_number(json, "ece", dla_evaluation_ece(e));
  dla_json_begin_object(json, "calibration");
  dla_json_begin_array(json, "bin_count");
  for (int m = 0; m < DLA_CALIBRATION_BINS; m++)
    dla_json_integer(json, NULL, e->bin[m].count);
  dla_json_end_array(json);
  dla_json_begin_array(json, "bin_accuracy");
  for (int m = 0; m < DLA_CALIBRATION_BINS; m++)
    dla_json_number(json, NULL, (double)e->bin[m].correct / (double)e->bin[m].count);
  dla_json_end_array(json);
  dla_json_begin_array(json, "bin_confidence");
  for (int m = 0; m < DLA_CALIBRATION_BINS; m++)
    dla_json_number(json, NULL, e->bin[m].confidence / (double)e->bin[m].count);
  dla_json_end_array(json);
  dla_json_end_object(json);
}

static void write_json(dla_strbuf *out, const dla_evaluation *e, const dla_dataset *test)
{
  dla_json json = dla_json_begin(out);
  dla_json_begin_array(&json, "classes");
  for (int64_t c = 0; test->class_names && c < test->classes; c++)
    dla_json_text(&json, NULL, test->class_names[c]);
  dla_json_end_array(&json);
  dla_json_integer(&json, "count", e->count);
  dla_json_integer(&json, "correct", e->correct);
  dla_json_number(&json, "accuracy", dla_evaluation_accuracy(e));
  dla_json_number(&json, "loss", e->loss);
  dla_json_begin_array(&json, "confusion");
  for (int64_t row = 0; row < e->classes; row++) {
    dla_json_begin_array(&json, NULL);
    for (int64_t column = 0; column < e->classes; column++)
      dla_json_integer(&json, NULL, e->confusion[row * e->classes + column]);
    dla_json_end_array(&json);
  }
  dla_json_end_array(&json);
  dla_json_number(&json, "top5_accuracy", dla_evaluation_top5(e));
  write_classes(&json, e);
  write_calibration(&json, e);
  dla_json_end_line(&json);
}

static dla_status evaluate(dla_start *start, dla_cli_ranks *ranks, const dla_json_option *options,
                           dla_error *err)
{
  dla_experiment x = {0};
  dla_evaluation evaluation = {0};
  dla_cli_watch state;
  const dla_experiment_watch watch = dla_cli_watch_pictures(&state, &start->config, start->dist);
  dla_status status =
      dla_experiment_create(&start->config, false, start->checkpoint, dla_strbuf_text(&start->path),
                            start->dist, &watch, &x, err);
  if (!status) dla_start_warn(start);
  status = dla_cli_ranks_agree(ranks, status, err);
  if (!status && x.dist) status = dla_network_share_parameters(x.network, err);
  if (!status)
    status = dla_evaluate(x.network, x.test_loader, start->config.eval.tta, x.dist, NULL,
                          &evaluation, NULL, err);
  if (!status) dla_cli_say_stand_ins(&state.progress, x.test_loader);
  if (!status && dla_dist_rank(x.dist) == 0) {
    dla_strbuf out = {0};
    if (options->json) {
      write_json(&out, &evaluation, x.test);
    } else {
      dla_show_scores(&out, &evaluation, x.test);
      dla_show_confusion(&out, &evaluation, x.test);
    }
    status = dla_cli_print(&out, err);
  }
  if (!status && !isfinite(evaluation.loss))
    status = dla_fail(err, DLA_E_DIVERGED, dla_strbuf_text(&start->path), NULL,
                      "the test loss is %g", evaluation.loss);
  dla_evaluation_free(&evaluation);
  dla_experiment_free(&x);
  return status;
}

static bool is_checkpoint_name(const char *operand)
{
  static const char *const ends[] = {".safetensors", ".pth", ".pt", ".index.json"};
  for (size_t i = 0; i < sizeof ends / sizeof *ends; i++)
    if (dla_path_ends(operand, ends[i])) return true;
  return false;
}

/* `eval CHECKPOINT FOLDER`: replaces the operands by the keys that they stand for. */
static dla_status sort_operands(int argc, char **argv, dla_argv *sorted, bool *folder,
                                dla_error *err)
{
  bool checkpoint = false;
  *folder = false;
  for (int i = 0; i < argc; i++) {
    const char *a = argv[i];
    const bool plain = a[0] != '-' && !dla_operand_is_override(a) && !dla_path_ends(a, ".yaml");
    const char *key = "";
    if (plain && !checkpoint) TRY(dla_tensor_set_refuse_folder(a, err));
    if (plain && !checkpoint && is_checkpoint_name(a))
      key = "checkpoint.in=";
    else if (plain && checkpoint && !*folder)
      key = "dataset.path=";
    checkpoint = checkpoint || key[0] == 'c';
    *folder = *folder || key[0] == 'd';
    dla_argv_add(sorted, "%s%s", key, a);
  }
  return sorted->failed ? dla_fail_memory(err, "the command line") : DLA_OK;
}

/* Tests with all pictures of the folder, however the checkpoint was trained. */
static void judge_by_all(dla_config *config)
{
  config->dataset.only_test = true;
  config->dataset.train[0] = config->dataset.val[0] = '\0';
  if (dla_config_given(config, "dataset", "test_limit") == DLA_GIVEN_NOWHERE)
    config->dataset.test_limit = 0;
}

static dla_status run(const dla_verb *verb, int argc, char **argv, dla_error *err)
{
  dla_cli_start start = {0};
  dla_json_option options = {0};
  dla_cli_ranks ranks;
  dla_argv sorted = {0};
  bool folder;
  TRY(dla_cli_ranks_begin(&ranks, err));
  dla_status status = sort_operands(argc, argv, &sorted, &folder, err);
  if (!status)
    status = dla_cli_start_run(verb, (int)sorted.count, sorted.items, &options, false, ranks.dist,
                               &start, err);
  if (!status && folder) judge_by_all(&start.job.config);
  if (!status && !start.job.checkpoint)
    status = dla_fail(err, DLA_E_INPUT, "checkpoint.in", "give checkpoint.in=FILE",
                      "eval needs a checkpoint");
  status = dla_cli_ranks_agree(&ranks, status, err);
  if (!status) status = evaluate(&start.job, &ranks, &options, err);
  dla_start_free(&start.job);
  dla_argv_free(&sorted);
  return dla_cli_ranks_end(&ranks, status, err);
}

const dla_verb dla_verb_eval = {
    .name = "eval",
    .summary = "evaluate a checkpoint on the test split",
    .flags = flags,
    .parallel = true,
    .run = run,
};
