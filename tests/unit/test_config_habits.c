/* The words of PyTorch, torchvision, timm and Lightning: the hints that they get. */
#include <stdio.h>

#include "config/habits.h"
#include "config/suggest.h"
#include "config_fixture.h"

/* "train.precision=bf16" is an override that is taken; without a value, the key is there. */
static void expect_key(const char *text)
{
  char name[64];
  dla_error err = {0};
  const dla_key *key;
  snprintf(name, sizeof name, "%.*s", (int)strcspn(text, "="), text);
  if (dla_key_named(name, NULL, &key, &err)) fail_msg("%s: %s", text, err.what);
  if (!strchr(text, '=')) return;
  dla_config config;
  if (load_override(&config, text, &err)) fail_msg("%s: %s", text, err.what);
  dla_config_free(&config);
}

/* Would a row never be reached, or does it hide a real key? */
static void expect_no_key(const dla_habit *habit)
{
  const char *dot = strrchr(habit->word, '.');
  char section[64] = "";
  if (dot) snprintf(section, sizeof section, "%.*s", (int)(dot - habit->word), habit->word);
  assert_null(dla_key_find(section, dot ? dot + 1 : habit->word));
}

static void rows_name_what_is_there(void **state)
{
  (void)state;
  for (const dla_habit *habit = dla_habits; habit->word; habit++) {
    if (!habit->key && !habit->text) fail_msg("%s says nothing", habit->word);
    if (habit->key) expect_key(habit->key);
    expect_no_key(habit);
    if (habit > dla_habits && strcmp(habit[-1].word, habit->word) >= 0)
      fail_msg("%s stands behind %s", habit->word, habit[-1].word);
  }
  for (const dla_habit *habit = dla_section_habits; habit->word; habit++) {
    assert_non_null(dla_section_find(habit->key));
    assert_null(dla_section_find(habit->word));
  }
  for (const dla_choice_habit *habit = dla_choice_habits; habit->word; habit++) {
    char override[96];
    snprintf(override, sizeof override, "%s=%s", habit->key, habit->choice);
    expect_key(override);
  }
}

static void overrides(void **state)
{
  (void)state;
  static const struct {
    const char *override, *what, *hint;
  } cases[] = {
      {"lr=1", "unknown key 'lr'", "did you mean optimizer.lr?"},
      {"name=x", "unknown key 'name'",
       "did you mean model.name, optimizer.name, schedule.name or backend.name?"},
      {"train.amp=true", "unknown key 'train.amp'", "did you mean train.precision=bf16?"},
      {"optimizer.Weight-Decay=0", "unknown key 'optimizer.Weight-Decay'",
       "did you mean 'weight_decay'?"},
      {"optimizer.betas=[0]", "unknown key 'optimizer.betas'",
       "they are two keys: optimizer.beta1 and optimizer.beta2"},
      {"model=dla34", "'model' is a section, not a key", "did you mean model.name?"},
      {"log.dir=x", "unknown key 'log.dir'", "did you mean output.dir?"},
      {"checkpoint.path=x", "unknown key 'checkpoint.path'", "did you mean checkpoint.out?"},
      {"data.workers=4", "unknown section 'data'", "did you mean dataset.workers?"},
      {"data.batch_size=4", "unknown section 'data'", "did you mean train.batch_size?"},
      {"trainer.max_epochs=4", "unknown section 'trainer'", "did you mean train.epochs?"},
      {"scheduler.name=x", "unknown section 'scheduler'", "did you mean schedule.name?"},
      {"logger.name=x", "unknown section 'logger'", "did you mean 'log'?"},
      {"schedule.name=CosineAnnealingLR",
       "schedule.name: must be one of cosine, step, constant, exponential, polynomial, one_cycle, "
       "triangle, plateau, not 'CosineAnnealingLR'",
       "did you mean 'cosine'?"},
      {"train.precision=16-mixed", "train.precision: must be one of f32, bf16, not '16-mixed'",
       "did you mean 'bf16'?"},
  };
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
    dla_config config;
    dla_error err = {0};
    assert_int_equal(load_override(&config, cases[i].override, &err), DLA_E_INPUT);
    expect_error(&err, "command line", cases[i].what, cases[i].hint);
  }
}

static void files(void **state)
{
  (void)state;
  expect_refused("data:\n  workers: 4\n", "c.yaml:1", "unknown section 'data'",
                 "did you mean 'dataset'?");
  expect_refused("train:\n  num_workers: 4\n", "c.yaml:2", "unknown key 'train.num_workers'",
                 "did you mean dataset.workers?");
  expect_refused("augment:\n  wombat: 1\n", "c.yaml:2", "unknown key 'augment.wombat'",
                 "its keys are crop, scale_min, scale_max, ratio_min, ratio_max, val_resize, "
                 "crop_padding, flip, policy, num_ops, magnitude, brightness, contrast, "
                 "saturation, hue, rotation, random_erase, cutout, initial_scale, "
                 "delay_fraction, ... (docs/config.md)");
}

static void options(void **state)
{
  (void)state;
  static const char dashes[] = " Keys have no dashes: section.key=value";
  static const struct {
    const char *name, *hint;
    bool key;
  } cases[] = {
      {"batch-size", "did you mean train.batch_size?", true},
      {"train.batch_size", "did you mean train.batch_size?", true},
      {"opt", "did you mean optimizer.name?", true},
      {"ra-sampler", "leave it out: repeated augmentation is not here", false},
      {"wombat", "", false},
  };
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
    char hint[256] = "", expected[256];
    snprintf(expected, sizeof expected, "%s%s", cases[i].hint, cases[i].key ? dashes : "");
    assert_int_equal(dla_option_hint(cases[i].name, hint, sizeof hint), *cases[i].hint != '\0');
    assert_string_equal(hint, expected);
  }
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(rows_name_what_is_there),
      cmocka_unit_test(overrides),
      cmocka_unit_test(files),
      cmocka_unit_test(options),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
