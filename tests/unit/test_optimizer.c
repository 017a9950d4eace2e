/* Nothing but src/optim knows SGD: a rule that only this test has, with two arrays, trains on every
 * backend, and its checkpoints go on to the byte. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/pattern.h"
#include "config/config.h"
#include "config/schema.h"
#include "dla/checkpoint.h"
#include "scratch.h"

enum { CHANNELS = 3, SIDE = 4, BATCH = 2, WIDTH = 5, WEIGHTS = WIDTH * CHANNELS * SIDE * SIDE };
#define RATE 0.5f

/* Plain gradient descent that keeps the last gradient, and the sum of all, by step. */
enum { DESCENT_LR };
enum { DESCENT_LAST, DESCENT_SUM };

static void descend(const dla_update_span *span, const dla_update_numbers *numbers)
{
  for (size_t i = 0; i < span->count; i++) {
    span->state[DESCENT_LAST][i] = span->gradients[i];
    span->state[DESCENT_SUM][i] += (float)numbers->step * span->gradients[i];
    span->parameters[i] -= numbers->value[DESCENT_LR] * span->gradients[i];
  }
}

static const dla_optimizer descent = {
    .name = "descent",
    .number = {[DESCENT_LR] = {"lr", RATE, false}},
    .state = {[DESCENT_LAST] = {"last", "last_gradient"}, [DESCENT_SUM] = {"sum", "sum"}},
    .torch_group = {{"lr", DLA_TORCH_NUMBER}},
    .reference = descend,
    .kernel = {[DLA_ISA_GENERIC] = descend},
};

static dla_graph *make_graph(void)
{
  dla_error err = {0};
  dla_graph *g = dla_graph_create();
  assert_non_null(g);
  dla_tensor x = dla_input(g, CHANNELS, SIDE, SIDE);
  x = dla_conv2d(g, "conv", x, (dla_conv2d_options){.out_channels = WIDTH, .kernel = SIDE});
  assert_int_equal(dla_graph_finish(g, dla_linear(g, "linear", x, 2, true), &err), DLA_OK);
  return g;
}

static dla_network *make_network(const char *backend, const dla_optimizer *optimizer,
                                 dla_status expected)
{
  dla_error err = {0};
  dla_network *network = NULL;
  const dla_network_options options = {.backend = backend,
                                       .device = "0",
                                       .threads = 1,
                                       .batch = BATCH,
                                       .training = true,
                                       .optimizer = optimizer};
  dla_status status = dla_network_create(make_graph(), &options, &network, &err);
  if (status != expected) fail_msg("%s: %d: %s", backend, status, err.what);
  if (status) return NULL;
  assert_int_equal(dla_network_initialise(network, 1, &err), DLA_OK);
  return network;
}

static void steps(dla_network *network, int64_t first, int64_t last)
{
  static const float images[BATCH * CHANNELS * SIDE * SIDE] = {1, -2, 3, 0.5};
  static const int32_t labels[BATCH] = {0, 1};
  dla_error err = {0};
  dla_result result;
  for (int64_t step = first; step <= last; step++) {
    const dla_update_numbers numbers = {.value = {[DESCENT_LR] = RATE}, .step = step};
    assert_int_equal(dla_network_train(network, images, labels, BATCH, &numbers, &result, &err),
                     DLA_OK);
  }
}

/* The convolution's weights, or what the rule keeps of them. */
static void read_weights(dla_network *network, dla_parameter_array array, float values[WEIGHTS])
{
  dla_error err = {0};
  assert_string_equal(dla_network_parameter(network, 0).name, "conv.weight");
  assert_int_equal(dla_network_read(network, 0, array, values, &err), DLA_OK);
}

/* One step each way: the arrays hold the gradient, and the weights went down along it. */
static void check_steps(const char *backend)
{
  float before[WEIGHTS], after[WEIGHTS], last[WEIGHTS], sum[WEIGHTS];
  dla_network *network = make_network(backend, &descent, DLA_OK);
  read_weights(network, DLA_PARAMETER_VALUE, before);
  steps(network, 3, 3);
  read_weights(network, DLA_PARAMETER_VALUE, after);
  read_weights(network, DLA_PARAMETER_STATE + DESCENT_LAST, last);
  read_weights(network, DLA_PARAMETER_STATE + DESCENT_SUM, sum);
  bool moved = false;
  for (int i = 0; i < WEIGHTS; i++) {
    assert_true(fabsf(after[i] - (before[i] - RATE * last[i])) <= 1e-6f);
    assert_true(sum[i] == 3 * last[i]);
    moved = moved || last[i] != 0;
  }
  assert_true(moved);
  dla_network_free(network);
}

/* Numbers that all count: a rule's number that is nothing by default is something here. */
static dla_update_numbers numbers_of(const dla_optimizer *rule)
{
  dla_update_numbers numbers = {.value = {0.01}};
  for (int i = 1; i < dla_optimizer_number_count(rule); i++) {
    const double initial = rule->number[i].initial;
    numbers.value[i] = rule->number[i].boolean ? 1 : initial > 0 ? initial : 0.1;
  }
  const int decay = dla_optimizer_number_find(rule, "weight_decay");
  if (decay >= 0) numbers.value[decay] = 0.1;
  return numbers;
}

/* The convolution's weights after three steps of a rule. */
static void train_by(const char *backend, const dla_optimizer *rule, float values[WEIGHTS])
{
  static const float images[BATCH * CHANNELS * SIDE * SIDE] = {1, -2, 3, 0.5};
  static const int32_t labels[BATCH] = {0, 1};
  dla_error err = {0};
  dla_result result;
  dla_update_numbers numbers = numbers_of(rule);
  dla_network *network = make_network(backend, rule, DLA_OK);
  for (numbers.step = 1; numbers.step <= 3; numbers.step++)
    assert_int_equal(dla_network_train(network, images, labels, BATCH, &numbers, &result, &err),
                     DLA_OK);
  read_weights(network, DLA_PARAMETER_VALUE, values);
  dla_network_free(network);
}

static void backends_update_alike(void **state)
{
  (void)state;
  const dla_optimizer *rule;
  for (int r = 0; (rule = dla_optimizer_at(r)); r++) {
    float expected[WEIGHTS], found[WEIGHTS];
    train_by("reference", rule, expected);
    for (int b = 0; dla_backend_at(b); b++) {
      train_by(dla_backend_at(b)->name, rule, found);
      for (int i = 0; i < WEIGHTS; i++)
        if (!(fabsf(found[i] - expected[i]) <= 1e-5f))
          fail_msg("%s on %s: %g, but reference has %g", rule->name, dla_backend_at(b)->name,
                   (double)found[i], (double)expected[i]);
    }
  }
}

static void every_backend_follows_the_rule(void **state)
{
  (void)state;
  for (int b = 0; dla_backend_at(b); b++) {
    const char *name = dla_backend_at(b)->name;
    /* OpenCL's kernels cannot be compiled from here. */
    if (strcmp(name, "opencl") == 0)
      assert_null(make_network(name, &descent, DLA_E_UNSUPPORTED));
    else
      check_steps(name);
  }
}

static void goes_on_from(const char *folder, const char *name)
{
  float expected[3][WEIGHTS], found[WEIGHTS];
  const char *path = scratch_path(folder, name);
  dla_error err = {0};
  dla_checkpoint *checkpoint = NULL;
  dla_network *network = make_network("reference", &descent, DLA_OK);
  steps(network, 1, 2);
  const dla_train_state at = {.step = 2, .update = {.value = {RATE}}};
  assert_int_equal(dla_checkpoint_capture(network, &at, &checkpoint, &err), DLA_OK);
  assert_int_equal(dla_checkpoint_write(checkpoint, path, &err), DLA_OK);
  dla_checkpoint_free(checkpoint);
  steps(network, 3, 4);
  for (int k = 0; k < 3; k++)
    read_weights(network, k, expected[k]);
  dla_network_free(network);

  network = make_network("reference", &descent, DLA_OK);
  if (dla_checkpoint_read(path, "", &checkpoint, &err)) fail_msg("%s: %s", name, err.what);
  assert_int_equal(dla_checkpoint_restore(checkpoint, path, network, &err), DLA_OK);
  dla_checkpoint_free(checkpoint);
  steps(network, 3, 4);
  for (int k = 0; k < 3; k++) {
    read_weights(network, k, found);
    assert_memory_equal(found, expected[k], sizeof found);
  }
  dla_network_free(network);
}

static void checkpoints_hold_its_arrays(void **state)
{
  (void)state;
  char *folder = scratch_new();
  goes_on_from(folder, "descent.safetensors");
  goes_on_from(folder, "descent.pth");
  scratch_remove(folder);
}

static bool is_choice(const char *name)
{
  const char *const *choice = dla_key_find("optimizer", "name")->choices;
  while (*choice && strcmp(*choice, name) != 0)
    choice++;
  return *choice != NULL;
}

/* The number is a key of its type, whose text names the rule where the default is another. */
static void has_key(const dla_optimizer *rule, const dla_optimizer_number *number)
{
  char initial[32];
  const dla_key *key = dla_key_find("optimizer", number->name);
  if (!key) fail_msg("%s: src/config/schema.c has no key optimizer.%s", rule->name, number->name);
  if (key->type != (number->boolean ? DLA_KEY_BOOLEAN : DLA_KEY_NUMBER))
    fail_msg("%s: optimizer.%s is a key of another type", rule->name, number->name);
  snprintf(initial, sizeof initial, "%g", number->initial);
  if (number->boolean || strtod(key->fallback, NULL) == number->initial) return;
  if (!strstr(key->doc, rule->name) || !strstr(key->doc, initial))
    fail_msg("%s: the text of optimizer.%s (src/config/schema.c) does not say that it is %s there",
             rule->name, number->name, initial);
}

/* The schema's choices are the rules, and a rule's numbers are keys. */
static void every_rule_can_be_configured(void **state)
{
  (void)state;
  const char *const *choices = dla_key_find("optimizer", "name")->choices;
  for (int i = 0; choices[i]; i++)
    if (!dla_optimizer_find(choices[i]))
      fail_msg("optimizer_names (src/config/schema.c) has %s: no such rule is in the table of "
               "src/optim/optimizer.c",
               choices[i]);
  for (int r = 0; dla_optimizer_at(r); r++) {
    const dla_optimizer *rule = dla_optimizer_at(r);
    if (!is_choice(rule->name))
      fail_msg("optimizer_names (src/config/schema.c) lacks %s", rule->name);
    assert_string_equal(rule->number[0].name, "lr");
    assert_non_null(rule->kernel[DLA_ISA_GENERIC]);
    for (int i = 0; i < dla_optimizer_number_count(rule); i++)
      has_key(rule, &rule->number[i]);
  }
}

static void note_change(void *context, const char *section, const char *key, const char *from,
                        const char *to)
{
  char *list = context;
  (void)from;
  snprintf(list + strlen(list), 256 - strlen(list), "%s.%s=%s ", section, key, to);
}

/* A command that repeats the run needs what is SGD's rate but not the rule's. */
static void own_numbers_are_no_changes(void **state)
{
  (void)state;
  char *overrides[] = {(char[]){"optimizer.name=lion"}, (char[]){"optimizer.lr=0.1"}};
  static const char *const expected[] = {"optimizer.name=lion ",
                                         "optimizer.name=lion optimizer.lr=0.1 "};
  for (int count = 1; count <= 2; count++) {
    char list[256] = "";
    dla_config config;
    dla_error err = {0};
    const dla_config_layers layers = {.overrides = overrides, .override_count = count};
    assert_int_equal(dla_config_load(&config, &layers, &err), DLA_OK);
    assert_int_equal(dla_config_changed(&config, note_change, list, &err), DLA_OK);
    assert_string_equal(list, expected[count - 1]);
    dla_config_free(&config);
  }
}

static void patterns_fit_names_or_their_first_parts(void **state)
{
  (void)state;
  assert_true(dla_name_fits("*.bias", "level0.0.bias"));
  assert_true(dla_name_fits("level[0-2]*", "level2.tree1.conv1.weight"));
  assert_true(dla_name_fits("base", "base.0.weight"));
  assert_true(dla_name_fits("level3.tree?", "level3.tree1.conv1.weight"));
  assert_false(dla_name_fits("base", "base_layer.0.weight"));
  assert_false(dla_name_fits("bias", "level0.0.bias"));
  assert_false(dla_name_fits("", "base.0.weight"));
}

static void a_parameter_is_in_the_first_group_that_it_fits(void **state)
{
  (void)state;
  dla_error err = {0};
  dla_parameter_groups *groups = NULL;
  assert_int_equal(dla_parameter_groups_create("[{\"match\": \"*.bias\", \"lr_scale\": 64},"
                                               " {\"match\": \"fc\", \"weight_decay\": 0.5}]",
                                               DLA_NO_DECAY_NORM_AND_BIAS, &groups, &err),
                   DLA_OK);
  static const struct {
    const char *name;
    int dimensions;
    double scale, decay; /* decay: NAN: the rule's */
  } cases[] = {{"conv.weight", 4, 1, NAN},
               {"norm.weight", 1, 1, 0},
               {"fc.weight", 2, 1, 0.5},
               {"fc.bias", 1, 64, 0}};
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
    const int group = dla_parameter_groups_find(groups, cases[i].name, cases[i].dimensions);
    const dla_update_change change = dla_parameter_groups_at(groups, group);
    assert_in_range(group, 0, dla_parameter_groups_count(groups) - 1);
    assert_true(change.lr_scale == cases[i].scale);
    assert_true(isnan(cases[i].decay) ? isnan(change.weight_decay)
                                      : change.weight_decay == cases[i].decay);
  }
  dla_parameter_groups_free(groups);
  static const char *const wrong[] = {"{}", "[", "[1]", "[{}]", "[{\"match\": 1}]"};
  for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++)
    assert_int_equal(dla_parameter_groups_create(wrong[i], DLA_NO_DECAY_NONE, &groups, &err),
                     DLA_E_INPUT);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(backends_update_alike),
      cmocka_unit_test(patterns_fit_names_or_their_first_parts),
      cmocka_unit_test(a_parameter_is_in_the_first_group_that_it_fits),
      cmocka_unit_test(every_backend_follows_the_rule),
      cmocka_unit_test(checkpoints_hold_its_arrays),
      cmocka_unit_test(every_rule_can_be_configured),
      cmocka_unit_test(own_numbers_are_no_changes),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
