/* dla-train data FOLDER: shows what training would use. dla-train data pack FOLDER FILE.tar: packs
 * it into one archive. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/column.h"
#include "base/json.h"
#include "base/one_line.h"
#include "base/plural.h"
#include "base/try.h"
#include "cli/arguments.h"
#include "cli/data_known.h"
#include "cli/output.h"
#include "cli/pictures.h"
#include "cli/signals.h"
#include "cli/verb.h"
#include "data/pictures/duplicates.h"
#include "data/pictures/pack.h"
#include "data/pictures/scan.h"

enum { SHOWN = 10, FEW = 10 };

static const dla_flag flags[] = {
    {"json", NULL, "print one JSON object instead of tables", offsetof(dla_json_option, json)},
    {0},
};

/* What the verb prints. */
typedef struct numbers {
  size_t (*classes)[2]; /* good pictures by class and side; owned */
  size_t sides[2], formats[DLA_PICTURE_FORMAT_COUNT];
  const dla_picture_entry *smallest, *largest; /* by number of pixels; NULL: there are none */
  int median_width, median_height;
} numbers;

static int by_number(const void *a, const void *b)
{
  const int32_t x = *(const int32_t *)a, y = *(const int32_t *)b;
  return (x > y) - (x < y);
}

static bool counts(const dla_picture_entry *e)
{
  return e->state == DLA_PICTURE_GOOD && e->side != DLA_SIDE_NONE && e->label >= 0;
}

static int64_t pixels(const dla_picture_entry *e)
{
  return (int64_t)e->width * e->height;
}

static dla_status count_all(const dla_picture_set *set, numbers *n, dla_error *err)
{
  size_t good = 0;
  int32_t *sizes = malloc((2 * set->list.count + 1) * sizeof *sizes);
  int32_t *heights = sizes + set->list.count;
  n->classes = calloc((size_t)set->classes + 1, sizeof *n->classes);
  if (!sizes || !n->classes) {
    free(sizes);
    return dla_fail_memory(err, "the numbers");
  }
  for (size_t i = 0; i < set->list.count; i++) {
    const dla_picture_entry *e = &set->list.entries[i];
    if (!counts(e)) continue;
    const int side = e->side == DLA_SIDE_VAL;
    n->classes[e->label][side]++;
    n->sides[side]++;
    n->formats[e->format]++;
    sizes[good] = e->width;
    heights[good++] = e->height;
    if (!n->smallest || pixels(e) < pixels(n->smallest)) n->smallest = e;
    if (!n->largest || pixels(e) > pixels(n->largest)) n->largest = e;
  }
  qsort(sizes, good, sizeof *sizes, by_number);
  qsort(heights, good, sizeof *heights, by_number);
  n->median_width = good ? sizes[good / 2] : 0;
  n->median_height = good ? heights[good / 2] : 0;
  free(sizes);
  return DLA_OK;
}

/* ---- As text ---- */

static void write_classes(const dla_picture_set *set, const numbers *n, dla_strbuf *out)
{
  size_t few = 0;
  dla_strbuf_printf(out, "%zu picture%s of %d class%s, to train and to test with:\n",
                    n->sides[0] + n->sides[1], dla_plural(n->sides[0] + n->sides[1]), set->classes,
                    set->classes == 1 ? "" : "es");
  for (int c = 0; c < set->classes; c++) {
    dla_strbuf_printf(out, "  ");
    dla_column(out, set->class_names[c], 24);
    dla_strbuf_printf(out, " %8zu %8zu\n", n->classes[c][0], n->classes[c][1]);
    few += n->classes[c][0] < FEW;
  }
  dla_strbuf_printf(out, "  %-24s %8zu %8zu\n", "all", n->sides[0], n->sides[1]);
  if (set->made_split)
    dla_strbuf_printf(out,
                      "no split in it: %.3g %% of each class test, chosen by their names and "
                      "train.seed (dataset.val_fraction)\n",
                      100 * set->val_fraction);
  if (few)
    dla_strbuf_printf(out, "warning: %zu class%s fewer than %d pictures to train with\n", few,
                      few == 1 ? " has" : "es have", FEW);
}

/* Folders that are deeper than the classes' look as if they were classes, too. */
static void write_deeper(const dla_picture_set *set, dla_strbuf *out)
{
  const char *first = NULL;
  size_t deeper = 0;
  for (size_t i = 0; i < set->list.count; i++) {
    const dla_picture_entry *e = &set->list.entries[i];
    if (!counts(e) || e->listed || set->list.file_names) continue;
    const dla_picture_folder *folder = &set->list.folders[e->folder];
    const char *path = folder->path + folder->class_at;
    if (!strchr(path, '/')) continue;
    if (!first) first = path;
    deeper++;
  }
  char *shown = first ? strdup(first) : NULL;
  out->failed |= first && !shown;
  if (!shown) return;
  dla_one_line(shown);
  dla_strbuf_printf(out, "%zu picture%s deeper, and count%s for the folder above: %s is %.*s\n",
                    deeper, deeper == 1 ? " lies" : "s lie", deeper == 1 ? "s" : "", shown,
                    (int)strcspn(shown, "/"), shown);
  free(shown);
}

static void write_sizes(const numbers *n, dla_strbuf *out)
{
  if (!n->smallest) return;
  dla_strbuf_printf(out, "sizes: %d x %d to %d x %d, median %d x %d\nformats:", n->smallest->width,
                    n->smallest->height, n->largest->width, n->largest->height, n->median_width,
                    n->median_height);
  for (int f = 0, first = 1; f < DLA_PICTURE_FORMAT_COUNT; f++)
    if (n->formats[f]) {
      dla_strbuf_printf(out, "%s %zu %s", first ? "" : ",", n->formats[f],
                        dla_picture_format_name(f));
      first = 0;
    }
  dla_strbuf_append(out, "\n", 1);
}

static void write_path(const dla_picture_set *set, uint32_t entry, dla_strbuf *out)
{
  dla_strbuf path = {0};
  dla_picture_below(&set->list, &set->list.entries[entry], &path);
  if (path.text) dla_one_line(path.text);
  dla_strbuf_printf(out, "%s", dla_strbuf_text(&path));
  out->failed |= dla_strbuf_done(&path);
}

static void write_duplicates(const dla_picture_set *set, const dla_duplicates *d, dla_strbuf *out)
{
  if (!d->count) return;
  dla_strbuf_printf(out, "duplicates: %zu file%s the bytes of another one\n", d->count,
                    d->count == 1 ? " has" : "s have");
  if (d->across)
    dla_strbuf_printf(out,
                      "warning: %zu of them %s both to train and to test with: the accuracy will "
                      "be too good\n",
                      d->across, dla_are(d->across));
  if (d->classes)
    dla_strbuf_printf(out, "warning: %zu of them %s in two classes\n", d->classes,
                      dla_are(d->classes));
  for (size_t i = 0; i < d->count && i < SHOWN; i++) {
    dla_strbuf_printf(out, "  ");
    write_path(set, d->items[i].again, out);
    dla_strbuf_printf(out, " is ");
    write_path(set, d->items[i].first, out);
    dla_strbuf_append(out, "\n", 1);
  }
}

static void write_text(const dla_picture_set *set, const numbers *n, const dla_duplicates *d,
                       dla_strbuf *out)
{
  write_classes(set, n, out);
  write_deeper(set, out);
  write_sizes(n, out);
  if (set->left_out) {
    dla_strbuf_printf(out, "left out: %zu file%s%s\n", set->left_out, dla_plural(set->left_out),
                      set->left_out > SHOWN ? ", of which the first are" : "");
    dla_strbuf lines = {0};
    dla_picture_set_left_out(set, SHOWN, &lines);
    const char *line = dla_strbuf_text(&lines);
    for (const char *end; (end = strchr(line, '\n')); line = end + 1)
      dla_strbuf_printf(out, "  %.*s\n", (int)(end - line), line);
    out->failed |= dla_strbuf_done(&lines);
  }
  if (set->passed)
    dla_strbuf_printf(out, "passed over: %zu file%s no picture%s\n", set->passed,
                      set->passed == 1 ? " that is" : "s that are", dla_plural(set->passed));
  if (set->layout.outside)
    dla_strbuf_printf(out, "passed over: %zu file%s in %s\n", set->layout.outside,
                      set->layout.outside == 1 ? " that lies" : "s that lie",
                      set->list.file_names ? "other folders" : "no class's folder");
  write_duplicates(set, d, out);
}

/* ---- As JSON ---- */

static void write_json_classes(dla_json *json, const dla_picture_set *set, const numbers *n)
{
  dla_json_begin_array(json, "classes");
  for (int c = 0; c < set->classes; c++) {
    dla_json_begin_object(json, NULL);
    dla_json_text(json, "name", set->class_names[c]);
    dla_json_integer(json, "train", (int64_t)n->classes[c][0]);
    dla_json_integer(json, "val", (int64_t)n->classes[c][1]);
    dla_json_end_object(json);
  }
  dla_json_end_array(json);
}

static void write_json_left_out(dla_json *json, const dla_picture_set *set)
{
  dla_json_begin_array(json, "left_out");
  for (size_t i = 0; i < set->list.count; i++) {
    const dla_picture_entry *e = &set->list.entries[i];
    if (e->state != DLA_PICTURE_LEFT_OUT) continue;
    dla_strbuf path = {0};
    dla_picture_path(&set->list, e, &path);
    dla_json_begin_object(json, NULL);
    dla_json_text(json, "path", dla_strbuf_text(&path));
    dla_json_text(json, "reason", set->list.reasons[e->reason].what);
    dla_json_end_object(json);
    json->out->failed |= dla_strbuf_done(&path);
  }
  dla_json_end_array(json);
}

static void write_json(const dla_picture_set *set, const numbers *n, const dla_duplicates *d,
                       dla_strbuf *out)
{
  dla_json json = dla_json_begin(out);
  dla_json_integer(&json, "train", (int64_t)n->sides[0]);
  dla_json_integer(&json, "val", (int64_t)n->sides[1]);
  dla_json_boolean(&json, "has_split", !set->made_split);
  write_json_classes(&json, set, n);
  dla_json_begin_object(&json, "formats");
  for (int f = 0; f < DLA_PICTURE_FORMAT_COUNT; f++)
    dla_json_integer(&json, dla_picture_format_name(f), (int64_t)n->formats[f]);
  dla_json_end_object(&json);
  dla_json_integer(&json, "median_width", n->median_width);
  dla_json_integer(&json, "median_height", n->median_height);
  write_json_left_out(&json, set);
  dla_json_integer(&json, "passed_over", (int64_t)(set->passed + set->layout.outside));
  dla_json_integer(&json, "duplicates", (int64_t)d->count);
  dla_json_integer(&json, "duplicates_across_splits", (int64_t)d->across);
  dla_json_integer(&json, "duplicates_in_two_classes", (int64_t)d->classes);
  dla_json_end_line(&json);
}

/* ---- The verb ---- */

static dla_status report(const dla_picture_set *set, const dla_pictures_options *options, bool json,
                         dla_error *err)
{
  numbers n = {0};
  dla_duplicates d = {0};
  dla_strbuf out = {0};
  dla_status status = count_all(set, &n, err);
  if (!status) status = dla_duplicates_find(set, options, &d, err);
  if (!status) (json ? write_json : write_text)(set, &n, &d, &out);
  free(n.classes);
  free(d.items);
  if (!status) return dla_cli_print(&out, err);
  dla_strbuf_free(&out);
  return status;
}

static dla_status pack(const dla_picture_set *set, const dla_pictures_options *options,
                       const char *file, dla_error *err)
{
  size_t count;
  uint64_t bytes;
  const size_t length = strlen(file);
  if (length < 5 || strcmp(file + length - 4, ".tar") != 0)
    return dla_fail(err, DLA_E_INPUT, file, "call it FILE.tar",
                    "the archive is a plain tar: pictures are compressed as they are");
  TRY(dla_picture_pack(set, file, options, &count, &bytes, err));
  dla_strbuf out = {0};
  dla_strbuf_printf(&out, "%s: %zu picture%s, %.1f MB\n", file, count, dla_plural(count),
                    (double)bytes / 1e6);
  if (set->left_out)
    dla_strbuf_printf(&out, "left out: %zu file%s; dla-train data names %s\n", set->left_out,
                      dla_plural(set->left_out), set->left_out == 1 ? "it" : "them");
  return dla_cli_print(&out, err);
}

/* As in training: files of another format come before pictures. */
static bool looks_known(const dla_config *config, const char *place)
{
  if (config->dataset.train[0]) return false;
  const dla_pictures_there there = dla_pictures_at(place);
  if (config->dataset.class_from == DLA_CLASS_FROM_FILE_NAME && there != DLA_PICTURES_NONE)
    return false;
  return there != DLA_PICTURES_ONLY && there != DLA_PICTURES_PERHAPS;
}

static dla_status work(const dla_config *config, const dla_json_option *o, const char *file,
                       dla_error *err)
{
  dla_cli_watch state;
  bool other = false;
  dla_picture_set *set;
  const char *place = dla_experiment_place(config);
  const dla_experiment_watch watch = dla_cli_watch_pictures(&state, config, NULL);
  const dla_dataset_options options = dla_experiment_dataset(config, &watch);
  const bool names = options.pictures.file_names;
  if (!place[0])
    return dla_fail(err, DLA_E_INPUT, NULL, "give dla-train data FOLDER", "no data set is named");
  if (names && access(place, F_OK) == 0 && looks_known(config, place))
    return dla_fail_no_file_names(place, err);
  if (!file && looks_known(config, place)) {
    bool known;
    dla_status status = dla_cli_data_known(place, &options, o->json, &known, err);
    if (known) return status;
  }
  if (file && looks_known(config, place) && dla_pictures_at(place) != DLA_PICTURES_TOO)
    TRY(dla_cli_data_refuse_known(place, &options, err));
  dla_status status = dla_picture_set_open(place, &options, &other, &set, err);
  if (status) return status;
  if (other && names) return dla_fail_no_file_names(place, err);
  if (other && !file) return dla_cli_data_known(place, &options, o->json, &other, err);
  if (other)
    return dla_fail(err, DLA_E_INPUT, place, NULL, "there are no pictures in this archive");
  if (file || set->classes == 0 || dla_layout_is_split(set->class_names, set->classes))
    status = dla_picture_set_check(set, config->dataset.strict, true, err);
  if (!status)
    status = file ? pack(set, &options.pictures, file, err)
                  : report(set, &options.pictures, o->json, err);
  if (!status && !file) status = dla_picture_set_check(set, config->dataset.strict, true, err);
  dla_picture_set_close(set);
  return status;
}

/* Operands: [pack] [FOLDER] [FILE.tar] [config.yaml] [section.key=value ...]. An operand that is no
 * override and no YAML file is the place of the data set; it becomes an override, too. */
static dla_status sort_operands(dla_arguments *a, bool *packs, char **file, dla_error *err)
{
  int kept = 0, places = 0;
  bool failed = false;
  for (int i = 0; i < a->count; i++) {
    char *operand = a->operands[i];
    const size_t length = strlen(operand);
    const bool yaml = length > 5 && strcmp(operand + length - 5, ".yaml") == 0;
    if (i == 0 && strcmp(operand, "pack") == 0) {
      *packs = true;
      free(operand);
    } else if (dla_operand_is_override(operand) || yaml) {
      a->operands[kept++] = operand;
    } else if (places++ == 0) {
      dla_strbuf made = {0};
      dla_strbuf_printf(&made, "dataset.path=%s", operand);
      free(operand);
      a->operands[kept++] = made.text;
      failed |= made.failed;
    } else {
      free(*file);
      *file = operand;
    }
  }
  a->count = kept;
  if (failed) return dla_fail_memory(err, "a file name");
  if (places <= 1 + *packs && (!*packs || *file)) return DLA_OK;
  return dla_fail(
      err, DLA_E_INPUT, NULL, "dla-train data FOLDER, or dla-train data pack FOLDER FILE.tar",
      *packs ? "pack takes a data set and the archive to make" : "one data set at a time");
}

static dla_status act(dla_arguments *arguments, void *options, dla_error *err)
{
  dla_config config = {0};
  bool packs = false;
  char *file = NULL;
  dla_cli_catch_signals();
  dla_status status = sort_operands(arguments, &packs, &file, err);
  if (!status) status = dla_arguments_config(arguments, NULL, &config, err);
  if (!status) status = work(&config, options, packs ? file : NULL, err);
  free(file);
  dla_config_free(&config);
  return status;
}

const dla_verb dla_verb_data = {
    .name = "data",
    .summary = "show what of a folder or archive would be trained on, or pack its pictures",
    .arguments = "[pack] FOLDER [FILE.tar] [section.key=value ...]",
    .flags = flags,
    .options = sizeof(dla_json_option),
    .act = act,
};
