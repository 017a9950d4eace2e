/* The man page dla-train(1), with all verbs and options. Most verbs take a configuration and the
 * same options, so separate pages would repeat them; and a single page can be searched. */
#include <config.h>

#include "base/roff.h"
#include "cli/info.h"
#include "cli/verb.h"
#include "config/torch_options.h"

typedef struct item {
  const char *tag, *text;
} item;

static const item statuses[] = {
    {"0", "done"},
    {"1", "reading, writing or memory failed, or a check found something bad"},
    {"2", "bad input: one line says what, where, and what to do"},
    {"3", "the loss or a parameter became NaN or infinite"},
    {"74", "the run ended well, but some of its output could not be pushed"},
    {"75",
     "interrupted by a signal with work left: the same command with checkpoint.in=auto goes on"},
    {"129, 130, 138, 143", "ended at once by a second SIGHUP, SIGINT, SIGUSR1 or SIGTERM"},
    {0}};

static const item variables[] = {
    {"DLA_MAX_CPU_ISA",
     "the best instruction set that may be used: `generic`, `neon`, `avx2` or `avx512`"},
    {"OMP_NUM_THREADS, SLURM_CPUS_PER_TASK",
     "threads that compute, where train.threads does not say it"},
    {"AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY, AWS_SESSION_TOKEN, AWS_REGION, AWS_ENDPOINT_URL, "
     "AWS_PROFILE",
     "of S3, where the config does not say it"},
    {"DEEPSQUARE_INPUT, DEEPSQUARE_OUTPUT", "folders of a staged job"},
    {"XDG_CACHE_HOME", "where what can be made again is kept, instead of ~/.cache"},
    {"TMPDIR", "where temporary folders are made, instead of /tmp"},
    {0}};

static const item examples[] = {
    {"dla-train new flowers-run --data=flowers/",
     "write a config for pictures in folders by class"},
    {"dla-train flowers-run/config.yaml train.epochs=20 schedule.t_max=20",
     "train by it, but for 20 epochs"},
    {"dla-train predict flowers-run/run/checkpoint.safetensors photo.jpg",
     "say what is on a picture"},
    {"dla-train doctor flowers-run/config.yaml", "look whether this machine can do it"},
    {0}};

static void write_items(dla_strbuf *out, const char *title, const item *items)
{
  dla_roff_request(out, "SH", title);
  for (; items->tag; items++)
    dla_roff_item(out, items->tag, NULL, items->text);
}

static void write_option(dla_strbuf *out, const char *name, const char *value, const char *doc)
{
  dla_strbuf tag = {0};
  dla_strbuf_printf(&tag, "--%s%s", name, value ? "=" : "");
  dla_roff_item(out, dla_strbuf_text(&tag), value, doc);
  out->failed |= dla_strbuf_done(&tag);
}

static void write_verb(dla_strbuf *out, const dla_verb *verb)
{
  const bool config = dla_verb_takes_config(verb);
  const char *arguments = config ? "[config.yaml] [section.key=value ...]" : verb->arguments;
  dla_strbuf usage = {0};
  dla_roff_request(out, "SS", verb->name);
  dla_strbuf_printf(&usage, "`dla-train %s`%s%s%s", verb->name,
                    verb->flags && verb->flags->name ? " [option ...]" : "", *arguments ? " " : "",
                    arguments);
  dla_roff_text(out, dla_strbuf_text(&usage));
  dla_strbuf_printf(out, ".PP\n");
  dla_roff_text(out, verb->summary);
  for (const dla_flag *flag = verb->flags; flag && flag->name; flag++)
    write_option(out, flag->name, flag->value, flag->doc);
  out->failed |= dla_strbuf_done(&usage);
}

static void write_head(dla_strbuf *out)
{
  dla_strbuf_printf(out, ".TH DLA-TRAIN 1 " DLA_RELEASE_DATE " \"" PACKAGE_STRING
                         "\" \"User Commands\"\n.SH NAME\n"
                         "dla\\-train \\- train Deep Layer Aggregation networks on the CPU\n"
                         ".SH SYNOPSIS\n");
  dla_roff_text(out, "`dla-train` [VERB] [option ...] [config.yaml] [section.key=value ...]");
  dla_strbuf_printf(out, ".SH DESCRIPTION\n");
  dla_roff_text(
      out, "One command, one config file: trains networks on images, judges and uses them, moves "
           "data, runs workflows and sweeps. Without a verb, a config is trained by, and a "
           "workflow file of the grid is run.");
  dla_strbuf_printf(out, ".PP\n");
  dla_roff_text(out,
                "Where a config is taken, every key of it can be given as `section.key=value`; "
                "dla-train-config(5) lists them. Behind -- everything is an operand.");
}

void dla_man_program(dla_strbuf *out)
{
  write_head(out);
  dla_strbuf_printf(out, ".SH VERBS\n");
  for (const dla_verb *const *verb = dla_verbs; *verb; verb++)
    if ((*verb)->summary) write_verb(out, *verb);
  dla_strbuf_printf(out, ".SH OPTIONS\n");
  for (const dla_info *info = dla_infos; info->name; info++)
    write_option(out, info->name, NULL, info->doc);
  dla_strbuf_printf(out, ".SH OPTIONS OF THE PYTORCH PROGRAM\n");
  dla_roff_text(out, "Verbs that take a config take these, too, which set the same keys.");
  for (const dla_torch_option *option = dla_torch_options; option->name; option++)
    write_option(out, option->name, option->value, option->doc);
  write_items(out, "EXIT STATUS", statuses);
  write_items(out, "ENVIRONMENT", variables);
  write_items(out, "EXAMPLES", examples);
  dla_strbuf_printf(out, ".SH SEE ALSO\n\\fBdla\\-train\\-config\\fR(5)\n");
}
