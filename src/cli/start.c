#include "cli/start.h"

#include <stdlib.h>

#include "cli/arguments.h"
#include "cli/output.h"
#include "cli/stage_report.h"

/* Like Horovod itself, with size 1. */
static void say_alone(dla_cli_start *start)
{
  if (dla_dist_size(start->job.dist) == 1)
    dla_cli_say(&start->progress,
                "--horovod: this process trains alone; mpirun -np N, or srun -n N "
                "--mpi=pmix, in front of the command starts N that train together");
}

static void on_configured(void *context, const dla_config *config)
{
  dla_cli_start *start = context;
  dla_cli_progress_init(&start->progress, config, start->job.dist);
  if (start->wants_ranks) say_alone(start);
}

static void on_say(void *context, const char *line)
{
  dla_cli_start *start = context;
  dla_cli_say(&start->progress, "%s", line);
}

static void on_report(void *context, const dla_error *err)
{
  (void)context;
  dla_cli_report(err);
}

static dla_stage_observer make_observer(void *context)
{
  dla_cli_start *start = context;
  return dla_stage_report_observer(&start->progress);
}

static void init(dla_cli_start *start)
{
  *start = (dla_cli_start){0};
  start->hooks = (dla_job_hooks){.context = start,
                                 .configured = on_configured,
                                 .say = on_say,
                                 .report = on_report,
                                 .observer = make_observer};
}

dla_status dla_cli_start_run(const dla_verb *verb, int argc, char **argv, void *options,
                             bool trains, dla_dist *dist, dla_cli_start *start, dla_error *err)
{
  dla_arguments arguments;
  dla_config_layers layers;
  char **overrides = NULL;
  init(start);
  start->hooks.weights_only = !trains;
  dla_status status = dla_arguments_parse(&arguments, verb, argc, argv, options, err);
  if (status) return status;
  start->wants_ranks = arguments.wants_ranks;
  status = dla_arguments_layers(&arguments, &layers, &overrides, err);
  if (!status) status = dla_start_run(&layers, &start->hooks, dist, &start->job, err);
  free(overrides);
  dla_arguments_free(&arguments);
  return status;
}

dla_status dla_cli_start_text(const char *name, const char *text, dla_cli_start *start,
                              dla_error *err)
{
  const dla_config_layers layers = {.path = name, .text = text};
  init(start);
  return dla_start_run(&layers, &start->hooks, NULL, &start->job, err);
}
