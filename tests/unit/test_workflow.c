/* The parts of running a workflow that need no process: reader, order, loops, variables, lines. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "config/config.h"
#include "process/argv.h"
#include "process/lines.h"
#include "workflow/environment.h"
#include "workflow/redact.h"
#include "workflow/workflow.h"

#include "scratch.h"

#define RESOURCES "resources: {tasks: 2, cpusPerTask: 3, memPerCpu: 4, gpus: 5}\n"

static dla_workflow read_ok(const char *text)
{
  dla_workflow w;
  dla_error err = {0};
  dla_status status = dla_workflow_read_text("w.yaml", text, strlen(text), NULL, &w, NULL, &err);
  if (status) print_error("%s: %s\n", err.where, err.what);
  assert_int_equal(status, DLA_OK);
  return w;
}

static void every_key_is_read(void **state)
{
  (void)state;
  dla_workflow w =
      read_ok(RESOURCES
              "enableLogging: true\nenv: [{key: A, value: 1}, {key: B}]\ninputMode: 448\n"
              "input: {http: {url: 'http://h/x'}}\n"
              "output: {s3: {region: r, bucketUrl: 's3://b', path: /p, accessKeyId: k, "
              "secretAccessKey: s, endpointUrl: 'http://e', deleteSync: true}}\n"
              "continuousOutputSync: true\n"
              "steps:\n"
              "- name: n\n  if: a = b\n  resources: {gpusPerTask: 2, tasks: 9}\n"
              "  run: {command: c, shell: /bin/sh, workDir: /w, resources: {tasks: 7},\n"
              "    env: [{key: C, value: d}], container: {image: i, registry: r, apptainer: true,\n"
              "    mounts: [{hostDir: /a, containerDir: /b, options: ro}]}}\n"
              "  catch: [{run: {command: x}}]\n  finally: [{steps: []}]\n");
  assert_true(w.resources.tasks == 2 && w.resources.cpus_per_task == 3);
  assert_true(w.resources.mem_per_cpu == 4 && w.resources.gpus == 5);
  assert_true(w.logging && w.continuous_sync && w.input_mode == 448);
  assert_string_equal(w.env.items[0].value, "1");
  assert_string_equal(w.env.items[1].value, "");
  assert_string_equal(dla_secret_text(w.input.url), "http://h/x");
  assert_true(w.output.protocol == DLA_WORKFLOW_S3 && w.output.delete_sync);
  assert_string_equal(dla_secret_text(w.output.secret_key), "s");
  const dla_workflow_step *step = &w.steps.items[0];
  assert_string_equal(step->condition, "a = b");
  assert_int_equal(step->line, 9);
  assert_true(step->run.resources.tasks == 7 && step->run.resources.gpus == 2);
  assert_string_equal(step->run.container.mounts[0].container_dir, "/b");
  assert_true(step->run.container.apptainer && step->on_failure.count == 1);
  assert_string_equal(step->on_failure.items[0].name, "step 1");
  dla_workflow_free(&w);
}

static void the_grids_other_keys_are_read(void **state)
{
  (void)state;
  dla_workflow w =
      read_ok("job:\n"
              "  resources: {tasks: 2, cpusPerTask: 3, memPerCpu: 4, gpusPerTask: 5}\n"
              "  steps:\n"
              "  - {name: n}\n"
              "  - if: '  '\n    launch: {handleName: h, signalOnParentStepExit: 9, steps: []}\n"
              "  - run: {command: a b, shell: ENTRYPOINT, mapUid: 1, mpi: pmi2, network: host,\n"
              "      disableCpuBinding: true, container: {image: /x.sif, mountHome: true,\n"
              "      deepsquareHosted: true, x11: true, readOnlyRootFS: true}}\n"
              "  - {run: {command: '', container: {image: i}}, steps: null}\n"
              "  - for: {parallel: false, items: null, range: {begin: 1, end: 2}, steps: []}\n");
  assert_true(w.resources.gpus == 10 && w.resources.gpus_per_task == 5);
  const dla_workflow_step *s = w.steps.items;
  assert_true(!s[0].run.command && !s[0].launch.present && s[0].run.map_uid == -1);
  assert_null(s[1].condition);
  assert_true(s[1].launch.present && s[1].launch.signal == 9);
  assert_ptr_equal(dla_workflow_find_step(&w.steps, "H"), &s[1]);
  assert_ptr_equal(dla_workflow_find_step(&w.steps, "n"), &s[0]);
  assert_true(s[2].run.entrypoint && !s[2].run.shell && s[2].run.map_uid == 1 && s[2].run.unbound);
  assert_string_equal(s[2].run.mpi, "pmi2");
  const dla_workflow_container *c = &s[2].run.container;
  assert_true(c->mount_home && c->grid_hosted && c->mount_x11 && c->read_only);
  assert_true(s[3].run.entrypoint && s[4].loop.has_range);
  dla_workflow_free(&w);
}

static void all_faults_are_told(void **state)
{
  (void)state;
  static const char text[] =
      "resources: {tasks: x, gpus: -1}\nsteps:\n- {run: {command: c, a: b}}\n"
      "- {use: {source: s}, dependsOn: [q]}\nstep: []\n";
  static const char told[] =
      "w.yaml:1: 'tasks' is a whole number in decimal, not 'x'\n"
      "w.yaml:1: 'gpus' is at least 0 and at most 1000000, not -1\n"
      "w.yaml:1: 'resources' needs 'cpusPerTask' (see docs/workflow.md)\n"
      "w.yaml:1: 'resources' needs 'memPerCpu' (see docs/workflow.md)\n"
      "w.yaml:3: 'run' has no key 'a' (see docs/workflow.md)\n"
      "w.yaml:4: 'use' takes modules of local folders, and 'source' is none with a module.yaml "
      "(modules are not fetched: get it, and name its folder)\n"
      "w.yaml:4: dependsOn of 'step 2': there is no step 'q' (only steps of the same list can be "
      "awaited)\n"
      "w.yaml:5: a workflow has no key 'step' (did you mean 'steps'?)\n";
  dla_workflow w;
  dla_workflow_faults faults = {0};
  dla_error err = {0};
  assert_int_equal(dla_workflow_read_text("w.yaml", text, strlen(text), NULL, &w, &faults, &err),
                   DLA_E_INPUT);
  dla_strbuf lines = {0};
  dla_workflow_faults_print(&faults, &lines);
  assert_string_equal(lines.text, told);
  assert_int_equal(faults.count, 8);
  assert_string_equal(err.what, "8 things in it are wrong, or cannot be done here");
  assert_null(w.steps.items);
  dla_strbuf_free(&lines);
  dla_workflow_faults_free(&faults);
}

static void nothing_is_an_absent_key(void **state)
{
  (void)state;
  dla_workflow w = read_ok(RESOURCES "input: ~\noutput:\nsteps: [{name: null, run: {command: c}}]");
  assert_true(!w.input.protocol && !w.output.protocol && w.input_mode == -1);
  assert_string_equal(w.steps.items[0].name, "step 1");
  dla_workflow_free(&w);
}

static void steps_wait_for_those_they_depend_on(void **state)
{
  (void)state;
  dla_workflow w = read_ok(RESOURCES "steps:\n"
                                     "- {name: a, run: {command: x}, dependsOn: [c, d]}\n"
                                     "- {name: b, run: {command: x}}\n"
                                     "- {name: c, run: {command: x}, dependsOn: [d]}\n"
                                     "- {name: d, run: {command: x}}\n");
  static const size_t order[] = {1, 3, 2, 0};
  assert_memory_equal(w.steps.order, order, sizeof order);
  dla_workflow_free(&w);
}

static void loops_include_both_ends(void **state)
{
  (void)state;
  static const struct {
    int64_t begin, end, increment;
    size_t count;
  } cases[] = {{1, 3, 1, 3},  {1, 4, 2, 2},  {3, 1, -1, 3}, {2, 2, 1, 1},
               {2, 2, -1, 1}, {1, 3, -1, 0}, {3, 1, 1, 0},  {-4, 4, 4, 3}};
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
    dla_workflow_loop loop = {.has_range = true,
                              .begin = cases[i].begin,
                              .end = cases[i].end,
                              .increment = cases[i].increment};
    assert_int_equal(dla_workflow_loop_count(&loop), cases[i].count);
  }
  dla_workflow_loop loop = {.has_range = true, .begin = 5, .end = -5, .increment = -5};
  char index[24];
  const char *item;
  dla_workflow_loop_pass(&loop, 2, index, &item);
  assert_string_equal(index, "-5");
  assert_string_equal(item, "-5");
}

/* Its errors have the line of the workflow file, whatever is in front of it. */
static void a_training_config_keeps_its_place(void **state)
{
  (void)state;
  static const char *const forms[] = {
      "# caf\xc3\xa9 \xe2\x82\xac\nsteps:\n- train:\n    optimizer:\n      lr: 0.5\n      mum: 1\n"
      "  name: x\n",
      "# caf\xc3\xa9 \xe2\x82\xac\nsteps: [{train: {optimizer:\n {lr: 0.5},\n train: {}, \n\n "
      "optimiser: {}}"
      ", name: x}]\n",
  };
  for (size_t i = 0; i < 2; i++) {
    char text[400];
    dla_config config;
    dla_error err = {0};
    snprintf(text, sizeof text, "%s%s", forms[i], RESOURCES);
    dla_workflow w = read_ok(text);
    dla_config_layers layers = {.path = w.name, .text = w.steps.items[0].train};
    assert_int_equal(dla_config_load(&config, &layers, &err), DLA_E_INPUT);
    assert_string_equal(err.where, "w.yaml:6");
    dla_workflow_free(&w);
  }
}

static void later_variables_win(void **state)
{
  (void)state;
  char *folder = scratch_new();
  static const char lines[] = "# A=no\nA=file\nnone\n=x\n1B=x\nC C=x\nD=a=b\nE=";
  const char *path = scratch_write(folder, "env", lines, strlen(lines));
  dla_environment e = {0};
  dla_error err = {0};
  dla_environment_inherit(&e);
  size_t inherited = e.count;
  assert_true(inherited > 0 && !e.own[0]);
  dla_environment_set(&e, "A", "1");
  dla_environment_set(&e, "AB", "2");
  assert_int_equal(dla_environment_set_file(&e, path, &err), DLA_OK);
  assert_string_equal(dla_environment_get(&e, "A"), "file");
  assert_string_equal(dla_environment_get(&e, "AB"), "2");
  assert_string_equal(dla_environment_get(&e, "D"), "a=b");
  assert_string_equal(dla_environment_get(&e, "E"), "");
  assert_null(dla_environment_get(&e, "1B"));
  assert_int_equal(e.count, inherited + 4);
  assert_true(e.own[inherited] && !e.items[e.count]);
  assert_int_equal(dla_environment_set_file(&e, "/no/such/file", &err), DLA_OK);
  dla_environment_free(&e);
  scratch_remove(folder);
}

static void collect(void *context, const char *line)
{
  dla_strbuf_printf(context, "<%s>", line);
}

static void output_is_cut_into_lines(void **state)
{
  (void)state;
  dla_strbuf out = {0};
  dla_lines *lines = calloc(1, sizeof *lines);
  assert_non_null(lines);
  lines->line = collect;
  lines->context = &out;
  static const char text[] = "a\n\nb\r\n10 %\r20 %\rend";
  for (size_t i = 0; i < strlen(text); i++)
    dla_lines_take(lines, text + i, 1);
  dla_lines_end(lines);
  assert_string_equal(out.text, "<a><><b><10 %><20 %><end>");
  dla_strbuf_free(&out);
  for (size_t i = 0; i < DLA_LINE_MOST + 2; i++)
    dla_lines_take(lines, "x", 1);
  dla_lines_end(lines);
  assert_int_equal(out.length, DLA_LINE_MOST + 2 + 4);
  dla_strbuf_free(&out);
  free(lines);
}

static void secrets_are_replaced(void **state)
{
  (void)state;
  dla_workflow w =
      read_ok(RESOURCES "input: {http: {url: 'http://me:word@h/x'}}\n"
                        "output: {s3: {region: r, bucketUrl: 's3://b', path: /p, "
                        "accessKeyId: k, secretAccessKey: sec, endpointUrl: 'http://e'}}\n"
                        "steps: []\n");
  dla_strbuf out = {0};
  dla_workflow_redact(&w, "a sec secsec http://me:word@h/x http://me:@h/x", &out);
  assert_string_equal(out.text, "a *** ****** *** http://me:@h/x");
  dla_strbuf_free(&out);
  dla_workflow_free(&w);
}

static void texts_are_split_as_a_shell_does(void **state)
{
  (void)state;
  dla_strbuf out = {0};
  dla_argv argv = {0};
  dla_argv_split("  a 'b c'd \"e'f\" \\'g $H '' i\\\n", &argv);
  dla_argv_show(&argv, &out);
  assert_string_equal(out.text, "a 'b cd' 'e'\\''f' ''\\''g' '$H' '' i");
  dla_strbuf_free(&out);
  dla_argv_free(&argv);
  dla_argv_split("a \\\n  --b \"c\\d \\\" \\$\" \\\n\n", &argv);
  dla_argv_show(&argv, &out);
  assert_string_equal(out.text, "a --b 'c\\d \" $'");
  dla_strbuf_free(&out);
  dla_argv_free(&argv);
}

static void words_are_quoted(void **state)
{
  (void)state;
  dla_strbuf out = {0};
  dla_argv argv = {0};
  dla_argv_add(&argv, "%s", "/bin/sh");
  dla_argv_add(&argv, "%s", "it's $HOME");
  dla_argv_add(&argv, "%s", "");
  dla_argv_show(&argv, &out);
  assert_string_equal(out.text, "/bin/sh 'it'\\''s $HOME' ''");
  dla_strbuf_free(&out);
  dla_argv_free(&argv);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(every_key_is_read),
      cmocka_unit_test(the_grids_other_keys_are_read),
      cmocka_unit_test(all_faults_are_told),
      cmocka_unit_test(nothing_is_an_absent_key),
      cmocka_unit_test(steps_wait_for_those_they_depend_on),
      cmocka_unit_test(loops_include_both_ends),
      cmocka_unit_test(a_training_config_keeps_its_place),
      cmocka_unit_test(later_variables_win),
      cmocka_unit_test(output_is_cut_into_lines),
      cmocka_unit_test(secrets_are_replaced),
      cmocka_unit_test(texts_are_split_as_a_shell_does),
      cmocka_unit_test(words_are_quoted),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
