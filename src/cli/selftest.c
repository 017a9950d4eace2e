/* dla-train selftest: checks that this program computes correctly here. A process chooses an
 * instruction set only once, so each set is tested in its own process: this program, started again
 * with DLA_MAX_CPU_ISA. */
#include "selftest/selftest.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/json.h"
#include "base/swept_folder.h"
#include "base/temporary_folder.h"
#include "base/try.h"
#include "cli/arguments.h"
#include "cli/findings.h"
#include "cli/output.h"
#include "cli/program_path.h"
#include "cli/signals.h"
#include "cli/verb.h"
#include "dla/backend.h"
#include "process/argv.h"
#include "process/process.h"
#include "workflow/environment.h"

static const char variable[] = "DLA_MAX_CPU_ISA";

typedef struct selftest_options {
  bool json;
  const char *backend, *device;
} selftest_options;

static const dla_flag flags[] = {
    {"json", NULL, "print JSON lines", offsetof(selftest_options, json)},
    {"backend", "NAME", "test this one (default: each that computes on the processor)",
     offsetof(selftest_options, backend)},
    {"device", "NAME", "of --backend=opencl: its number, or a part of its name",
     offsetof(selftest_options, device)},
    {0},
};

/* ---- One instruction set, in this process ---- */

typedef struct shown {
  const selftest_options *options;
  size_t bad;
  dla_status status;
  dla_error *err;
} shown;

static bool on_found(void *context, const dla_finding *finding)
{
  shown *s = context;
  dla_strbuf out = {0};
  if (s->options->json) {
    dla_cli_finding_json(finding, &out);
    dla_strbuf_printf(&out, "\n");
  } else {
    dla_cli_finding_line(finding, &out);
  }
  s->bad += finding->verdict == DLA_BAD;
  s->status = dla_cli_print(&out, s->err);
  if (!s->status) s->status = dla_cli_flush(s->err);
  return s->status == DLA_OK;
}

static dla_status test_here(const selftest_options *options, dla_error *err)
{
  dla_swept_folder *folder;
  shown s = {.options = options, .err = err};
  dla_selftest test = {
      .backend = options->backend, .device = options->device, .found = on_found, .context = &s};
  TRY(dla_swept_folder_make(dla_temporary_place(), &folder, err));
  test.folder = dla_swept_folder_path(folder);
  dla_status status = dla_selftest_run(&test, err);
  dla_swept_folder_remove(folder);
  if (!status) status = s.status;
  return status ? status : dla_cli_fail_bad("selftest", s.bad, err);
}

/* ---- Each instruction set, in its own process ---- */

/* The result of one process. */
typedef struct child {
  const selftest_options *options;
  int bad;         /* bad findings that it reported */
  char error[512]; /* its final error, from standard error */
  dla_process_end end;
} child;

static void on_line(void *context, const char *line)
{
  static const char error[] = "dla-train: error: ";
  child *c = context;
  if (strncmp(line, error, sizeof error - 1) == 0) {
    snprintf(c->error, sizeof c->error, "%s", line + sizeof error - 1);
    return;
  }
  const char *bad = c->options->json ? "{\"verdict\":\"bad\"" : "bad ";
  c->bad += strncmp(line, bad, strlen(bad)) == 0;
  puts(line);
  fflush(stdout);
}

static dla_status start(const char *program, dla_isa isa, child *c, dla_error *err)
{
  dla_argv argv = {0};
  dla_environment env = {0};
  dla_argv_add(&argv, "%s", program);
  dla_argv_add(&argv, "selftest");
  if (c->options->json) dla_argv_add(&argv, "--json");
  if (c->options->backend) dla_argv_add(&argv, "--backend=%s", c->options->backend);
  if (c->options->device) dla_argv_add(&argv, "--device=%s", c->options->device);
  dla_environment_inherit(&env);
  dla_environment_set(&env, variable, dla_isa_name(isa));
  const dla_process process = {.argv = argv.items,
                               .env = env.items,
                               .folder = ".",
                               .line = on_line,
                               .line_context = c,
                               .signal = dla_cli_stop_signal};
  dla_status status = argv.failed || env.failed ? dla_fail_memory(err, "a command")
                                                : dla_process_run(&process, &c->end, err);
  dla_argv_free(&argv);
  dla_environment_free(&env);
  return status;
}

/* Reports what the process could not report itself: that it ended with an error or by a signal. */
static dla_status tell_end(const child *c, dla_isa isa, dla_error *err)
{
  dla_findings one = {0};
  shown s = {.options = c->options, .err = err};
  if (c->bad || c->end.status == DLA_EXIT_OK) return DLA_OK;
  dla_findings_add(&one, DLA_BAD, dla_isa_name(isa), "see docs/doctor.md",
                   "the test ended with status %d%s%s%s", c->end.status,
                   c->end.status > 128 ? ", which is a signal's" : "", c->error[0] ? ": " : "",
                   c->error);
  if (!one.failed) on_found(&s, &one.items[0]);
  dla_status status = one.failed ? dla_fail_memory(err, "a finding") : s.status;
  dla_findings_free(&one);
  return status;
}

static dla_status print_sum(const selftest_options *options, int tested, int failed, dla_error *err)
{
  dla_strbuf out = {0};
  if (options->json) {
    dla_json json = dla_json_begin(&out);
    dla_json_text(&json, "verdict", dla_verdict_name(failed ? DLA_BAD : DLA_GOOD));
    dla_json_integer(&json, "instruction_sets", tested);
    dla_json_integer(&json, "bad", failed);
    dla_json_end_line(&json);
  } else {
    dla_strbuf_printf(&out, "%d of %d instruction sets compute as they should\n", tested - failed,
                      tested);
  }
  return dla_cli_print(&out, err);
}

static dla_status test_each(const char *program, const selftest_options *options, dla_error *err)
{
  int tested = 0, failed = 0;
  for (int isa = 0; isa < DLA_ISA_COUNT; isa++) {
    child c = {.options = options};
    if (!dla_isa_has((dla_isa)isa)) continue;
    TRY(start(program, (dla_isa)isa, &c, err));
    if (c.end.interrupted) return dla_fail(err, DLA_E_INTERRUPTED, "selftest", NULL, "was stopped");
    TRY(tell_end(&c, (dla_isa)isa, err));
    tested++;
    failed += c.end.status != DLA_EXIT_OK;
  }
  TRY(print_sum(options, tested, failed, err));
  TRY(dla_cli_flush(err));
  if (!failed) return DLA_OK;
  dla_fail(err, DLA_E_STEP, "selftest", "docs/doctor.md says what to do",
           "%d of %d instruction sets do not compute as they should", failed, tested);
  if (err) err->exit_status = DLA_EXIT_FAILURE;
  return DLA_E_STEP;
}

static dla_status act(dla_arguments *arguments, void *options, dla_error *err)
{
  const selftest_options *o = options;
  const char *chosen = getenv(variable);
  char *program;
  if (arguments->count)
    return dla_fail(err, DLA_E_INPUT, "selftest", NULL, "it takes options only");
  if (o->backend && !dla_backend_find(o->backend))
    return dla_fail(err, DLA_E_INPUT, "--backend", "see dla-train --version",
                    "this build has no backend '%.40s'", o->backend);
  if (chosen && *chosen) return test_here(o, err);
  TRY(dla_cli_program_path(&program, err));
  dla_status status = test_each(program, o, err);
  free(program);
  return status;
}

const dla_verb dla_verb_selftest = {
    .name = "selftest",
    .summary = "compute small things that are known, with each instruction set of this machine",
    .arguments = "",
    .flags = flags,
    .options = sizeof(selftest_options),
    .act = act,
};
