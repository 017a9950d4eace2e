#include "cli/verb.h"

#include <string.h>

#include "base/closest.h"

const dla_verb *const dla_verbs[] = {
    &dla_verb_train,      &dla_verb_run,
    &dla_verb_sweep,      &dla_verb_submit,
    &dla_verb_eval,       &dla_verb_predict,
    &dla_verb_bench,      &dla_verb_find_lr,
    &dla_verb_graph,      &dla_verb_inspect,
    &dla_verb_convert,    &dla_verb_export,
    &dla_verb_report,     &dla_verb_data,
    &dla_verb_stage,      &dla_verb_config,
    &dla_verb_new,        &dla_verb_doctor,
    &dla_verb_selftest,   &dla_verb_help,
    &dla_verb_train_step, NULL,
};

const dla_verb *dla_verb_find(const char *name)
{
  for (const dla_verb *const *verb = dla_verbs; *verb; verb++)
    if (strcmp((*verb)->name, name) == 0) return *verb;
  return NULL;
}

dla_status dla_verb_unknown(const char *name, dla_error *err)
{
  char hint[80];
  dla_closest closest = dla_closest_to(name);
  for (const dla_verb *const *verb = dla_verbs; *verb; verb++)
    if ((*verb)->summary) dla_closest_offer(&closest, (*verb)->name);
  dla_closest_hint(&closest, "", "see dla-train --help", hint, sizeof hint);
  return dla_fail(err, DLA_E_INPUT, NULL, hint, "'%.80s' is neither a verb nor a file", name);
}

bool dla_verb_takes_config(const dla_verb *verb)
{
  return verb->arguments == NULL;
}
