/* `run --json`: what is wrong with a workflow file, and how its steps ended. */
#ifndef DLA_CLI_RUN_JSON_H
#define DLA_CLI_RUN_JSON_H

#include "base/json.h"
#include "workflow/hooks.h"
#include "workflow/workflow.h"

/* Lists of errors; a list that was not made has no items. */
typedef struct dla_run_check {
  dla_workflow_faults faults;             /* of the file */
  dla_workflow_faults missing, shortages; /* of this node */
} dla_run_check;

/* Prints them as one JSON object. */
dla_status dla_run_print_check(const char *path, const dla_run_check *check, dla_error *err);
void dla_run_check_free(dla_run_check *check);

/* The object of a run, whose steps are added as they end. */
typedef struct dla_run_object {
  dla_strbuf text;
  dla_json json;
  double begin;
} dla_run_object;

void dla_run_object_begin(dla_run_object *object, const char *path);
void dla_run_object_add(dla_run_object *object, const dla_workflow_ended *step);
/* Prints it. failure: why the run failed; NULL: it did not. */
dla_status dla_run_object_print(dla_run_object *object, const dla_error *failure, dla_error *err);

#endif
