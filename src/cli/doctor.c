/* dla-train doctor [config.yaml]: checks whether this machine can do it. */
#include "doctor/doctor.h"

#include "base/try.h"
#include "cli/arguments.h"
#include "cli/findings.h"
#include "cli/verb.h"

static const dla_flag flags[] = {
    {"json", NULL, "print one JSON object instead of lines", offsetof(dla_json_option, json)},
    {0},
};

static dla_status act(dla_arguments *arguments, void *options, dla_error *err)
{
  const dla_json_option *o = options;
  dla_config config;
  dla_config_folders folders = {.path = {DLA_DOCTOR_INPUT, DLA_DOCTOR_OUTPUT}};
  dla_findings findings = {0};
  TRY(dla_arguments_config(arguments, &folders, &config, err));
  dla_doctor(&config, &findings);
  dla_status status = dla_cli_print_findings(&findings, dla_verb_doctor.name, o->json, err);
  dla_findings_free(&findings);
  dla_config_free(&config);
  return status;
}

const dla_verb dla_verb_doctor = {
    .name = "doctor",
    .summary = "look whether this machine can do what a config asks for",
    .flags = flags,
    .options = sizeof(dla_json_option),
    .act = act,
};
