#include "cli/run_json.h"

#include "base/clock.h"
#include "cli/output.h"

static void write_error(dla_json *json, const char *key, const dla_error *e)
{
  dla_json_begin_object(json, key);
  dla_json_text(json, "where", e->where[0] ? e->where : NULL);
  dla_json_text(json, "message", e->what);
  dla_json_text(json, "hint", e->hint[0] ? e->hint : NULL);
  dla_json_end_object(json);
}

static void write_errors(dla_json *json, const char *key, const dla_workflow_faults *errors)
{
  dla_json_begin_array(json, key);
  for (size_t i = 0; i < errors->count; i++)
    write_error(json, NULL, &errors->items[i]);
  dla_json_end_array(json);
}

dla_status dla_run_print_check(const char *path, const dla_run_check *check, dla_error *err)
{
  dla_strbuf out = {0};
  dla_json json = dla_json_begin(&out);
  dla_json_text(&json, "file", path);
  write_errors(&json, "faults", &check->faults);
  write_errors(&json, "missing", &check->missing);
  write_errors(&json, "shortages", &check->shortages);
  return dla_cli_print_object(&json, err);
}

void dla_run_check_free(dla_run_check *check)
{
  dla_workflow_faults_free(&check->faults);
  dla_workflow_faults_free(&check->missing);
  dla_workflow_faults_free(&check->shortages);
}

void dla_run_object_begin(dla_run_object *object, const char *path)
{
  *object = (dla_run_object){.begin = dla_clock()};
  object->json.out = &object->text;
  dla_json_begin_object(&object->json, NULL);
  dla_json_text(&object->json, "file", path);
  dla_json_begin_array(&object->json, "steps");
}

void dla_run_object_add(dla_run_object *object, const dla_workflow_ended *step)
{
  static const char *const outcomes[] = {[DLA_STEP_DONE] = "done",
                                         [DLA_STEP_CAUGHT] = "caught",
                                         [DLA_STEP_FAILED] = "failed",
                                         [DLA_STEP_SKIPPED] = "skipped",
                                         [DLA_STEP_STOPPED] = "stopped"};
  dla_json *json = &object->json;
  dla_json_begin_object(json, NULL);
  dla_json_text(json, "name", step->name);
  dla_json_text(json, "outcome", outcomes[step->outcome]);
  dla_json_integer(json, "exit_status", step->exit_status);
  dla_json_number(json, "seconds", step->seconds);
  dla_json_end_object(json);
}

dla_status dla_run_object_print(dla_run_object *object, const dla_error *failure, dla_error *err)
{
  dla_json *json = &object->json;
  const bool of_step = failure && failure->status == DLA_E_STEP;
  dla_json_end_array(json);
  dla_json_number(json, "seconds", dla_clock() - object->begin);
  dla_json_integer(json, "exit_status",
                   of_step   ? failure->exit_status
                   : failure ? dla_exit_status(failure->status)
                             : DLA_EXIT_OK);
  if (failure)
    write_error(json, "error", failure);
  else
    dla_json_text(json, "error", NULL);
  return dla_cli_print_object(json, err);
}
