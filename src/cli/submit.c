/* dla-train submit config.yaml: makes a Slurm job of a training run; the job survives
 * preemption. */
#include <inttypes.h>
#include <limits.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/json.h"
#include "base/path.h"
#include "base/shell_quote.h"
#include "cli/arguments.h"
#include "cli/output.h"
#include "cli/program_path.h"
#include "cli/verb.h"
#include "config/redact.h"
#include "slurm/batch_script.h"
#include "slurm/directives.h"
#include "slurm/submit.h"

typedef struct submit_options {
  bool now, json;
} submit_options;

static const dla_flag flags[] = {
    {"now", NULL, "submit the batch script instead of printing it", offsetof(submit_options, now)},
    {"json", NULL, "print the script, or sbatch's answer and the job's number, as one JSON object",
     offsetof(submit_options, json)},
    {0},
};

/* Everybody can read a job's script. */
static dla_status refuse_secret(const char *operand, dla_error *err)
{
  for (const dla_key *key = dla_keys; key < dla_keys + DLA_KEY_COUNT; key++) {
    dla_strbuf name = {0};
    dla_strbuf_printf(&name, "%s%s%s=", key->section, dla_section_dot(key->section), key->name);
    bool same = name.failed || strncmp(operand, dla_strbuf_text(&name), name.length) == 0;
    const char *value = same ? operand + name.length : "";
    bool secret = same && dla_holds_literal_secret(key->secrecy, value);
    dla_strbuf_free(&name);
    if (secret)
      return dla_fail(err, DLA_E_INPUT, "command line",
                      "write ${VARIABLE}, or put it into the config file",
                      "%s.%s: a secret would stand in the batch script", key->section, key->name);
  }
  return DLA_OK;
}

static dla_status check(const dla_arguments *arguments, const dla_config *config, dla_error *err)
{
  const char *in = config->checkpoint.in;
  if (*in && strcmp(in, "auto") != 0)
    return dla_fail(err, DLA_E_INPUT, "checkpoint.in",
                    "leave it out; to start from a checkpoint, copy it to checkpoint.out",
                    "a job that is requeued goes on with checkpoint.in=auto");
  dla_status status = DLA_OK;
  for (int i = 0; i < arguments->count && !status; i++)
    status = refuse_secret(arguments->operands[i], err);
  return status;
}

static void add_command(const char *program, const dla_arguments *arguments,
                        const dla_config *config, dla_strbuf *out)
{
  if (config->slurm.ntasks > 1) {
    /* When one rank has ended, the others get a minute: a crash must not hold the nodes. With
     * --kill-on-bad-exit, status 75 could become a signal's status. */
    dla_strbuf_printf(out, "srun --mpi=pmix --wait=60 ");
    /* Since Slurm 22.05, srun does not inherit it from the job. */
    if (config->slurm.cpus_per_task)
      dla_strbuf_printf(out, "--cpus-per-task=%" PRId64 " ", config->slurm.cpus_per_task);
  }
  dla_shell_quote(program, out);
  dla_strbuf_printf(out, " train --");
  for (int i = 0; i < arguments->count; i++) {
    dla_strbuf_append(out, " ", 1);
    dla_shell_quote(arguments->operands[i], out);
  }
  dla_strbuf_printf(out, " checkpoint.in=auto");
}

static const char *name_of(const dla_arguments *arguments)
{
  for (int i = 0; i < arguments->count; i++) {
    const char *operand = arguments->operands[i];
    if (!dla_operand_is_override(operand)) return dla_path_name(operand);
  }
  return "dla-train";
}

static dla_status make_script(const dla_arguments *arguments, const dla_config *config,
                              dla_strbuf *out, dla_error *err)
{
  char *program, folder[PATH_MAX];
  dla_strbuf directives = {0}, command = {0};
  if (!getcwd(folder, sizeof folder)) return dla_fail_errno(err, ".", "name the folder");
  dla_status status = dla_cli_program_path(&program, err);
  if (!status) status = dla_slurm_directives(config, &directives, err);
  if (!status) {
    add_command(program, arguments, config, &command);
    dla_batch_script(&(dla_batch_job){.name = name_of(arguments),
                                      .directives = dla_strbuf_text(&directives),
                                      .folder = folder,
                                      .command = dla_strbuf_text(&command),
                                      .signal_seconds = config->slurm.signal_seconds,
                                      .requeue = config->slurm.requeue},
                     out);
    out->failed |= directives.failed || command.failed;
  }
  free(program);
  dla_strbuf_free(&directives);
  dla_strbuf_free(&command);
  return status;
}

/* The folders of a staged run do not exist yet. */
static dla_status load(const dla_arguments *arguments, dla_config *config, dla_error *err)
{
  dla_config_folders names = {.path = {"input", "output"}};
  dla_status status = dla_arguments_config(arguments, &names, config, err);
  if (!status) config->folders = NULL;
  return status;
}

/* The job's number is the first number in sbatch's answer, "Submitted batch job 7"; null if there
 * is none. */
static dla_status print_json(const dla_strbuf *text, bool now, dla_error *err)
{
  dla_strbuf out = {0};
  const char *answer = dla_strbuf_text(text), *number = answer + strcspn(answer, "0123456789");
  dla_json json = dla_json_begin(&out);
  dla_json_text(&json, now ? "sbatch" : "script", answer);
  if (now && *number)
    dla_json_integer(&json, "job", strtoll(number, NULL, 10));
  else if (now)
    dla_json_text(&json, "job", NULL);
  return dla_cli_print_object(&json, err);
}

static dla_status act(dla_arguments *arguments, void *options, dla_error *err)
{
  const submit_options *o = options;
  const bool now = o->now;
  dla_config config;
  dla_strbuf script = {0}, printed = {0};
  dla_status status = load(arguments, &config, err);
  if (status) return status;
  status = check(arguments, &config, err);
  if (!status) status = make_script(arguments, &config, &script, err);
  dla_config_free(&config);
  if (!status && now) status = dla_slurm_submit(&script, &printed, err);
  dla_strbuf *text = now ? &printed : &script;
  if (!status) status = o->json ? print_json(text, now, err) : dla_cli_print(text, err);
  dla_strbuf_free(&script);
  dla_strbuf_free(&printed);
  return status;
}

const dla_verb dla_verb_submit = {
    .name = "submit",
    .summary = "print or submit a Slurm batch script that trains",
    .flags = flags,
    .options = sizeof(submit_options),
    .act = act,
};
