/* dla-train config: what would run. */
#include "cli/arguments.h"
#include "cli/output.h"
#include "cli/verb.h"

static dla_status run(const dla_verb *verb, int argc, char **argv, dla_error *err)
{
  dla_config config;
  dla_status status = dla_cli_load_config(&config, verb, argc, argv, NULL, err);
  if (status) return status;
  dla_strbuf yaml = {0};
  dla_config_to_yaml(&config, &yaml);
  dla_config_free(&config);
  return dla_cli_print(&yaml, err);
}

const dla_verb dla_verb_config = {
    .name = "config",
    .summary = "print the configuration that would be used, as YAML",
    .run = run,
};
