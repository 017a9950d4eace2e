/* dla-train find_lr [config.yaml]: tries out learning rates, and suggests one. */
#include <math.h>

#include "base/json.h"
#include "base/number.h"
#include "base/try.h"
#include "cli/arguments.h"
#include "cli/output.h"
#include "cli/pictures.h"
#include "cli/ranks.h"
#include "cli/verb.h"
#include "train/find_lr.h"

/* fastai's defaults. */
#define DEFAULT_MIN   1e-7
#define DEFAULT_MAX   10
#define DEFAULT_STEPS 100
enum { ROWS = 20 };

typedef struct find_options {
  bool json;
  const char *min, *max, *steps;
} find_options;

static const dla_flag flags[] = {
    {"json", NULL, "print one JSON object instead of a table", offsetof(find_options, json)},
    {"min", "RATE", "the first learning rate (default 1e-7)", offsetof(find_options, min)},
    {"max", "RATE", "the last one (default 10)", offsetof(find_options, max)},
    {"steps", "N", "take N steps from the one to the other (default 100)",
     offsetof(find_options, steps)},
    {0},
};

static dla_status read_options(const find_options *given, dla_find_lr_options *o, dla_error *err)
{
  int64_t steps = DEFAULT_STEPS;
  *o = (dla_find_lr_options){.min = DEFAULT_MIN, .max = DEFAULT_MAX};
  if (given->steps && (!dla_integer_read(given->steps, &steps) || steps < 2 || steps > 1000000))
    return dla_fail(err, DLA_E_INPUT, "--steps", NULL, "must be a whole number from 2 to 1000000");
  if (given->min && (!dla_number_read(given->min, &o->min) || o->min <= 0 || o->min > 1000))
    return dla_fail(err, DLA_E_INPUT, "--min", NULL, "must be a number above 0, at most 1000");
  if (given->max && (!dla_number_read(given->max, &o->max) || o->max > 1000))
    return dla_fail(err, DLA_E_INPUT, "--max", NULL, "must be a number of at most 1000");
  if (o->max <= o->min)
    return dla_fail(err, DLA_E_INPUT, "--max", NULL, "must be above --min, which is %g", o->min);
  o->steps = (int)steps;
  return DLA_OK;
}

static void write_json(dla_strbuf *out, const dla_lr_curve *c)
{
  dla_json json = dla_json_begin(out);
  dla_json_number(&json, "suggestion", c->suggested < 0 ? NAN : c->point[c->suggested].lr);
  dla_json_boolean(&json, "diverged", c->diverged);
  dla_json_begin_array(&json, "curve");
  for (int i = 0; i < c->count; i++) {
    dla_json_begin_object(&json, NULL);
    dla_json_number(&json, "lr", c->point[i].lr);
    dla_json_number(&json, "loss", c->point[i].loss);
    dla_json_number(&json, "smoothed_loss", c->point[i].smoothed);
    dla_json_end_object(&json);
  }
  dla_json_end_array(&json);
  dla_json_end_line(&json);
}

static void write_table(dla_strbuf *out, const dla_lr_curve *c, const dla_config *config)
{
  const int every = (c->count + ROWS - 1) / ROWS;
  dla_strbuf_printf(out, "%6s %12s %10s %10s\n", "step", "lr", "loss", "smoothed");
  for (int i = 0; i < c->count; i++)
    if (i % every == 0 || i == c->count - 1 || i == c->suggested)
      dla_strbuf_printf(out, "%6d %12.4g %10.4f %10.4f%s\n", i + 1, c->point[i].lr,
                        c->point[i].loss, c->point[i].smoothed,
                        i == c->suggested ? "  falls most steeply" : "");
  if (c->diverged) dla_strbuf_printf(out, "there it diverged\n");
  if (c->suggested >= 0)
    dla_strbuf_printf(out, "suggestion: optimizer.lr=%.3g\n", c->point[c->suggested].lr);
  else
    dla_strbuf_printf(out, "no suggestion: too few steps, or the loss falls nowhere\n");
  dla_strbuf_printf(out, "curve: %s/" DLA_LR_FILE "\n", config->output.dir);
}

static dla_status print(const dla_lr_curve *curve, const dla_config *config, bool json,
                        dla_error *err)
{
  dla_strbuf out = {0};
  TRY(dla_lr_curve_write(curve, config, err));
  if (json)
    write_json(&out, curve);
  else
    write_table(&out, curve, config);
  return dla_cli_print(&out, err);
}

static dla_status find(dla_config *config, const find_options *given, dla_cli_ranks *ranks,
                       dla_error *err)
{
  dla_experiment x = {0};
  dla_lr_curve curve = {0};
  dla_find_lr_options options;
  dla_cli_watch state;
  const dla_experiment_watch watch = dla_cli_watch_pictures(&state, config, ranks->dist);
  dla_status status = read_options(given, &options, err);
  config->augment.initial_scale = 1; /* for the network at full size */
  if (!status)
    status = dla_experiment_create(config, true, NULL, NULL, ranks->dist, &watch, &x, err);
  status = dla_cli_ranks_agree(ranks, status, err);
  if (!status) status = dla_find_lr(config, &x, &options, &curve, err);
  if (!status && dla_dist_rank(ranks->dist) == 0) status = print(&curve, config, given->json, err);
  dla_lr_curve_free(&curve);
  dla_experiment_free(&x);
  return status;
}

static dla_status run(const dla_verb *verb, int argc, char **argv, dla_error *err)
{
  dla_config config;
  find_options options = {0};
  dla_cli_ranks ranks;
  TRY(dla_cli_ranks_begin(&ranks, err));
  dla_status status = dla_cli_load_config(&config, verb, argc, argv, &options, err);
  dla_status agreed = dla_cli_ranks_agree(&ranks, status, err);
  if (!agreed) agreed = find(&config, &options, &ranks, err);
  if (!status) dla_config_free(&config);
  return dla_cli_ranks_end(&ranks, agreed, err);
}

const dla_verb dla_verb_find_lr = {
    .name = "find_lr",
    .summary = "try out learning rates from fresh weights, and suggest one",
    .flags = flags,
    .parallel = true,
    .run = run,
};
