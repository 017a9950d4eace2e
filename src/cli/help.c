/* dla-train help, --help everywhere, --version and the like. */
#include "cli/help.h"

#include <config.h>
#include <stdio.h>

#include "base/isa.h"
#include "cli/arguments.h"
#include "cli/info.h"
#include "cli/output.h"
#include "config/torch_options.h"
#include "dla/backend.h"
#include "dla/dist.h"
#include "dla/picture.h"

static const char config_arguments[] = "[config.yaml] [section.key=value ...]";

/* Appends " --name=VALUE doc"; the docs form a column. */
static void add_option(dla_strbuf *out, const char *name, const char *value, const char *doc)
{
  char left[64];
  snprintf(left, sizeof left, "--%s%s%s", name, value ? "=" : "", value ? value : "");
  dla_strbuf_printf(out, "  %-22s %s\n", left, doc);
}

static void add_torch_options(dla_strbuf *out)
{
  dla_strbuf_printf(out, "\nThe PyTorch program's options, which set the same keys:\n");
  for (const dla_torch_option *option = dla_torch_options; option->name; option++)
    add_option(out, option->name, option->value, option->doc);
}

void dla_help_verb(const dla_verb *verb, dla_strbuf *out)
{
  bool takes_config = dla_verb_takes_config(verb);
  bool has_flags = verb->flags && verb->flags->name;
  const char *arguments = takes_config ? config_arguments : verb->arguments;
  dla_strbuf_printf(out, "dla-train %s: %s\n\nUsage: dla-train %s%s%s%s\n", verb->name,
                    verb->summary, verb->name, has_flags ? " [option ...]" : "",
                    *arguments ? " " : "", arguments);
  if (has_flags) dla_strbuf_printf(out, "\nOptions:\n");
  for (const dla_flag *flag = verb->flags; flag && flag->name; flag++)
    add_option(out, flag->name, flag->value, flag->doc);
  if (takes_config) {
    add_torch_options(out);
    dla_strbuf_printf(
        out, "\n'dla-train --help-config' lists every section.key. A config file with = in its\n"
             "name needs a / before it: ./a=b.yaml\n");
  }
}

void dla_help_program(dla_strbuf *out)
{
  dla_strbuf_printf(out,
                    "dla-train trains Deep Layer Aggregation networks on the CPU.\n\n"
                    "Usage: dla-train [VERB] %s\n\n"
                    "With your own pictures, those of each class in a folder of its own:\n"
                    "  dla-train data PICTURES/                   what would be trained on\n"
                    "  dla-train new DIR --data=PICTURES/         writes DIR/config.yaml\n"
                    "  dla-train DIR/config.yaml                  trains; stopped, it goes on\n"
                    "  dla-train predict DIR/run/checkpoint.safetensors PHOTO.jpg\n\nVerbs:\n",
                    config_arguments);
  for (const dla_verb *const *verb = dla_verbs; *verb; verb++)
    if ((*verb)->summary) dla_strbuf_printf(out, "  %-22s %s\n", (*verb)->name, (*verb)->summary);
  dla_strbuf_printf(out, "Without a verb, '%s' is meant.\n\nOptions:\n", dla_verbs[0]->name);
  for (const dla_info *info = dla_infos; info->name; info++)
    add_option(out, info->name, NULL, info->doc);
  add_torch_options(out);
}

void dla_help_version(dla_strbuf *out)
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
  char formats[DLA_PICTURE_FORMATS];
  dla_strbuf_printf(out, "pictures: %s\n", dla_picture_formats(formats));
}

static dla_status act(dla_arguments *arguments, void *options, dla_error *err)
{
  (void)options;
  dla_strbuf out = {0};
  if (arguments->count > 1)
    return dla_fail(err, DLA_E_INPUT, "help", "dla-train help VERB", "it takes one verb");
  if (arguments->count == 0) {
    dla_help_program(&out);
    return dla_cli_print(&out, err);
  }
  const dla_verb *verb = dla_verb_find(arguments->operands[0]);
  if (!verb || !verb->summary) return dla_verb_unknown(arguments->operands[0], err);
  dla_help_verb(verb, &out);
  return dla_cli_print(&out, err);
}

const dla_verb dla_verb_help = {
    .name = "help",
    .summary = "say how a verb is used",
    .arguments = "[VERB]",
    .act = act,
};
