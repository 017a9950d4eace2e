#include <string.h>

#include "cli/info.h"
#include "config/config.h"

const dla_info dla_infos[] = {
    {"help", "this help; after a verb: the verb's", dla_help_program},
    {"version", "version, and what was built in", dla_help_version},
    {"help-config", "every key of the config file, with defaults", dla_config_help},
    {"config-schema", "JSON Schema of the config file, for editors", dla_config_json_schema},
    {"config-markdown", "the keys as Markdown: docs/config.md", dla_config_markdown},
    {"man", "the man page dla-train(1)", dla_man_program},
    {"man-config", "the man page dla-train-config(5)", dla_config_man},
    {"completion-bash", "completion for bash, to be sourced; likewise:", dla_completion_bash},
    {"completion-zsh", "a file _dla-train of $fpath", dla_completion_zsh},
    {"completion-fish", "a file dla-train.fish", dla_completion_fish},
    {0},
};

const dla_info *dla_info_find(const char *written)
{
  if (strcmp(written, "-h") == 0) return &dla_infos[0];
  if (strncmp(written, "--", 2) != 0) return NULL;
  for (const dla_info *info = dla_infos; info->name; info++)
    if (strcmp(info->name, written + 2) == 0) return info;
  return NULL;
}
