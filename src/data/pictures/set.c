#define _GNU_SOURCE /* strcasestr() */
#include "data/pictures/set.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/array.h"
#include "base/one_line.h"
#include "base/plural.h"
#include "base/try.h"
#include "data/formats/format.h"
#include "data/pictures/cache.h"
#include "data/pictures/file_names.h"
#include "data/pictures/listing.h"
#include "data/pictures/load.h"
#include "data/pictures/place.h"
#include "data/pictures/scan.h"
#include "data/pictures/side_names.h"
#include "data/sources/unread.h"

enum { CLASSES_MAX = 100000 }; /* the limit of model.classes */

/* ---- Classes and splits ---- */

static void count_left_out(dla_picture_set *set)
{
  set->left_out = set->passed = 0;
  for (size_t i = 0; i < set->list.count; i++) {
    set->left_out += set->list.entries[i].state == DLA_PICTURE_LEFT_OUT;
    set->passed += set->list.entries[i].state == DLA_PICTURE_PASSED;
  }
}

/* For a network to evaluate: all pictures are tested, or the test side if there is one. */
static dla_status settle_as(dla_picture_set *set, const dla_dataset_options *options,
                            dla_error *err)
{
  const dla_pictures_options *p = &options->pictures;
  dla_picture_list *list = &set->list;
  count_left_out(set);
  set->class_names = dla_names_copy(p->class_names, p->classes);
  if (!set->class_names) return dla_fail_memory(err, "the classes");
  set->classes = p->classes;
  TRY(dla_layout_take_classes(&set->layout, list, p->class_names, p->classes, set->place, err));
  for (size_t i = 0; i < list->count; i++)
    if (!set->layout.split) list->entries[i].side = DLA_SIDE_VAL;
  return dla_layout_limit(list, DLA_SIDE_VAL, options->test_limit, p->seed, err);
}

static dla_status settle(dla_picture_set *set, const dla_dataset_options *options, dla_error *err)
{
  const dla_pictures_options *p = &options->pictures;
  dla_picture_list *list = &set->list;
  count_left_out(set);
  TRY(dla_layout_settle_classes(&set->layout, list, &set->class_names, &set->classes, set->place,
                                err));
  set->val_fraction = p->val_fraction > 0 ? p->val_fraction : 0.2;
  set->made_split = !set->layout.split;
  if (set->made_split)
    TRY(dla_layout_make_split(list, set->classes, set->val_fraction, p->seed, err));
  TRY(dla_layout_limit(list, DLA_SIDE_TRAIN, options->train_limit, p->seed, err));
  return dla_layout_limit(list, DLA_SIDE_VAL, options->test_limit, p->seed, err);
}

static dla_status fill(dla_picture_set *set, const char *path, const dla_dataset_options *options,
                       bool *other, dla_error *err)
{
  const dla_pictures_options *p = &options->pictures;
  set->users = 1;
  set->max_pixels = p->max_pixels;
  set->list.file_names = p->file_names;
  set->place = strdup(p->train && *p->train ? p->train : path);
  if (!set->place) return dla_fail_memory(err, "a data set");
  TRY(dla_picture_places_list(&set->list, &set->layout, path, p, other, err));
  if (*other) return DLA_OK;
  TRY(dla_picture_list_sort(&set->list, err));
  dla_picture_list_drop_others(&set->list);
  TRY(dla_picture_cache_recall(&set->list, set->place, p, err));
  TRY(dla_picture_scan(&set->list, p, err));
  if (p->file_names) TRY(dla_file_names_leave_out(&set->list, err));
  return p->class_names ? settle_as(set, options, err) : settle(set, options, err);
}

dla_status dla_picture_set_open(const char *path, const dla_dataset_options *options, bool *other,
                                dla_picture_set **set, dla_error *err)
{
  *set = NULL;
  *other = false;
  dla_picture_set *made = calloc(1, sizeof *made);
  if (!made) return dla_fail_memory(err, "a data set");
  dla_status status = fill(made, path, options, other, err);
  if (status || *other)
    dla_picture_set_close(made);
  else
    *set = made;
  return status;
}

void dla_picture_set_close(dla_picture_set *set)
{
  if (!set || --set->users > 0) return;
  dla_picture_cache_free(set->cache);
  dla_free_texts(set->class_names, (size_t)set->classes);
  dla_layout_free(&set->layout);
  dla_picture_list_free(&set->list);
  free(set->place);
  free(set);
}

/* ---- Checks ---- */

static void describe(const dla_picture_set *set, const dla_picture_entry *entry, dla_strbuf *out)
{
  const dla_picture_reason *reason = &set->list.reasons[entry->reason];
  dla_strbuf path = {0};
  dla_picture_path(&set->list, entry, &path);
  if (path.text) dla_one_line(path.text);
  dla_strbuf_printf(out, "%s: %s%s%s%s\n", dla_strbuf_text(&path), reason->what,
                    *reason->hint ? " (" : "", reason->hint, *reason->hint ? ")" : "");
  out->failed |= dla_strbuf_done(&path);
}

void dla_picture_set_left_out(const dla_picture_set *set, size_t most, dla_strbuf *out)
{
  for (size_t i = 0; i < set->list.count && most > 0; i++) {
    if (set->list.entries[i].state != DLA_PICTURE_LEFT_OUT) continue;
    describe(set, &set->list.entries[i], out);
    most--;
  }
}

static dla_status refuse_left_out(const dla_picture_set *set, dla_error *err)
{
  for (size_t i = 0; i < set->list.count; i++) {
    const dla_picture_entry *e = &set->list.entries[i];
    if (e->state != DLA_PICTURE_LEFT_OUT) continue;
    dla_strbuf path = {0};
    dla_picture_path(&set->list, e, &path);
    dla_fail(err, DLA_E_INPUT, dla_strbuf_text(&path),
             "mend or remove it, or leave such ones out with dataset.strict: false",
             "%s (%zu such file%s; dataset.strict is set)", set->list.reasons[e->reason].what,
             set->left_out, dla_plural(set->left_out));
    dla_strbuf_free(&path);
    return DLA_E_INPUT;
  }
  return DLA_OK;
}

static const char layouts[] =
    "put the pictures of each class into a folder of its own: FOLDER/CLASS/*.jpg";

/* Sets *csv to a table in the folder, which may have the labels; the likeliest, the first by name.
 */
static void find_csv(const char *folder, dla_strbuf *csv)
{
  DIR *open = opendir(folder);
  char *first = NULL;
  const struct dirent *entry;
  while (open && (entry = readdir(open))) {
    const char *name = entry->d_name;
    if (name[0] == '.' || !dla_is_csv_name(name)) continue;
    const int better = first ? dla_table_rank(name) - dla_table_rank(first) : 1;
    if (better < 0 || (better == 0 && strcmp(first, name) <= 0)) continue;
    free(first);
    first = strdup(name);
  }
  if (open) closedir(open);
  size_t length = strlen(folder);
  while (length > 1 && folder[length - 1] == '/')
    length--;
  if (first && dla_table_rank(first) > 0)
    dla_strbuf_printf(csv, "%.*s/%s", (int)length, folder, first);
  if (csv->text) dla_one_line(csv->text);
  free(first);
}

/* A hint where the files' names have the classes. */
static bool suggest_names(const char *path, char *hint, size_t size)
{
  char *name;
  size_t length;
  if (!dla_file_names_tell(path, &name, &length)) return false;
  dla_one_line(name);
  const bool fits = strlen(name) < 80 && length <= strlen(name);
  if (fits)
    snprintf(hint, size,
             "if %s is of the class %.*s: dataset.class_from=file_name; else put each class into a "
             "folder of its own",
             name, (int)length, name);
  free(name);
  return fits;
}

bool dla_pictures_are_named(const char *path)
{
  char hint[240];
  dla_strbuf csv = {0};
  find_csv(path, &csv);
  const bool table = csv.length > 0;
  dla_strbuf_free(&csv);
  return !table && suggest_names(path, hint, sizeof hint);
}

/* Pictures that no folder of a class holds. A table beside them often has the labels, or their
 * names have. */
static dla_status fail_unsorted(const char *path, const char *what, dla_error *err)
{
  char hint[240];
  struct stat info;
  dla_strbuf csv = {0};
  find_csv(path, &csv);
  if (csv.length > 0 && csv.length < 110)
    snprintf(hint, sizeof hint, "if %s has the labels, name that file; else %s", csv.text, layouts);
  else if (!suggest_names(path, hint, sizeof hint))
    snprintf(hint, sizeof hint, "%s%s",
             stat(path, &info) == 0 && !S_ISDIR(info.st_mode)
                 ? "unpack it; if it has a table of labels, give that; else "
                 : "",
             layouts);
  dla_strbuf_free(&csv);
  return dla_fail(err, DLA_E_INPUT, path, hint, "%s", what);
}

dla_status dla_fail_no_file_names(const char *path, dla_error *err)
{
  return dla_fail(err, DLA_E_INPUT, path, "leave dataset.class_from out",
                  "there are no pictures whose names could have a class");
}

dla_status dla_fail_flat(const char *path, dla_error *err)
{
  return fail_unsorted(path, "pictures lie here, but in no class's folder", err);
}

static dla_status fail_no_pictures(const dla_picture_set *set, dla_error *err)
{
  char what[DLA_UNREAD], hint[DLA_UNREAD];
  const size_t files = set->passed + set->layout.outside;
  if (dla_unread_in(set->place, what, hint))
    return dla_fail(err, DLA_E_INPUT, set->place, hint, "there are no pictures in it, but %s",
                    what);
  return dla_fail(err, DLA_E_INPUT, set->place, layouts,
                  "there are no pictures in it, but %zu other file%s", files, dla_plural(files));
}

/* Folders such as images/ and masks/. */
static dla_status fail_parts(const dla_picture_set *set, dla_error *err)
{
  char what[sizeof err->what];
  snprintf(what, sizeof what, "the pictures lie in %.60s%s%.60s%s, but in no class's folder",
           set->class_names[0], set->classes > 1 ? " and " : "",
           set->classes > 1 ? set->class_names[1] : "", set->classes > 2 ? " and others" : "");
  return fail_unsorted(set->place, what, err);
}

static const char name_layouts[] =
    "call the files CLASS_NUMBER, as cat_1.jpg; if folders are the classes: "
    "dataset.class_from=folder";

static dla_status fail_unnamed(const dla_picture_set *set, dla_error *err)
{
  return dla_fail(err, DLA_E_INPUT, set->place, name_layouts,
                  "there are no pictures that can be used: no name of a file begins with a class, "
                  "or the pictures cannot be read");
}

static dla_status check_count(const dla_picture_set *set, dla_error *err)
{
  char hint[240];
  const char *how = set->list.file_names ? name_layouts : layouts;
  if (set->classes == 1 && !set->list.file_names && !set->list.entries[0].listed &&
      suggest_names(set->place, hint, sizeof hint))
    how = hint;
  if (set->classes == 1)
    return dla_fail(err, DLA_E_INPUT, set->place, how,
                    "there is only one class, %s: there is nothing to tell apart",
                    set->class_names[0]);
  if (set->classes > CLASSES_MAX)
    return dla_fail(err, DLA_E_INPUT, set->place, set->list.file_names ? name_layouts : layouts,
                    "there are %d classes, more than %d", set->classes, CLASSES_MAX);
  return DLA_OK;
}

static dla_status check_classes(const dla_picture_set *set, dla_error *err)
{
  if (set->classes == 0 && set->layout.outside && !set->passed &&
      dla_pictures_at(set->place) != DLA_PICTURES_NONE)
    return dla_fail_flat(set->place, err);
  if (set->list.count == 0 && !set->layout.outside)
    return dla_is_table(set->place)
               ? dla_fail(err, DLA_E_INPUT, set->place, "each line is PATH,LABEL",
                          "the table names no pictures")
               : dla_fail(err, DLA_E_INPUT, set->place, layouts, "there are no files in it");
  if (set->classes == 0 && set->list.file_names && set->left_out) return fail_unnamed(set, err);
  if (set->classes == 0) return fail_no_pictures(set, err);
  if (set->list.file_names) return check_count(set, err);
  if (set->classes > 0 && dla_is_part_name(set->class_names[0], strlen(set->class_names[0])) &&
      (set->classes == 1 || dla_layout_is_split(set->class_names, set->classes)))
    return fail_parts(set, err);
  if (dla_layout_is_split(set->class_names, set->classes))
    return fail_unsorted(
        set->place, "the pictures lie in folders as train and test, but in no class's folder", err);
  return check_count(set, err);
}

static dla_status check_tests(const dla_picture_set *set, dla_error *err)
{
  for (size_t i = 0; i < set->list.count; i++) {
    const dla_picture_entry *e = &set->list.entries[i];
    if (e->state == DLA_PICTURE_GOOD && e->label >= 0 && e->side == DLA_SIDE_VAL) return DLA_OK;
  }
  if (set->layout.outside && !set->list.file_names) return dla_fail_flat(set->place, err);
  return dla_fail(err, DLA_E_INPUT, set->place, set->list.file_names ? name_layouts : layouts,
                  "there are no pictures to test with");
}

/* Says why the first of a class's pictures cannot be read. */
static dla_status fail_unread(const dla_picture_set *set, int label, dla_error *err)
{
  static const char format[] = "%s%sof the class %s not one picture can be read to train with";
  const dla_picture_entry *e = set->list.entries, *end = e + set->list.count;
  while (e < end && (e->state != DLA_PICTURE_LEFT_OUT || e->label != label))
    e++;
  if (e == end)
    return dla_fail(err, DLA_E_INPUT, set->place, "give more, or take the class away", format, "",
                    "", set->class_names[label]);
  const dla_picture_reason *why = &set->list.reasons[e->reason];
  dla_strbuf path = {0};
  dla_picture_path(&set->list, e, &path);
  dla_fail(err, DLA_E_INPUT, dla_strbuf_text(&path),
           *why->hint ? why->hint : "mend them, or take the class away", format, why->what, "; ",
           set->class_names[label]);
  dla_strbuf_free(&path);
  return DLA_E_INPUT;
}

dla_status dla_picture_set_check(const dla_picture_set *set, bool strict, bool train,
                                 dla_error *err)
{
  if (strict && set->left_out) TRY(refuse_left_out(set, err));
  if (!train) return check_tests(set, err);
  TRY(check_classes(set, err));
  size_t *count = calloc((size_t)set->classes, sizeof *count), val = 0;
  if (!count) return dla_fail_memory(err, "the classes");
  for (size_t i = 0; i < set->list.count; i++) {
    const dla_picture_entry *e = &set->list.entries[i];
    if (e->state != DLA_PICTURE_GOOD || e->label < 0) continue;
    /* Pictures beyond train_limit count, too. */
    count[e->label] += e->side != DLA_SIDE_VAL;
    val += e->side == DLA_SIDE_VAL;
  }
  dla_status status = DLA_OK;
  for (int c = 0; c < set->classes && !status; c++)
    if (count[c] == 0) status = fail_unread(set, c, err);
  free(count);
  if (status || val > 0) return status;
  return dla_fail(err, DLA_E_INPUT, set->place, "give more pictures, or name them by dataset.val",
                  "there are no pictures to test with: no class has more than one");
}

/* ---- A side ---- */

typedef struct side_context {
  dla_picture_set *set;
  uint32_t *entries; /* indexes of the samples' entries */
} side_context;

static dla_status read_sample(const dla_dataset *dataset, size_t index, dla_reader *reader,
                              dla_room *room, dla_sample *sample, dla_error *err)
{
  const side_context *side = dataset->context;
  const dla_picture_set *set = side->set;
  const uint32_t number = side->entries[index];
  const dla_picture_entry *entry = &set->list.entries[number];
  *sample = (dla_sample){.size = (size_t)entry->size};
  if (set->cache && dla_picture_cache_find(set->cache, number, &sample->pixels)) return DLA_OK;
  TRY(dla_picture_load(&set->list, entry, room, &sample->bytes, &sample->name, err));
  if (!set->cache || !dla_picture_cache_fills(set->cache)) return DLA_OK;
  const uint8_t *bytes = sample->bytes;
  sample->bytes = NULL;
  return dla_picture_cache_fill(set->cache, number, reader, bytes, sample->size, sample->name,
                                &sample->pixels, err);
}

static void release(dla_dataset *dataset)
{
  side_context *side = dataset->context;
  dla_picture_set_close(side->set);
  free(side->entries);
  free(side);
}

const dla_picture_set *dla_dataset_pictures(const dla_dataset *dataset)
{
  return dataset->release == release ? ((const side_context *)dataset->context)->set : NULL;
}

const dla_picture_entry *dla_picture_set_entry(const dla_dataset *dataset, size_t sample)
{
  const side_context *side = dataset->context;
  return &side->set->list.entries[side->entries[sample]];
}

static void collect(const dla_picture_set *set, dla_side side, dla_dataset *dataset,
                    uint32_t *entries)
{
  for (size_t i = 0; i < set->list.count; i++) {
    const dla_picture_entry *e = &set->list.entries[i];
    if (e->side != side || e->state != DLA_PICTURE_GOOD || e->label < 0) continue;
    if (entries) {
      entries[dataset->count] = (uint32_t)i;
      dataset->labels[dataset->count] = e->label;
    }
    dataset->count++;
  }
}

dla_status dla_picture_set_dataset(dla_picture_set *set, dla_side side, dla_dataset **dataset,
                                   dla_error *err)
{
  dla_dataset *d = calloc(1, sizeof *d);
  side_context *context = calloc(1, sizeof *context);
  if (!d || !context) {
    free(d);
    free(context);
    return dla_fail_memory(err, "a data set");
  }
  *d = (dla_dataset){.channels = 3,
                     .classes = set->classes,
                     .read = read_sample,
                     .max_pixels = set->max_pixels,
                     .release = release,
                     .context = context};
  snprintf(d->format, sizeof d->format, "pictures of %d classes", set->classes);
  context->set = set;
  set->users++;
  collect(set, side, d, NULL);
  d->labels = malloc((d->count + 1) * sizeof *d->labels);
  context->entries = malloc((d->count + 1) * sizeof *context->entries);
  d->class_names = dla_names_copy(set->class_names, set->classes);
  if (!d->labels || !context->entries || !d->class_names) {
    dla_dataset_free(d);
    return dla_fail_memory(err, "a data set");
  }
  d->count = 0;
  collect(set, side, d, context->entries);
  *dataset = d;
  return DLA_OK;
}

dla_status dla_picture_set_visit(const dla_picture_set *set, dla_picture_visit *visit,
                                 void *context, dla_error *err)
{
  dla_room room = {0};
  dla_status status = DLA_OK;
  for (size_t i = 0; i < set->list.count && !status; i++) {
    const dla_picture_entry *e = &set->list.entries[i];
    const uint8_t *bytes;
    const char *name;
    if (e->state != DLA_PICTURE_GOOD || e->side == DLA_SIDE_NONE) continue;
    status = dla_picture_load(&set->list, e, &room, &bytes, &name, err);
    if (!status) status = visit(context, e, bytes, (size_t)e->size, err);
  }
  free(room.bytes);
  return status;
}
