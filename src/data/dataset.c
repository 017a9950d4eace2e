#include "dla/dataset.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/try.h"
#include "data/address.h"
#include "data/formats/format.h"
#include "data/pictures/cache.h"
#include "data/pictures/set.h"
#include "data/sources/find.h"
#include "data/split.h"

static dla_status load_split(dla_source *source, dla_part part, size_t limit, dla_split *split,
                             dla_error *err)
{
  const dla_format *format = source->format;
  *split = (dla_split){.limit = limit ? limit : SIZE_MAX,
                       .lowest = INT32_MAX,
                       .file = format->members[0].name,
                       .dataset = calloc(1, sizeof *split->dataset)};
  if (!split->dataset) return dla_fail_memory(err, "the dataset");
  split->dataset->classes = format->classes;
  snprintf(split->dataset->format, sizeof split->dataset->format, "%s", format->title);
  dla_status status = dla_source_check(source, part, err);
  if (status != DLA_OK) return status;
  for (int m = 0; format->members[m].name && !dla_split_is_full(split); m++) {
    if (format->members[m].part != part) continue;
    dla_blob blob;
    status = dla_source_take(source, m, &blob, err);
    if (status == DLA_OK) status = format->add(format, split, &blob, err);
    dla_blob_free(&blob);
    if (status != DLA_OK) return status;
  }
  return dla_split_finish(split, source->place, err);
}

static dla_status read_names(dla_source *source, int member, dla_dataset *dataset, dla_error *err)
{
  dla_blob blob;
  dla_status status = dla_source_take(source, member, &blob, err);
  if (status == DLA_OK)
    status = source->format->read_names(source->format, &blob, &dataset->class_names, err);
  dla_blob_free(&blob);
  return status;
}

/* Class names are useful but not required: they may be missing, but not wrong. */
static dla_status load_names(dla_source *source, dla_dataset *train, dla_dataset *test,
                             dla_error *err)
{
  const dla_format *format = source->format;
  if (!format->read_names) return DLA_OK;
  for (int m = 0; format->members[m].name; m++) {
    if (format->members[m].part != format->names || !dla_source_has(source, m)) continue;
    TRY(read_names(source, m, train, err));
    if (!train->class_names) continue;
    test->class_names = dla_names_copy(train->class_names, format->classes);
    if (!test->class_names) return dla_fail_memory(err, "the names of the classes");
  }
  return DLA_OK;
}

/* Both splits must be of one kind. If the files do not give the number of classes, the split that
 * needs more decides. */
static dla_status match(dla_dataset *train, dla_dataset *test, const dla_source *source,
                        dla_error *err)
{
  if (train->channels != test->channels || train->height != test->height ||
      train->width != test->width)
    return dla_fail(err, DLA_E_INPUT, source->place,
                    dla_dataset_address_by(source->place, source->format->members[0].name),
                    "images to train with are %d x %d x %d, to test with %d x %d x %d",
                    train->channels, train->height, train->width, test->channels, test->height,
                    test->width);
  int classes = train->classes > test->classes ? train->classes : test->classes;
  train->classes = test->classes = classes;
  return DLA_OK;
}

/* EMNIST's letters are numbered from 1. Labels stay unchanged if they are valid as they are: 27
 * classes were asked for, or there is a 0. */
static dla_status count_from_zero(const dla_split *train, const dla_split *test, int64_t wanted,
                                  dla_error *err)
{
  const dla_split *splits[2] = {train, test};
  int classes = train->dataset->classes;
  if (train->lowest < 1 || test->lowest < 1 || classes < 2 || wanted >= classes) return DLA_OK;
  for (int s = 0; s < 2; s++) {
    dla_dataset *d = splits[s]->dataset;
    for (size_t i = 0; i < d->count; i++)
      d->labels[i]--;
    d->classes = classes - 1;
    d->class_names = dla_names_new(d->classes);
    for (int i = 0; d->class_names && i < d->classes; i++) {
      char name[16];
      snprintf(name, sizeof name, "%d", i + 1);
      d->class_names[i] = strdup(name);
      if (!d->class_names[i]) return dla_fail_memory(err, "the names of the classes");
    }
    if (!d->class_names) return dla_fail_memory(err, "the names of the classes");
  }
  return DLA_OK;
}

/* Loads a data set of few files in a known format. */
static dla_status load_known(const char *path, const dla_dataset_options *options,
                             dla_dataset **train, dla_dataset **test, dla_error *err)
{
  dla_source source;
  dla_split first = {0}, second = {0};
  TRY(dla_find_dataset(path, options, &source, err));
  dla_status status = load_split(&source, DLA_PART_TRAIN, options->train_limit, &first, err);
  if (status == DLA_OK)
    status = load_split(&source, DLA_PART_TEST, options->test_limit, &second, err);
  if (status == DLA_OK) status = match(first.dataset, second.dataset, &source, err);
  if (status == DLA_OK && !source.format->classes)
    status = count_from_zero(&first, &second, options->classes, err);
  if (status == DLA_OK) status = load_names(&source, first.dataset, second.dataset, err);
  dla_source_close(&source);
  if (status != DLA_OK) {
    dla_dataset_free(first.dataset);
    dla_dataset_free(second.dataset);
    return status;
  }
  *train = first.dataset;
  *test = second.dataset;
  return DLA_OK;
}

/* Loads both sides of an open set. */
static dla_status take_sides(dla_picture_set *set, const dla_pictures_options *options,
                             dla_dataset **train, dla_dataset **test, dla_error *err)
{
  dla_dataset *first = NULL;
  TRY(dla_picture_set_check(set, options->strict, !options->class_names, err));
  TRY(dla_picture_cache_create(&set->list, set->place, options, &set->cache, err));
  /* An evaluated network is not trained: both splits are the test side. */
  const dla_side side = options->class_names ? DLA_SIDE_VAL : DLA_SIDE_TRAIN;
  TRY(dla_picture_set_dataset(set, side, &first, err));
  dla_status status = dla_picture_set_dataset(set, DLA_SIDE_VAL, test, err);
  if (status)
    dla_dataset_free(first);
  else
    *train = first;
  return status;
}

static dla_status load_pictures(const char *path, const dla_dataset_options *options, bool *other,
                                dla_dataset **train, dla_dataset **test, dla_error *err)
{
  dla_picture_set *set;
  TRY(dla_picture_set_open(path, options, other, &set, err));
  if (*other) return DLA_OK;
  dla_status status = take_sides(set, &options->pictures, train, test, err);
  dla_picture_set_close(set);
  return status;
}

dla_status dla_dataset_load(const char *path, const dla_dataset_options *options,
                            dla_dataset **train, dla_dataset **test, dla_error *err)
{
  const bool two = options->pictures.train && *options->pictures.train;
  const dla_pictures_there there = two ? DLA_PICTURES_ONLY : dla_pictures_at(path);
  const bool names = options->pictures.file_names;
  bool other = true;
  if (names && (there == DLA_PICTURES_FLAT || there == DLA_PICTURES_TOO))
    return load_pictures(path, options, &other, train, test, err);
  if (there == DLA_PICTURES_ONLY || there == DLA_PICTURES_PERHAPS) {
    TRY(load_pictures(path, options, &other, train, test, err));
    if (!other) return DLA_OK;
  }
  if (two)
    return dla_fail(err, DLA_E_INPUT, path, "give data sets of other formats as dataset.path",
                    "there are no pictures in it");
  if (names && access(path, F_OK) == 0) return dla_fail_no_file_names(path, err);
  dla_error why = {0};
  dla_status status = load_known(path, options, train, test, &why);
  if (status == DLA_E_INPUT && there == DLA_PICTURES_TOO)
    return load_pictures(path, options, &other, train, test, err);
  if (status == DLA_E_INPUT && there == DLA_PICTURES_FLAT) return dla_fail_flat(path, err);
  if (status && err) *err = why;
  return status;
}
