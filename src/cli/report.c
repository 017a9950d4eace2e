/* dla-train report RUN ...: writes a page about runs, or serves a folder's runs live. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/json.h"
#include "base/number.h"
#include "base/path.h"
#include "base/try.h"
#include "cli/arguments.h"
#include "cli/output.h"
#include "cli/signals.h"
#include "cli/verb.h"
#include "report/report.h"
#include "report/server.h"

typedef struct report_options {
  bool serve, json;
  const char *output, *port;
} report_options;

static const dla_flag flags[] = {
    {"output", "FILE", "the page; report.html in the folder that is given, or here for several",
     offsetof(report_options, output)},
    {"serve", NULL, "show the runs of a folder on 127.0.0.1, until a signal ends it",
     offsetof(report_options, serve)},
    {"port", "N", "of --serve; 8080 unless given, 0: any that is free",
     offsetof(report_options, port)},
    {"json", NULL, "print one JSON object instead of text", offsetof(report_options, json)},
    {0},
};

static dla_status check(const dla_arguments *arguments, const report_options *o, dla_error *err)
{
  if (o->serve && arguments->count != 1)
    return dla_fail(err, DLA_E_INPUT, "report", "dla-train report --serve RUNS",
                    "--serve takes one folder, in which runs are");
  if (o->serve && o->output)
    return dla_fail(err, DLA_E_INPUT, "--output", "leave one of them out",
                    "--serve writes no file");
  if (o->port && !o->serve)
    return dla_fail(err, DLA_E_INPUT, "--port", NULL, "--port goes with --serve");
  if (o->output && !o->output[0])
    return dla_fail(err, DLA_E_INPUT, "--output", "for example --output=report.html",
                    "the file has no name");
  if (!arguments->count)
    return dla_fail(err, DLA_E_INPUT, "report", "dla-train report runs/cifar10",
                    "it takes the folders of runs, or of a sweep");
  return DLA_OK;
}

static dla_status read_port(const char *text, int *port, dla_error *err)
{
  enum { USUAL = 8080, MOST = 65535 };
  int64_t number = USUAL;
  if (text && (!dla_integer_read(text, &number) || number < 0 || number > MOST))
    return dla_fail(err, DLA_E_INPUT, "--port", "for example --port=8080",
                    "'%.40s' is no port from 0 to 65535", text);
  *port = (int)number;
  return DLA_OK;
}

/* Prints the page's name or address, as text or JSON. */
static dla_status print_place(const char *key, const char *place, bool as_json, dla_error *err)
{
  dla_strbuf out = {0};
  dla_json json = {.out = &out};
  if (as_json) {
    dla_json_begin_object(&json, NULL);
    dla_json_text(&json, key, place);
    return dla_cli_print_object(&json, err);
  }
  dla_strbuf_printf(&out, "%s\n", place);
  return dla_cli_print(&out, err);
}

/* Standard output may be closed; the server goes on. */
static void on_listening(void *context, const char *address)
{
  const report_options *options = context;
  dla_error ignored = {0};
  print_place("address", address, options->json, &ignored);
  dla_cli_flush(&ignored);
}

static dla_status serve(const char *folder, report_options *options, dla_error *err)
{
  dla_report_server server = {
      .folder = folder, .listening = on_listening, .context = options, .stop = dla_cli_stop()};
  TRY(read_port(options->port, &server.port, err));
  dla_cli_catch_signals();
  return dla_report_serve(&server, err);
}

static dla_status write_report(const dla_arguments *arguments, const report_options *options,
                               dla_error *err)
{
  const char *output = options->output;
  char *file = output                  ? strdup(output)
               : arguments->count == 1 ? dla_join_path(arguments->operands[0], DLA_REPORT_FILE)
                                       : strdup(DLA_REPORT_FILE);
  if (!file) return dla_fail_memory(err, "a file name");
  dla_status status = dla_report_write(arguments->operands, (size_t)arguments->count, file, err);
  if (!status) status = print_place("file", file, options->json, err);
  free(file);
  return status;
}

static dla_status act(dla_arguments *arguments, void *options, dla_error *err)
{
  report_options *o = options;
  TRY(check(arguments, o, err));
  return o->serve ? serve(arguments->operands[0], o, err) : write_report(arguments, o, err);
}

const dla_verb dla_verb_report = {
    .name = "report",
    .summary = "what became of runs or of a sweep, as one HTML page, or served live",
    .arguments = "RUN ... [--output FILE] | --serve RUNS",
    .flags = flags,
    .options = sizeof(report_options),
    .act = act,
};
