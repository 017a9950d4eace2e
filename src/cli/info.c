#include "cli/info.h"

#include <config.h>
#include <string.h>

#include "base/isa.h"
#include "cli/help.h"
#include "config/config.h"
#include "dla/backend.h"
#include "dla/dist.h"

static void write_version(dla_strbuf *out)
{
  dla_strbuf_printf(out, "%s\nbackends:", PACKAGE_STRING);
  char version[DLA_BACKEND_VERSION];
  for (int i = 0; dla_backend_at(i); i++)
    dla_strbuf_printf(out, "%s %s (%s)", i ? "," : "", dla_backend_at(i)->name,
                      dla_backend_at(i)->version(NULL, version));
  char list[DLA_ISA_LIST];
  dla_isa isa = DLA_ISA_GENERIC;
  dla_error err = {0};
  dla_strbuf_printf(out, "\nkernels: %s of %s",
                    dla_isa_choose(&isa, &err) ? "none" : dla_isa_name(isa), dla_isa_list(list));
  dla_strbuf_printf(out, "\nranks: %s\n", dla_dist_library());
}

const dla_info dla_infos[] = {
    {"help", "this help; after a verb: the verb's", dla_help_program},
    {"version", "version, and what was built in", write_version},
    {"help-config", "every key of the config file, with defaults", dla_config_help},
    {"config-schema", "JSON Schema of the config file, for editors", dla_config_json_schema},
    {"config-markdown", "the keys as Markdown: docs/config.md", dla_config_markdown},
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
