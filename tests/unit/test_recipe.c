/* Every recipe is a configuration, whatever the data set and the paths are. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "config/config.h"
#include "recipe/recipe.h"

static const dla_facts base = {.kind = DLA_DATA_PICTURES,
                               .format = "pictures",
                               .train = 3000,
                               .test = 700,
                               .fewest = 500,
                               .classes = 5,
                               .channels = 3,
                               .width = 500,
                               .height = 375,
                               .made_split = true,
                               .val_fraction = 0.2};

/* Free the configuration. */
static dla_config load(const dla_facts *facts, const char *data)
{
  dla_strbuf yaml = {0};
  dla_config config;
  dla_error err = {0};
  const dla_recipe recipe = dla_recipe_choose(facts);
  dla_recipe_write(&recipe, facts, data, "/out/run", &yaml);
  assert_false(yaml.failed);
  const dla_config_layers layers = {.path = "config.yaml", .text = yaml.text};
  if (dla_config_load(&config, &layers, &err)) fail_msg("%s: %s", err.where, err.what);
  dla_strbuf_free(&yaml);
  return config;
}

static void pictures_decide_the_size(void **state)
{
  (void)state;
  static const struct {
    int side, wanted;
    size_t images;
    const char *network;
  } cases[] = {{32, 32, 3000, "dla_fast"},
               {64, 64, 3000, "dla_fast"},
               {3000, 64, 3000, "dla_fast"},
               {32, 32, 50000, "dla_fast"},
               {128, 128, 50000, "dla34"}};
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
    dla_facts facts = base;
    facts.width = cases[i].side + 100;
    facts.height = cases[i].side;
    facts.train = cases[i].images;
    dla_config config = load(&facts, "/data");
    assert_int_equal(config.model.image_size, cases[i].wanted);
    assert_string_equal(config.model.name, cases[i].network);
    assert_int_equal(config.augment.crop,
                     cases[i].wanted == 32 ? DLA_CROP_CHOICE_PADDED : DLA_CROP_CHOICE_RESIZED);
    assert_true(config.schedule.t_max == (double)config.train.epochs);
    dla_config_free(&config);
  }
}

static void images_of_one_size_fit_in(void **state)
{
  (void)state;
  static const struct {
    int width, height, wanted;
  } cases[] = {{28, 28, 32}, {32, 32, 32}, {33, 20, 64}, {64, 65, 96}, {96, 96, 96}};
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
    dla_facts facts = base;
    facts.kind = DLA_DATA_IDX;
    facts.width = cases[i].width;
    facts.height = cases[i].height;
    dla_config config = load(&facts, "/data");
    assert_int_equal(config.model.image_size, cases[i].wanted);
    assert_int_equal(config.augment.crop, DLA_CROP_CHOICE_PADDED);
    dla_config_free(&config);
  }
}

static void few_images_have_small_batches(void **state)
{
  (void)state;
  dla_facts facts = base;
  for (facts.train = 1; facts.train < 300000; facts.train *= 3) {
    const dla_recipe r = dla_recipe_choose(&facts);
    assert_true(r.batch_size >= 4 && r.batch_size <= 64);
    assert_true(r.epochs >= 10 && r.epochs <= 60);
    assert_true(r.lr > 0 && r.lr <= 0.09);
    assert_true(r.ema >= 0.9 && r.ema <= 0.999);
  }
}

static void digits_are_not_mirrored(void **state)
{
  (void)state;
  dla_facts facts = base;
  facts.kind = DLA_DATA_IDX;
  facts.channels = 1;
  facts.width = facts.height = 28;
  dla_config config = load(&facts, "/data");
  assert_int_equal(config.augment.flip, DLA_FLIP_NONE);
  assert_int_equal(config.augment.normalize, DLA_NORMALIZE_DATASET);
  assert_int_equal(config.model.in_channels, 1);
  dla_config_free(&config);
}

static void paths_are_kept(void **state)
{
  (void)state;
  static const char *const paths[] = {"/a b",     "/$HOME/${x}", "/\"q\"'s",
                                      "/a: b #c", "/\\n\n",      "/\xc3\xa9"};
  for (size_t i = 0; i < sizeof paths / sizeof *paths; i++) {
    dla_config config = load(&base, paths[i]);
    assert_string_equal(config.dataset.path, paths[i]);
    assert_string_equal(config.output.dir, "/out/run");
    dla_config_free(&config);
  }
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(pictures_decide_the_size),
      cmocka_unit_test(images_of_one_size_fit_in),
      cmocka_unit_test(few_images_have_small_batches),
      cmocka_unit_test(digits_are_not_mirrored),
      cmocka_unit_test(paths_are_kept),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
