/* Chooses by the number and size of the pictures. The choices are those of examples/; the pages
 * there say what they reached. */
#include "recipe/recipe.h"
#include "base/plural.h"
#include "data/side.h"

#include <math.h>
#include <stdarg.h>
#include <stdio.h>

enum { CIFAR_SIDE = 32, MANY = 20000 };

static int short_side(const dla_facts *f)
{
  return f->width < f->height ? f->width : f->height;
}

/* From many pictures there is time for a large network, which sees more of each. */
static bool is_for_large(const dla_facts *f)
{
  return f->kind == DLA_DATA_PICTURES && f->train >= MANY && short_side(f) >= 96;
}

/* The side of the network's input. The work grows with its square, and more pixels than the
 * pictures have are wasted. Images of one size have to fit in, since they are not resized. */
static int choose_side(const dla_facts *f)
{
  const int side = short_side(f);
  if (f->kind != DLA_DATA_PICTURES) return dla_side_that_fits(f->height, f->width);
  return side < 48 ? CIFAR_SIDE : is_for_large(f) ? 128 : 64;
}

/* With fewer images, each is seen more often. */
static int choose_epochs(size_t train)
{
  static const struct {
    size_t below;
    int epochs;
  } steps[] = {{500, 60}, {2000, 40}, {5000, 25}, {MANY, 20}, {100000, 15}};
  for (size_t i = 0; i < sizeof steps / sizeof *steps; i++)
    if (train < steps[i].below) return steps[i].epochs;
  return 10;
}

/* `most`, or less for few images, so that an epoch has several steps. */
static int choose_batch(size_t train, int most)
{
  int batch = most;
  while (batch > 4 && (size_t)batch * 4 > train)
    batch /= 2;
  return batch;
}

/* An average over the steps of some two epochs. */
static double choose_ema(size_t train, int batch)
{
  const double steps = 2.3 * (double)train / batch;
  return steps < 10 ? 0.9 : steps > 1000 ? 0.999 : round(1000 - 1000 / steps) / 1000;
}

dla_recipe dla_recipe_choose(const dla_facts *f)
{
  dla_recipe r = {
      .fast = !is_for_large(f), .image_size = choose_side(f), .epochs = choose_epochs(f->train)};
  r.network = r.fast ? "dla_fast" : "dla34";
  r.batch_size = choose_batch(f->train, r.fast ? 64 : 32);
  r.lr = r.fast ? 0.09 * r.batch_size / 64 : 0.04 * r.batch_size / 32;
  r.ema = choose_ema(f->train, r.batch_size);
  return r;
}

/* ---- As YAML ---- */

/* Writes " key: value # comment". */
__attribute__((format(printf, 3, 4))) static void line(dla_strbuf *out, const char *comment,
                                                       const char *format, ...)
{
  char text[64];
  va_list arguments;
  va_start(arguments, format);
  vsnprintf(text, sizeof text, format, arguments);
  va_end(arguments);
  dla_strbuf_printf(out, "  %-28s # %s\n", text, comment);
}

static void section(dla_strbuf *out, const char *name)
{
  dla_strbuf_printf(out, "\n%s:\n", name);
}

/* Doubles each $: in a configuration's strings it begins a variable. */
static void path_line(dla_strbuf *out, const char *key, const char *path, const char *comment)
{
  dla_strbuf doubled = {0};
  for (const char *c = path; *c; c++)
    dla_strbuf_append(&doubled, *c == '$' ? "$$" : c, *c == '$' ? 2 : 1);
  dla_strbuf_printf(out, "  # %s\n  %s: ", comment, key);
  dla_strbuf_json_string(out, dla_strbuf_text(&doubled));
  dla_strbuf_append(out, "\n", 1);
  out->failed |= dla_strbuf_done(&doubled);
}

static void write_head(const dla_facts *f, dla_strbuf *out)
{
  dla_strbuf_printf(out, "# %s: %zu images to train with and %zu to test with, %d classes, ",
                    f->format, f->train, f->test, f->classes);
  dla_strbuf_printf(out,
                    f->kind == DLA_DATA_PICTURES ? "about %d x %d pixels.\n" : "%d x %d pixels.\n",
                    f->width, f->height);
  if (f->left_out)
    dla_strbuf_printf(out, "# %zu file%s %s left out: `dla-train data` says which, and why.\n",
                      f->left_out, dla_plural(f->left_out), dla_are(f->left_out));
  if (f->fewest < 20)
    dla_strbuf_printf(out,
                      "# A class has only %zu image%s to train with: more of them help most.\n",
                      f->fewest, dla_plural(f->fewest));
  dla_strbuf_printf(out, "# What is left out here has its default: docs/config.md, or dla-train "
                         "--help-config.\n");
}

static void write_model(const dla_recipe *r, const dla_facts *f, dla_strbuf *out)
{
  section(out, "model");
  line(out,
       r->fast ? "learns quickly, also from few images; larger networks: docs/models.md"
               : "dla60 and larger learn more, and take longer: docs/models.md",
       "name: %s", r->network);
  line(out,
       r->image_size == CIFAR_SIDE ? "pixels on a side that the network sees"
       : r->fast                   ? "pixels on a side; 96 may be better, at twice the work"
                 : "pixels on a side, a multiple of 32; 224 may be better, at three times the work",
       "image_size: %d", r->image_size);
  line(out, f->channels == 1 ? "grey images; 3 repeats them, for pretrained weights" : "colour",
       "in_channels: %d", f->channels == 1 ? 1 : 3);
}

static void write_data(const dla_facts *f, const char *data, dla_strbuf *out)
{
  section(out, "dataset");
  path_line(out, "path", data, "where the images are: a folder or an archive");
  if (f->file_names)
    line(out, "the class is in the file's name, as cat in cat.0.jpg: `dla-train data` shows all",
         "class_from: file_name");
  if (f->made_split)
    line(out, "there is no split, so this part of each class tests", "val_fraction: %g",
         f->val_fraction);
  if (f->kind == DLA_DATA_PICTURES)
    line(out, "ram or disk keeps them decoded, where decoding holds up training", "cache: none");
}

static void write_augment(const dla_recipe *r, const dla_facts *f, dla_strbuf *out)
{
  const bool resized = f->kind == DLA_DATA_PICTURES && r->image_size > CIFAR_SIDE;
  section(out, "augment");
  if (f->kind == DLA_DATA_IDX)
    line(out, "true where a mirror image is of the same class, as of clothes, but not of digits",
         "flip: false");
  else
    line(out, "mirrors every other image; false for letters, digits and signs", "flip: true");
  if (resized) {
    line(out, "a random part of each picture, resized", "crop: resized");
    line(out, "of at least so much of its area", "scale_min: 0.35");
    line(out, "colours change by up to so much", "brightness: 0.2");
    line(out, "likewise", "contrast: 0.2");
    line(out, "likewise", "saturation: 0.2");
  } else {
    line(out, "shifted at random on black", "crop: padded");
    line(out, "by up to so many pixels", "crop_padding: %d", f->kind == DLA_DATA_IDX ? 2 : 4);
  }
  if (f->kind == DLA_DATA_IDX)
    line(out, "mean and deviation are measured on these images", "normalize: dataset");
  else
    line(out, "mean and deviation of well-known images of this kind", "normalize: auto");
}

static void write_optimizer(const dla_recipe *r, dla_strbuf *out)
{
  section(out, "optimizer");
  line(out, "with momentum; adamw needs less trying out of lr, and often ends lower", "name: sgd");
  line(out, "learning rate: goes up and down with batch_size; `dla-train find_lr` suggests one",
       "lr: %g", r->lr);
  if (r->fast) line(out, "share of the last step in the next", "momentum: 0.85");
  line(out, "looks a step ahead", "nesterov: true");
  line(out, "pulls weights towards zero: against learning by heart", "weight_decay: %g",
       r->fast ? 0.00133 : 0.0005);
  if (!r->fast) {
    line(out, "but neither biases nor batch norms", "no_decay: norm_and_bias");
    return;
  }
  line(out, "rates of their own, for parameters by name; the first that fits counts", "groups:");
  line(out, "norms keep their scale", "  - {match: \"*norm*.weight\", lr_scale: 0}");
  line(out, "set from the images before the first step", "  - {match: whiten.weight, lr_scale: 0}");
  line(out, "but its biases move", "  - {match: whiten.bias, lr_scale: 1}");
  line(out, "biases move quickly", "  - {match: \"*.bias\", lr_scale: 64, weight_decay: 0.00002}");
  line(out, "the last layer slowly", "  - {match: linear.weight, lr_scale: 0.02}");
}

static void write_schedule(const dla_recipe *r, dla_strbuf *out)
{
  section(out, "schedule");
  if (r->fast) {
    line(out, "the rate rises and falls in straight lines", "name: triangle");
    line(out, "it rises in this part of the epochs", "pct_start: 0.23");
  } else {
    line(out, "the rate falls along a half cosine", "name: cosine");
    line(out, "at every step", "interval: step");
    line(out, "after it has risen for so many epochs", "warmup_epochs: 1");
  }
  line(out, "to zero in so many: the same as train.epochs", "t_max: %d", r->epochs);
}

static void write_training(const dla_recipe *r, const dla_facts *f, dla_strbuf *out)
{
  write_optimizer(r, out);
  write_schedule(r, out);
  section(out, "train");
  line(out, "passes over the images; more of them, with t_max, are often better", "epochs: %d",
       r->epochs);
  line(out, "images in a step", "batch_size: %d", r->batch_size);
  line(out, "no label is quite sure: steadier, and better calibrated", "label_smoothing: 0.1");
  line(out, "an average of the weights over some two epochs is tested and kept", "ema: %g", r->ema);
  line(out, "half of the memory, and on many processors faster", "precision: bf16");
  line(out, "another one gives another network of about the same accuracy", "seed: 0");
  section(out, "eval");
  line(out, "mirror looks at the mirror image, too; none where that is of another class",
       f->kind == DLA_DATA_IDX ? "tta: none" : "tta: mirror");
}

void dla_recipe_write(const dla_recipe *recipe, const dla_facts *facts, const char *data,
                      const char *output, dla_strbuf *yaml)
{
  write_head(facts, yaml);
  write_data(facts, data, yaml);
  write_model(recipe, facts, yaml);
  write_augment(recipe, facts, yaml);
  write_training(recipe, facts, yaml);
  section(yaml, "checkpoint");
  line(yaml, "go on where a run was ended; begin anew where there is none", "in: auto");
  section(yaml, "output");
  path_line(yaml, "dir", output, "where checkpoints and metrics.jsonl go");
}
