/* Every update rule against PyTorch's arithmetic, over 20 steps from given gradients: see
 * make_rules.py. Every instruction set's kernel, and the reference. And whether the row has
 * torch.optim's names. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "dla/update_rule.h"
#include "fixed.h"

enum { LINE = 1024, COUNT = 19, STEPS = 20 }; /* make_rules.py's */

/* Parameters are below 2 and move by 0.01 a step; each step rounds a few times. */
#define ALLOWED 4e-6

typedef struct golden_case {
  const dla_optimizer *rule;
  dla_update_numbers numbers;
  double parameters[STEPS][COUNT], state[DLA_OPTIMIZER_STATES][COUNT];
} golden_case;

/* A line begins with its word; false: the file ends. */
static bool read_line(FILE *golden, const char *word, char line[LINE])
{
  const size_t length = strlen(word);
  if (!fgets(line, LINE, golden)) return false;
  line[strcspn(line, "\n")] = 0;
  if (strncmp(line, word, length) != 0 || line[length] != ' ')
    fail_msg("rules.txt: a line with '%s' should be here, not '%.40s'", word, line);
  memmove(line, line + length + 1, strlen(line + length));
  return true;
}

static void read_numbers(FILE *golden, const char *word, double *out)
{
  char line[LINE], *at = line;
  assert_true(read_line(golden, word, line));
  for (int i = 0; i < COUNT; i++)
    out[i] = strtod(at, &at);
  assert_string_equal(at, "");
}

/* Every number of the rule, in any order: "lr 0.01 momentum 0.9". */
static void read_case(golden_case *c, char *line)
{
  const char *name = strtok(line, " "), *key;
  bool given[DLA_OPTIMIZER_NUMBERS] = {false};
  if (!(c->rule = dla_optimizer_find(name))) fail_msg("rules.txt: there is no rule %s", name);
  while ((key = strtok(NULL, " "))) {
    const int place = dla_optimizer_number_find(c->rule, key);
    if (place < 0) fail_msg("rules.txt: %s: its row has no number %s", name, key);
    c->numbers.value[place] = strtod(strtok(NULL, " "), NULL);
    given[place] = true;
  }
  for (int i = 0; i < dla_optimizer_number_count(c->rule); i++)
    if (!given[i]) fail_msg("rules.txt: a case of %s lacks %s", name, c->rule->number[i].name);
}

/* load_state_dict() needs each of them. Another version of PyTorch may have fewer. */
static void row_has_group(const dla_optimizer *rule, char *line)
{
  for (const char *key = strtok(line, " "); key; key = strtok(NULL, " ")) {
    int i = 0;
    while (i < DLA_OPTIMIZER_FIELDS && rule->torch_group[i].name &&
           strcmp(rule->torch_group[i].name, key) != 0)
      i++;
    if (i == DLA_OPTIMIZER_FIELDS || !rule->torch_group[i].name)
      fail_msg("%s: its row's torch_group lacks %s", rule->name, key);
  }
}

static void row_keeps(const dla_optimizer *rule, const char *theirs)
{
  char ours[LINE] = "";
  size_t length = 0;
  if (rule->torch_step) length = (size_t)snprintf(ours, LINE, "step");
  for (int k = 0; k < dla_optimizer_state_count(rule); k++)
    length += (size_t)snprintf(ours + length, LINE - length, "%s%s", length ? " " : "",
                               rule->state[k].torch_name);
  if (strcmp(ours, theirs) != 0)
    fail_msg("%s: by its row (torch_step, state) it keeps '%s', but PyTorch keeps '%s'", rule->name,
             ours, theirs);
}

static bool read_golden(FILE *golden, golden_case *c)
{
  char line[LINE];
  *c = (golden_case){0};
  if (!read_line(golden, "case", line)) return false;
  read_case(c, line);
  assert_true(read_line(golden, "group", line));
  row_has_group(c->rule, line);
  for (int step = 0; step < STEPS; step++)
    read_numbers(golden, "parameters", c->parameters[step]);
  assert_true(read_line(golden, "keeps", line));
  row_keeps(c->rule, line);
  for (int k = 0; k < dla_optimizer_state_count(c->rule); k++)
    read_numbers(golden, c->rule->state[k].torch_name, c->state[k]);
  return true;
}

static void fill(const char *name, float *out)
{
  fixed_numbers(name, out, COUNT);
  for (int i = 0; i < COUNT; i++)
    out[i] = 2 * out[i] - 1;
}

static void assert_near(const golden_case *c, const char *isa, int step, const char *what,
                        const float *ours, const double *golden)
{
  for (int i = 0; i < COUNT; i++)
    if (!(fabs(ours[i] - golden[i]) <= ALLOWED))
      fail_msg("%s, %s, after step %d: %s, number %d: %.9g, but PyTorch has %.9g", c->rule->name,
               isa, step, what, i, (double)ours[i], golden[i]);
}

static void steps_agree(const golden_case *c, dla_update_kernel *kernel, const char *isa)
{
  char name[32];
  float parameters[COUNT], gradients[COUNT], state[DLA_OPTIMIZER_STATES][COUNT] = {{0}};
  dla_update_span span = {.parameters = parameters, .gradients = gradients, .count = COUNT};
  for (int k = 0; k < DLA_OPTIMIZER_STATES; k++)
    span.state[k] = state[k];
  fill("parameters", parameters);
  dla_update_numbers numbers = c->numbers;
  for (int step = 0; step < STEPS; step++) {
    snprintf(name, sizeof name, "gradients%d", step);
    fill(name, gradients);
    numbers.step = step + 1;
    kernel(&span, &numbers);
    assert_near(c, isa, step + 1, "parameters", parameters, c->parameters[step]);
  }
  for (int k = 0; k < dla_optimizer_state_count(c->rule); k++)
    assert_near(c, isa, STEPS, c->rule->state[k].name, state[k], c->state[k]);
}

static int place_of(const dla_optimizer *rule)
{
  int i = 0;
  while (dla_optimizer_at(i) != rule)
    i++;
  return i;
}

static void updates_are_pytorchs(void **state)
{
  (void)state;
  char path[4096];
  golden_case c;
  bool tested[64] = {false};
  snprintf(path, sizeof path, "%s/tests/golden/rules.txt", getenv("DLA_SRCDIR"));
  FILE *golden = fopen(path, "r");
  assert_non_null(golden);
  while (read_golden(golden, &c)) {
    tested[place_of(c.rule)] = true;
    steps_agree(&c, c.rule->reference, "reference");
    for (int isa = 0; isa < DLA_ISA_COUNT; isa++)
      if (c.rule->kernel[isa] && dla_isa_has((dla_isa)isa))
        steps_agree(&c, c.rule->kernel[isa], dla_isa_name((dla_isa)isa));
  }
  fclose(golden);
  for (int i = 0; dla_optimizer_at(i); i++)
    if (!tested[i])
      fail_msg("%s has no case: add one to make_rules.py, and make rules.txt anew",
               dla_optimizer_at(i)->name);
}

/* What is no number stays none, so that the step's check finds it. */
static void nan_stays(void **state)
{
  (void)state;
  for (int i = 0; dla_optimizer_at(i); i++) {
    const dla_optimizer *rule = dla_optimizer_at(i);
    float parameter = 1, gradient = NAN, kept[DLA_OPTIMIZER_STATES] = {0};
    dla_update_span span = {.parameters = &parameter, .gradients = &gradient, .count = 1};
    dla_update_numbers numbers = {.step = 1};
    for (int k = 0; k < DLA_OPTIMIZER_STATES; k++)
      span.state[k] = &kept[k];
    for (int k = 0; k < dla_optimizer_number_count(rule); k++)
      numbers.value[k] = rule->number[k].initial;
    rule->kernel[DLA_ISA_GENERIC](&span, &numbers);
    assert_true(isnan(parameter));
  }
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(updates_are_pytorchs),
      cmocka_unit_test(nan_stays),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
