/* dla-train doctor [config.yaml]: checks whether this machine can do it. */
#include "doctor/doctor.h"

#include "cli/arguments.h"
#include "cli/findings.h"
#include "cli/verb.h"

typedef struct doctor_options {
  bool json;
} doctor_options;

static const dla_flag flags[] = {
    {"json", NULL, "print one JSON object instead of lines", offsetof(doctor_options, json)},
    {0},
};

static dla_status examine(const dla_config *config, bool json, dla_error *err)
{
  dla_findings findings = {0};
  dla_doctor(config, &findings);
  dla_status status = dla_cli_print_findings(&findings, dla_verb_doctor.name, json, err);
  dla_findings_free(&findings);
  return status;
}

static dla_status run(const dla_verb *verb, int argc, char **argv, dla_error *err)
{
  dla_arguments arguments;
  doctor_options options = {0};
  dla_config config;
  dla_config_folders folders = {.path = {DLA_DOCTOR_INPUT, DLA_DOCTOR_OUTPUT}};
  dla_status status = dla_arguments_parse(&arguments, verb, argc, argv, &options, err);
  if (status) return status;
  status = dla_arguments_config(&arguments, &folders, &config, err);
  dla_arguments_free(&arguments);
  if (status) return status;
  status = examine(&config, options.json, err);
  dla_config_free(&config);
  return status;
}

const dla_verb dla_verb_doctor = {
    .name = "doctor",
    .summary = "look whether this machine can do what a config asks for",
    .flags = flags,
    .run = run,
};
