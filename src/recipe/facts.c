#include "recipe/facts.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "data/pictures/set.h"

static int by_number(const void *a, const void *b)
{
  const int32_t x = *(const int32_t *)a, y = *(const int32_t *)b;
  return (x > y) - (x < y);
}

static int median(int32_t *numbers, size_t count)
{
  qsort(numbers, count, sizeof *numbers, by_number);
  return count ? numbers[count / 2] : 0;
}

static dla_status measure(const dla_picture_set *set, dla_facts *facts, dla_error *err)
{
  size_t count = 0;
  int32_t *widths = malloc((2 * set->list.count + 1) * sizeof *widths);
  int32_t *heights = widths + set->list.count;
  if (!widths) return dla_fail_memory(err, "the sizes");
  for (size_t i = 0; i < set->list.count; i++) {
    const dla_picture_entry *e = &set->list.entries[i];
    if (e->state != DLA_PICTURE_GOOD || e->side == DLA_SIDE_NONE || e->label < 0) continue;
    widths[count] = e->width;
    heights[count++] = e->height;
  }
  facts->width = median(widths, count);
  facts->height = median(heights, count);
  free(widths);
  return DLA_OK;
}

static dla_status count_classes(const dla_dataset *train, dla_facts *facts, dla_error *err)
{
  size_t *count = calloc((size_t)train->classes + 1, sizeof *count);
  if (!count) return dla_fail_memory(err, "the numbers");
  for (size_t i = 0; i < train->count; i++)
    count[train->labels[i]]++;
  facts->fewest = train->count;
  for (int c = 0; c < train->classes; c++)
    if (count[c] < facts->fewest) facts->fewest = count[c];
  free(count);
  return DLA_OK;
}

static dla_status take(const dla_dataset *train, const dla_dataset *test, dla_facts *facts,
                       dla_error *err)
{
  const dla_picture_set *set = dla_dataset_pictures(train);
  *facts = (dla_facts){.train = train->count,
                       .test = test->count,
                       .classes = train->classes,
                       .channels = train->channels,
                       .width = train->width,
                       .height = train->height};
  snprintf(facts->format, sizeof facts->format, "%s", train->format);
  facts->kind = strncmp(train->format, "IDX", 3) == 0 ? DLA_DATA_IDX : DLA_DATA_CIFAR;
  dla_status status = count_classes(train, facts, err);
  if (status || !set) return status;
  facts->kind = DLA_DATA_PICTURES;
  snprintf(facts->format, sizeof facts->format, "pictures");
  facts->channels = 3;
  facts->made_split = set->made_split;
  facts->file_names = set->list.file_names;
  facts->val_fraction = set->val_fraction;
  facts->left_out = set->left_out;
  return measure(set, facts, err);
}

dla_status dla_facts_find(const char *path, const dla_dataset_options *options, dla_facts *facts,
                          dla_error *err)
{
  dla_dataset *train, *test;
  dla_status status = dla_dataset_load(path, options, &train, &test, err);
  if (status) return status;
  status = take(train, test, facts, err);
  dla_dataset_free(train);
  dla_dataset_free(test);
  return status;
}
