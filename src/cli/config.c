/* dla-train config: prints the configuration that would be used. */
#include <stddef.h>

#include "cli/arguments.h"
#include "cli/output.h"
#include "cli/verb.h"

typedef struct config_options {
  bool json;
} config_options;

static const dla_flag flags[] = {
    {"json", NULL, "print one JSON object instead of YAML", offsetof(config_options, json)},
    {0},
};

static dla_status run(const dla_verb *verb, int argc, char **argv, dla_error *err)
{
  dla_config config;
  config_options options = {0};
  dla_status status = dla_cli_load_config(&config, verb, argc, argv, &options, err);
  if (status) return status;
  dla_strbuf text = {0};
  if (options.json)
    dla_config_to_json(&config, &text);
  else
    dla_config_to_yaml(&config, &text);
  dla_config_free(&config);
  return dla_cli_print(&text, err);
}

const dla_verb dla_verb_config = {
    .name = "config",
    .summary = "print the configuration that would be used, as YAML",
    .flags = flags,
    .run = run,
};
