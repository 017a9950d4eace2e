#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>
#include <jansson.h>

#include "scratch.h"
#include "train/metrics.h"

static void lines_are_json(void **state)
{
  (void)state;
  char path[] = "/tmp/dla-metrics-XXXXXX";
  close(mkstemp(path));
  dla_error err = {0};
  dla_metrics *metrics = NULL;
  assert_int_equal(dla_metrics_open(path, 0, 0, &metrics, &err), DLA_OK);
  const dla_step_metrics step = {7, 1, 2.5, 0.1, 80.25, NAN};
  const dla_epoch_metrics epoch = {1,  7,    2.5, 0.25, NAN,  0.5, 0.1,  3,
                                   -1, 0.75, 24,  2,    0.25, 0.5, 0.125};
  assert_int_equal(dla_metrics_step(metrics, &step, &err), DLA_OK);
  assert_int_equal(dla_metrics_epoch(metrics, &epoch, &err), DLA_OK);
  FILE *file = fopen(path, "r"); /* before it is closed: every line is flushed */
  char line[512];
  assert_non_null(fgets(line, sizeof line, file));
  json_t *json = json_loads(line, JSON_REJECT_DUPLICATES, NULL);
  assert_string_equal(json_string_value(json_object_get(json, "type")), "step");
  assert_int_equal(json_integer_value(json_object_get(json, "step")), 7);
  assert_true(json_number_value(json_object_get(json, "loss")) == 2.5);
  assert_true(json_is_null(json_object_get(json, "grad_norm")));
  json_decref(json);
  assert_non_null(fgets(line, sizeof line, file));
  json = json_loads(line, JSON_REJECT_DUPLICATES, NULL);
  assert_true(json_is_null(json_object_get(json, "test_loss")));
  assert_true(json_number_value(json_object_get(json, "test_accuracy")) == 0.5);
  assert_true(json_number_value(json_object_get(json, "test_top5_accuracy")) == 0.75);
  assert_true(json_number_value(json_object_get(json, "wait_seconds")) == 0.25);
  assert_non_null(strstr(
      line,
      ",\"test_top5_accuracy\":0.75,\"image_size\":24}\n")); /* behind what was there before */
  json_decref(json);
  fclose(file);
  dla_metrics_close(metrics);
  unlink(path);
}

static void a_resumed_file_is_cut_back(void **state)
{
  (void)state;
  static const char before[] = "{\"type\":\"step\",\"step\":1,\"epoch\":1}\n"
                               "{\"type\":\"step\",\"step\":2,\"epoch\":1}\n"
                               "{\"type\":\"epoch\",\"epoch\":1,\"step\":2}\n"
                               "{\"type\":\"step\",\"step\":3,\"epoch\":2}\n";
  static const char behind[] = "{\"type\":\"epoch\",\"epoch\":2,\"step\":3}\n"
                               "{\"type\":\"step\",\"step\":4,\"epoch\":2}\n"
                               "garbage\n{\"type\":\"step\",\"step\":5,\"ep";
  char path[] = "/tmp/dla-metrics-XXXXXX", text[1024] = "";
  FILE *file = fdopen(mkstemp(path), "w");
  assert_non_null(file);
  fprintf(file, "%s%s", before, behind);
  fclose(file);
  dla_error err = {0};
  dla_metrics *metrics = NULL;
  assert_int_equal(dla_metrics_open(path, 3, 1, &metrics, &err), DLA_OK);
  const dla_step_metrics step = {4, 2, 1, 1, 1, -1};
  assert_int_equal(dla_metrics_step(metrics, &step, &err), DLA_OK);
  dla_metrics_close(metrics);
  file = fopen(path, "r");
  assert_true(fread(text, 1, sizeof text - 1, file) > sizeof before);
  fclose(file);
  assert_memory_equal(text, before, sizeof before - 1);
  const char *added = text + sizeof before - 1;
  assert_ptr_equal(strstr(added, "{\"type\":\"step\",\"step\":4"), added);
  assert_null(strstr(added, "grad_norm"));
  assert_ptr_equal(strchr(added, '\n'), added + strlen(added) - 1);
  unlink(path);
}

static void a_missing_folder_is_an_error(void **state)
{
  (void)state;
  char *folder = scratch_new();
  const char *path = scratch_path(folder, "missing/metrics.jsonl");
  dla_error err = {0};
  dla_metrics *metrics = NULL;
  assert_int_equal(dla_metrics_open(path, 0, 0, &metrics, &err), DLA_E_IO);
  assert_string_equal(err.where, path);
  scratch_remove(folder);
}

int main(void)
{
  const struct CMUnitTest tests[] = {cmocka_unit_test(lines_are_json),
                                     cmocka_unit_test(a_resumed_file_is_cut_back),
                                     cmocka_unit_test(a_missing_folder_is_an_error)};
  return cmocka_run_group_tests(tests, NULL, NULL);
}
