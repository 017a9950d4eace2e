#include "cli/cli.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cli/arguments.h"
#include "cli/help.h"
#include "cli/info.h"
#include "cli/output.h"
#include "cli/verb.h"
#include "dla/dist.h"
#include "workflow/workflow.h"

static dla_status print_info(const dla_info *info, int argc, char **argv, dla_error *err)
{
  if (argc > 1)
    return dla_fail(err, DLA_E_INPUT, argv[0], NULL, "takes nothing behind it, but there is '%.*s'",
                    dla_argument_name_length(argv[1]), argv[1]);
  dla_strbuf out = {0};
  info->write(&out);
  return dla_cli_print(&out, err);
}

static bool asks_for_help(int argc, char **argv)
{
  for (int i = 0; i < argc && strcmp(argv[i], "--") != 0; i++)
    if (strcmp(argv[i], "--help") == 0 || strcmp(argv[i], "-h") == 0) return true;
  return false;
}

static dla_status parse_and_act(const dla_verb *verb, int argc, char **argv, dla_error *err)
{
  dla_arguments arguments;
  void *options = calloc(1, verb->options + 1);
  if (!options) return dla_fail_memory(err, "the options");
  dla_status status = dla_arguments_parse(&arguments, verb, argc, argv, options, err);
  if (!status) {
    status = verb->act(&arguments, options, err);
    dla_arguments_free(&arguments);
  }
  free(options);
  return status;
}

static dla_status run_verb(const dla_verb *verb, int argc, char **argv, dla_error *err)
{
  bool help = verb->summary && asks_for_help(argc, argv);
  if (!help && !verb->parallel && dla_dist_launched() > 1)
    return dla_fail(err, DLA_E_INPUT, verb->name, "start it without mpirun or srun -n",
                    "%d processes were started, but this verb takes one", dla_dist_launched());
  if (!help) return (verb->run ? verb->run : parse_and_act)(verb, argc, argv, err);
  dla_strbuf out = {0};
  dla_help_verb(verb, &out);
  return dla_cli_print(&out, err);
}

/* Whether this could be the first argument of a verb that takes a config. A bare word that names no
 * file is a mistyped verb; a path, an option or an override is not. */
static bool leaves_out_verb(const char *first)
{
  return strpbrk(first, "./=") || first[0] == '-' || access(first, F_OK) == 0;
}

static dla_status dispatch(int argc, char **argv, dla_error *err)
{
  if (argc < 1)
    return dla_fail(err, DLA_E_INPUT, NULL,
                    "with pictures: dla-train new DIR --data=FOLDER; else see dla-train --help",
                    "there is nothing to do");
  const dla_info *info = dla_info_find(argv[0]);
  if (info) return print_info(info, argc, argv, err);
  const dla_verb *verb = dla_verb_find(argv[0]);
  if (verb) return run_verb(verb, argc - 1, argv + 1, err);
  if (!leaves_out_verb(argv[0])) return dla_verb_unknown(argv[0], err);
  const dla_verb *meant = dla_workflow_recognise(argv[0]) ? &dla_verb_run : dla_verbs[0];
  return run_verb(meant, argc, argv, err);
}

dla_status dla_cli_run(int argc, char **argv, dla_error *err)
{
  dla_status status = dispatch(argc - 1, argv + 1, err);
  dla_status flushed = dla_cli_flush(status ? NULL : err); /* reports only the first error */
  return status ? status : flushed;
}
