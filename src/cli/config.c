/* dla-train config: prints the configuration that would be used. */
#include <stddef.h>

#include "base/try.h"
#include "cli/arguments.h"
#include "cli/output.h"
#include "cli/verb.h"

static const dla_flag flags[] = {
    {"json", NULL, "print one JSON object instead of YAML", offsetof(dla_json_option, json)},
    {0},
};

static dla_status act(dla_arguments *arguments, void *options, dla_error *err)
{
  const dla_json_option *o = options;
  dla_config config;
  dla_strbuf text = {0};
  TRY(dla_arguments_config(arguments, NULL, &config, err));
  if (o->json)
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
    .options = sizeof(dla_json_option),
    .act = act,
};
